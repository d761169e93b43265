"""Every page. One URL, one view, one template."""

from django.urls import URLPattern, path

from extraction.web import jobs, login, projects

urlpatterns: list[URLPattern] = [
    path("login/", login.login, name="login"),
    path("logout/", login.logout, name="logout"),
    path("", projects.listing, name="projects"),
    path("projects/<slug:slug>/", projects.overview, name="project"),
    path("projects/<slug:slug>/jobs/<int:pk>/", jobs.job, name="job"),
    path("projects/<slug:slug>/jobs/<int:pk>/cancel/", jobs.cancel, name="job_cancel"),
]
