"""The page of one extraction."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from extraction.models import Project
from extraction.services.serving.answers.shown import show
from extraction.web.access import ProjectRequest, project_view


@require_safe
@project_view()
def page(request: ProjectRequest, project: Project, pk: int) -> HttpResponse:
    """What a program was answered about a file: by whom, how surely, for how much."""
    return render(request, "serving/extraction.html", {"shown": show(project, pk)})
