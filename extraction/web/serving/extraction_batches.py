"""Extraction batches: the list with its upload, one batch with progress and answers, cancel, delete."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from extraction.models import ExtractionBatch, Project, Role
from extraction.services.documents.intake import Refused
from extraction.services.errors import Conflict, Invalid
from extraction.services.privacy import settings as retention
from extraction.services.reports.export.registry import ANSWER_EXPORTERS
from extraction.services.sentences import translated
from extraction.services.serving import registry
from extraction.services.serving.batches import batches, manifests
from extraction.services.serving.batches.manifests import Manifest
from extraction.services.serving.slots import Busy
from extraction.web.access import ProjectRequest, project_view
from extraction.web.downloads import downloads

# Batches of the list, and files of a batch that its page shows; all are in the download.
LISTED, FILES = 50, 100


@require_http_methods(["GET", "HEAD", "POST"])
@project_view(post=Role.REVIEWER)
def listing(request: ProjectRequest, project: Project) -> HttpResponse:
    """The newest batches, and the upload of another one."""
    if request.method != "POST":
        return _listing(request, project)
    files: list[batches.NamedFile | Manifest] = [
        *((file.name or "file", file) for file in request.FILES.getlist("files")),
        *(Manifest(file.name or "manifest", file) for file in request.FILES.getlist("manifest")),
    ]
    try:
        row = batches.start(project, files, author=request.user)
    except (Invalid, Conflict, Busy, Refused) as refusal:
        return _listing(request, project, translated(refusal), 400)
    return redirect("extraction_batch", project.slug, row.pk)


def _listing(request: ProjectRequest, project: Project, error: str = "", status: int = 200) -> HttpResponse:
    context = {
        "batches": batches.of_project(project).defer("uploads")[:LISTED],
        "listed": LISTED,
        "days": retention.answer_days(retention.of(project)),
        "model": registry.serving(project),
        "prefix": manifests.prefix(project) if manifests.offered() else "",
        "keys": manifests.KEYS,
        "error": error,
    }
    return render(request, "serving/batches/listing.html", context, status=status)


@require_safe
@project_view()
def batch(request: ProjectRequest, project: Project, pk: int) -> HttpResponse:
    """One batch: its progress, and its files, those without an answer first."""
    row = _find(project, pk)
    # `failed` comes after `done` by the alphabet.
    files = row.extractions.defer("fields", "student", "teacher").order_by("-state", "position")
    context = {
        "row": row,
        "files": files[:FILES],
        "exports": downloads(ANSWER_EXPORTERS, "answers_export", project.slug),
        "more": max(0, row.answered + row.refused - FILES),
        "waiting": row.total - row.answered - row.refused,
    }
    name = "serving/batches/batch.html"
    return render(request, f"{name}#live" if request.htmx else name, context)


@require_POST
@project_view(Role.REVIEWER)
def cancel(request: ProjectRequest, project: Project, pk: int) -> HttpResponse:
    batches.cancel(_find(project, pk))
    return redirect("extraction_batch", project.slug, pk)


@require_POST
@project_view(Role.REVIEWER)
def go_on(request: ProjectRequest, project: Project, pk: int) -> HttpResponse:
    batches.go_on(_find(project, pk))
    return redirect("extraction_batch", project.slug, pk)


@require_POST
@project_view(Role.REVIEWER)
def delete(request: ProjectRequest, project: Project, pk: int) -> HttpResponse:
    row = _find(project, pk)
    batches.delete(row)
    messages.success(request, gettext("The batch %(name)s is deleted with its answers.") % {"name": row.name})
    return redirect("extraction_batches", project.slug)


def _find(project: Project, pk: int) -> ExtractionBatch:
    return get_object_or_404(batches.of_project(project), pk=pk)
