from django.urls import include, path

urlpatterns = [path("", include("extraction.web.urls"))]
