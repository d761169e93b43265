"""The review page: sheets of documents, in the page or alone as HTML fragments for its script (`?part=sheet`)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from extraction.models import Document, Project, Role
from extraction.services.errors import Conflict
from extraction.services.review import queue
from extraction.services.review import sheet as review_sheet
from extraction.web.access import project_view
from extraction.web.numbers import whole
from extraction.web.review.requests import document_of, field_name
from extraction.web.review.script_data import SheetData

# Documents that `upcoming` leaves out at most.
MOST_LEFT_OUT = 50


@require_GET
@project_view(Role.REVIEWER)
def start(request: HttpRequest, project: Project) -> HttpResponseBase:
    """The first document of the queue, or for an empty queue the next step."""
    if document := queue.first(project):
        return redirect("review_document", project.slug, document.pk)
    context = {"tally": queue.tally(project), "by_hand": queue.first_unlabelled(project)}
    return render(request, "review/done.html", context)


@require_GET
@project_view(Role.REVIEWER)
def document(request: HttpRequest, project: Project, pk: int) -> HttpResponseBase:
    """A document's sheet, in the page or alone."""
    row = document_of(project, pk)
    if row.state != Document.State.READY:
        raise Conflict(f"{row.name} is not read yet, so there is nothing to review.")
    return _sheet(request, row)


@require_GET
@project_view(Role.REVIEWER)
def upcoming(request: HttpRequest, project: Project) -> HttpResponseBase:
    """The sheet of the queue's head, leaving out what the page has loaded (`?without=1,2`); 204 at the end."""
    left_out = request.GET.get("without", "").split(",")[:MOST_LEFT_OUT]
    without = [number for pk in left_out if (number := whole(pk)) is not None]
    return _sheet_or_nothing(request, project, queue.first(project, without=without))


@require_GET
@project_view(Role.REVIEWER)
def beside(request: HttpRequest, project: Project, pk: int, way: str) -> HttpResponseBase:
    """The sheet of the waiting document before or after this one; 204 where there is none."""
    step = queue.after if way == "next" else queue.before
    return _sheet_or_nothing(request, project, step(document_of(project, pk)))


@require_GET
@project_view(Role.REVIEWER)
def find(request: HttpRequest, project: Project, pk: int) -> HttpResponseBase:
    """The place of a text that is being typed (`?field=…&text=…`), as JSON."""
    row = document_of(project, pk)
    place = review_sheet.find(row, field_name(row, request.GET.get("field")), request.GET.get("text", ""))
    return JsonResponse(place.to_json())


def _sheet_or_nothing(request: HttpRequest, project: Project, row: Document | None) -> HttpResponse:
    if row is None:
        return HttpResponse(status=204)
    row.project = project
    return _sheet(request, row)


def _sheet(request: HttpRequest, row: Document) -> HttpResponse:
    sheet = review_sheet.sheet(row)
    template = "review/_sheet.html" if request.GET.get("part") == "sheet" else "review/review.html"
    return render(request, template, {"sheet": sheet, "data": SheetData.of(sheet).to_json()})
