"""One document: its pages with their words, its fields with what was said about them."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from extraction.domain.pages import Box, Span
from extraction.domain.pages import Page as Words
from extraction.models import Document, Project, Role
from extraction.services import storage
from extraction.services.documents import intake, listing
from extraction.services.errors import Conflict, Invalid
from extraction.web.access import project_view

DELETE_WORD = "delete"


@require_GET
@project_view()
def document(request: HttpRequest, project: Project, pk: int) -> HttpResponse:
    found = _find(project, pk, "author", "reviewer", "duplicate_of")
    pages = list(found.pages.all())
    words = [page.as_domain() for page in pages]
    readings = listing.readings(found)
    boxes = _boxes(readings, words)
    context = {
        "document": found,
        "pages": [{"row": page, "boxes": boxes.get(page.number, [])} for page in pages],
        "readings": readings,
        "delete_word": DELETE_WORD,
    }
    return render(request, "documents/document.html", context)


@require_GET
@project_view()
def words(request: HttpRequest, project: Project, pk: int, number: int) -> HttpResponse:
    """The boxes of a page's words, fetched when somebody wants to see them."""
    page = get_object_or_404(_find(project, pk).pages, number=number)
    return render(request, "documents/_words.html", {"words": page.as_domain().words})


@require_POST
@project_view(Role.REVIEWER)
def reread(request: HttpRequest, project: Project, pk: int) -> HttpResponse:
    """Try a document again that could not be read: loading known content does that."""
    found = _find(project, pk)
    if found.state != Document.State.FAILED:
        raise Conflict("Only a document that could not be read is read again.")
    try:
        intake.add_document(project, found.name, storage.path(found.original))
    except FileNotFoundError:
        raise Conflict("The file of this document is no longer in the data folder.") from None
    messages.success(request, f"{found.name} is read once more.")
    return redirect("document", project.slug, pk)


@require_POST
@project_view(Role.OWNER)
def delete(request: HttpRequest, project: Project, pk: int) -> HttpResponse:
    found = _find(project, pk)
    if request.POST.get("confirmation", "").strip() != DELETE_WORD:
        raise Invalid(f"Nothing was deleted: type {DELETE_WORD} to confirm.")
    intake.delete(found)
    messages.success(request, f"{found.name} is deleted with its files and labels.")
    return redirect("documents", project.slug)


def _find(project: Project, pk: int, *related: str) -> Document:
    rows = project.documents.select_related("project__schema_version", *related)
    return get_object_or_404(rows, pk=pk)


def _boxes(readings: list[listing.Reading], pages: list[Words]) -> dict[int, list[dict[str, Any]]]:
    """Where the current values stand, by page number, in thousandths of the page."""
    found: dict[int, list[dict[str, Any]]] = {}
    for reading in readings:
        value = reading.best.as_domain() if reading.best and reading.best.value else None
        # A document that was read again may have fewer words than a label stood on.
        if value is None or any(not _there(span, pages) for span in value.spans):
            continue
        for box in value.boxes(pages):
            found.setdefault(box.page, []).append({"field": reading.field, **_rectangle(box.box)})
    return found


def _there(span: Span, pages: list[Words]) -> bool:
    return span.page < len(pages) and span.last < len(pages[span.page].words)


def _rectangle(box: Box) -> dict[str, str]:
    x, y = 1000 * box.x0, 1000 * box.y0
    sizes = {"x": x, "y": y, "width": 1000 * box.x1 - x, "height": 1000 * box.y1 - y}
    return {name: f"{size:.1f}" for name, size in sizes.items()}
