"""The review page: sheets of documents, in the page or alone as HTML fragments for its script (`?part=sheet`).

The filter of the queue stands in the query of every address: `?field=…&reason=…&vendor=…&mine=on`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from extraction.domain.errors import gettext_noop
from extraction.models import Document, Project, Role, User, as_domain_pages
from extraction.services.errors import Conflict
from extraction.services.projects import next_step, summaries
from extraction.services.projects.next_step import Step
from extraction.services.review import messages, queue, reservations, student_readings
from extraction.services.review import sheet as review_sheet
from extraction.services.review.filters import Filter
from extraction.services.review.reasons import ReasonCode
from extraction.services.review.sheet import Sheet
from extraction.web.access import ProjectRequest, project_view
from extraction.web.numbers import whole
from extraction.web.review.requests import document_of, field_name
from extraction.web.review.script_data import SheetData

# Documents that `upcoming` leaves out at most.
MOST_LEFT_OUT = 50


@require_GET
@project_view(Role.REVIEWER)
def start(request: HttpRequest, project: Project) -> HttpResponseBase:
    """The first document of the queue, or for an empty queue the next step."""
    user, chosen = _user(request), filter_of(request, project)
    if document := queue.take(project, user, chosen):
        return redirect(with_filter(reverse("review_document", args=[project.slug, document.pk]), chosen))
    context = {
        "tally": queue.tally(project, user),
        "unfinished": _unfinished(request, project),
        "by_hand": queue.first_unlabelled(project),
        "chosen": chosen,
        "hits": queue.hits(project, chosen),
        "filter_reasons": messages.FILTER_REASONS.items(),
        "contradictions": student_readings.latest(project),
    }
    return render(request, "review/done.html", context)


def _unfinished(request: HttpRequest, project: Project) -> Step | None:
    """What is left to label, for the end of the queue; `None` where every field of every document has a label."""
    access = cast(ProjectRequest, request).access
    summary = summaries.standing_of(project, access.roles)
    return next_step.labels_step(summary, access.roles) if summary.lacking or summary.labelling else None


@require_GET
@project_view(Role.REVIEWER)
def document(request: HttpRequest, project: Project, pk: int) -> HttpResponseBase:
    """A document's sheet, in the page or alone; reserves it unless somebody else has it open."""
    row = document_of(project, pk)
    if row.state != Document.State.READY:
        raise Conflict(gettext_noop("{document} is not read yet, so there is nothing to review."), document=row.name)
    reservations.reserve(row, _user(request))
    return _sheet(request, row)


@require_GET
@project_view(Role.REVIEWER)
def upcoming(request: HttpRequest, project: Project) -> HttpResponseBase:
    """The sheet that comes next, leaving out what the page has loaded (`?without=1,2`); 204 at the end.

    It is loaded ahead, or with `?now=1` opened, as the page has nothing else to show. Without a filter it is the
    queue's head. With one it is the next hit after `?after=…`: a document may match also after its decision, and would
    come again.
    """
    user, chosen = _user(request), filter_of(request, project)
    left_out = request.GET.get("without", "").split(",")[:MOST_LEFT_OUT]
    without = [number for pk in left_out if (number := whole(pk)) is not None]
    last, ahead = whole(request.GET.get("after", "")), "now" not in request.GET
    if chosen.active and last is not None:
        row = get_object_or_404(Document, project=project, pk=last)
        row.project = project
        return _sheet_or_nothing(request, project, queue.take_after(row, user, chosen, without=without, ahead=ahead))
    return _sheet_or_nothing(request, project, queue.take(project, user, chosen, without=without, ahead=ahead))


@require_GET
@project_view(Role.REVIEWER)
def beside(request: HttpRequest, project: Project, pk: int, way: str) -> HttpResponseBase:
    """The sheet of the waiting document before or after this one; 204 where there is none."""
    step = queue.take_after if way == "next" else queue.take_before
    chosen = filter_of(request, project)
    return _sheet_or_nothing(request, project, step(document_of(project, pk), _user(request), chosen))


@require_GET
@project_view(Role.REVIEWER)
def find(request: HttpRequest, project: Project, pk: int) -> HttpResponseBase:
    """The place of a text that is being typed (`?field=…&text=…`), as JSON."""
    row = document_of(project, pk)
    place = review_sheet.find(row, field_name(row, request.GET.get("field")), request.GET.get("text", ""))
    return JsonResponse(place.to_json())


def filter_of(request: HttpRequest, project: Project) -> Filter:
    """The filter in the query; what it does not know is left out, so that an old address still opens."""
    field, reason = request.GET.get("field", ""), request.GET.get("reason", "")
    return Filter(
        field=field if field in project.schema else "",
        reason=ReasonCode(reason) if reason in list(ReasonCode) else None,
        vendor=" ".join(request.GET.get("vendor", "").replace("\x00", " ").split())[:200],
        assignee=_user(request) if request.GET.get("mine") else None,
    )


def with_filter(url: str, chosen: Filter) -> str:
    """The address, with the filter in its query."""
    values = {
        "field": chosen.field,
        "reason": chosen.reason or "",
        "vendor": chosen.vendor,
        "mine": "on" if chosen.assignee else "",
    }
    query = urlencode({name: value for name, value in values.items() if value})
    return f"{url}?{query}" if query else url


def _user(request: HttpRequest) -> User:
    return cast(ProjectRequest, request).user


def _sheet_or_nothing(request: HttpRequest, project: Project, row: Document | None) -> HttpResponse:
    if row is None:
        return HttpResponse(status=204)
    row.project = project
    return _sheet(request, row)


def _sheet(request: HttpRequest, row: Document) -> HttpResponse:
    chosen = filter_of(request, row.project)
    sheet = review_sheet.sheet(row, _user(request), chosen)
    template = "review/_sheet.html" if request.GET.get("part") == "sheet" else "review/review.html"
    context = {
        "sheet": sheet,
        "data": SheetData.of(sheet).to_json(),
        "chosen": chosen,
        "hits": sheet.hits,
        "tables": any(field.field.kind.has_parts for field in sheet.fields),
        "filter_reasons": messages.FILTER_REASONS.items(),
        **_students(request, sheet),
    }
    return render(request, template, context)


def _students(request: HttpRequest, sheet: Sheet) -> Mapping[str, object]:
    """What a student read where it contradicts labels, for whoever comes from its run (`?run=…`); else where to find
    such labels, which the page alone says, so that the sheets that follow take no longer."""
    project, run = sheet.document.project, whole(request.GET.get("run", ""))
    if run is not None:
        return {"readings": student_readings.of_run(project, run, sheet.document, as_domain_pages(sheet.pages))}
    return {} if "part" in request.GET else {"contradictions": student_readings.latest(project)}
