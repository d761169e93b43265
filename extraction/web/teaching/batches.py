"""Batches of a label run: their files, answers that a person brings, and what else can be done about them."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from extraction.models import LabelRun, Project, Role
from extraction.services import errors
from extraction.services.sentences import translated
from extraction.services.teaching.batches import importing, runs, summaries
from extraction.web.access import ProjectRequest, project_view
from extraction.web.teaching import label_run


def _run(project: Project, pk: int) -> LabelRun:
    rows = project.label_runs.select_related("job", "project", "schema_version", "prompt_version", "author")
    return get_object_or_404(rows, pk=pk)


@require_safe
@project_view(Role.OWNER)
def download(request: ProjectRequest, project: Project, run: int, number: int) -> FileResponse:
    """A file to hand in; it holds the pictures of documents."""
    row = _run(project, run)
    path, name = summaries.file_of(row, number)
    summaries.record_download(row, number)
    return FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type="application/octet-stream")


@require_POST
@project_view(Role.OWNER)
def bring(request: ProjectRequest, project: Project, run: int) -> HttpResponse:
    """Take a file of answers."""
    row, file = _run(project, run), request.FILES.get("file")
    if file is None:
        return label_run.shown(request, row, gettext("Choose the file of answers."))
    try:
        imported, _ = importing.take(row, file)
    except errors.Invalid as error:
        return label_run.shown(request, row, translated(error))
    messages.success(request, imported.sentence)
    return redirect("label_run", project.slug, row.pk)


@require_POST
@project_view(Role.OWNER)
def check(request: ProjectRequest, project: Project, run: int) -> HttpResponse:
    runs.check_now(_run(project, run))
    messages.success(request, gettext("The provider is asked as soon as a worker is free."))
    return redirect("label_run", project.slug, run)


@require_POST
@project_view(Role.OWNER)
def give_up(request: ProjectRequest, project: Project, run: int) -> HttpResponse:
    runs.give_up(_run(project, run))
    messages.success(request, gettext("No more answers are expected; another run may ask for these documents."))
    return redirect("label_run", project.slug, run)
