from django.urls import include, path

from extraction.web.operation.administration import site

urlpatterns = [
    path("admin/", site.urls),
    path("api/v1/", include("extraction.api.urls")),
    path("", include("extraction.web.urls")),
]

handler500 = "extraction.web.operation.errors.server_error"
