"""Every page. One URL, one view, one template."""

from django.urls import URLPattern, path

from extraction.web import login, projects

urlpatterns: list[URLPattern] = [
    path("login/", login.login, name="login"),
    path("logout/", login.logout, name="logout"),
    path("", projects.listing, name="projects"),
    path("projects/<slug:slug>/", projects.overview, name="project"),
]
