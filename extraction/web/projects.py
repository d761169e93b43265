"""The list of projects and a project's overview."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from extraction.models import Project
from extraction.web.access import answers, project_view


@answers
def listing(request: HttpRequest) -> HttpResponse:
    return render(request, "projects.html", {"projects": Project.objects.all()})


@project_view()
def overview(request: HttpRequest, project: Project) -> HttpResponse:
    return render(request, "project.html")
