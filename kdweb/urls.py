from django.urls import include, path

urlpatterns = [
    path("api/v1/", include("extraction.api.urls")),
    path("", include("extraction.web.urls")),
]
