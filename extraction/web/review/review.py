"""The page on which reviewers work through labels, and the small requests that its script makes.

The script reads and writes JSON; a document's sheet is an HTML fragment that fits into the page (`?part=sheet`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, cast

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from extraction.domain.pages import Span
from extraction.models import Document, Label, Project, Role
from extraction.services.errors import Conflict, Invalid
from extraction.services.review import actions, queue
from extraction.services.review import sheet as review_sheet
from extraction.services.review.sheet import FieldSheet, Place, Sheet, speaker
from extraction.web.access import ProjectRequest, project_view

MOST_LEFT_OUT = 50


@require_GET
@project_view(Role.REVIEWER)
def start(request: HttpRequest, project: Project) -> HttpResponseBase:
    """The first document of the queue; an empty queue says what to do next."""
    if document := queue.first(project):
        return redirect("review_document", project.slug, document.pk)
    found = {"tally": queue.tally(project), "by_hand": queue.first_unlabelled(project)}
    return render(request, "review/done.html", found)


@require_GET
@project_view(Role.REVIEWER)
def document(request: HttpRequest, project: Project, pk: int) -> HttpResponseBase:
    """A document's sheet, in the page or alone."""
    found = _document(project, pk)
    if found.state != Document.State.READY:
        raise Conflict(f"{found.name} is not read yet, so there is nothing to review.")
    return _sheet(request, found)


@require_GET
@project_view(Role.REVIEWER)
def upcoming(request: HttpRequest, project: Project) -> HttpResponseBase:
    """The sheet of the queue's head, leaving out what the page has at hand (`?without=1,2`); 204 at the end."""
    left_out = request.GET.get("without", "").split(",")[:MOST_LEFT_OUT]
    found = queue.first(project, without=[int(pk) for pk in left_out if pk.isdecimal()])
    if found is None:
        return HttpResponse(status=204)
    found.project = project
    return _sheet(request, found)


@require_GET
@project_view(Role.REVIEWER)
def beside(request: HttpRequest, project: Project, pk: int, way: str) -> HttpResponseBase:
    """The sheet of the waiting document before or after this one; 204 where there is none."""
    step = queue.after if way == "next" else queue.before
    found = step(_document(project, pk))
    if found is None:
        return HttpResponse(status=204)
    found.project = project
    return _sheet(request, found)


@require_GET
@project_view(Role.REVIEWER)
def find(request: HttpRequest, project: Project, pk: int) -> HttpResponseBase:
    """Where a text that is being typed stands on the document."""
    found = _document(project, pk)
    return JsonResponse(_place(review_sheet.find(found, _field(found, request.GET), request.GET.get("text", ""))))


@require_POST
@project_view(Role.REVIEWER)
def save(request: HttpRequest, project: Project, pk: int) -> HttpResponseBase:
    """Body: `{"field", "value": text or null, "spans": rows or null, "known", "unlocked"}`."""
    found, body = _document(project, pk), _body(request)
    field, value = _field(found, body), body.get("value")
    if value is not None and not isinstance(value, str):
        raise Invalid("A value must be a text or null.")
    try:
        written = actions.save(
            found,
            field,
            value,
            known=_number(body, "known"),
            actor=cast(ProjectRequest, request).user,
            spans=_spans(body.get("spans")),
            unlocked=body.get("unlocked") is True,
        )
    except actions.Overwriting as error:
        return _overwriting(request, error)
    return JsonResponse({"label": written.pk, **_field_answer(request, found, field)})


@require_POST
@project_view(Role.REVIEWER)
def accept(request: HttpRequest, project: Project, pk: int) -> HttpResponseBase:
    """Body: `{"shown": {field: primary key of its label, 0 for none}}`; answers with the rows written."""
    shown = _body(request).get("shown")
    if not isinstance(shown, dict) or not all(isinstance(label, int) for label in shown.values()):
        raise Invalid("What was shown must be an object of whole numbers.")
    try:
        written = actions.accept(_document(project, pk), shown, actor=cast(ProjectRequest, request).user)
    except actions.Overwriting as error:
        return _overwriting(request, error)
    return JsonResponse({"written": [{"field": label.field, "label": label.pk} for label in written]})


@require_POST
@project_view(Role.REVIEWER)
def reject(request: HttpRequest, project: Project, pk: int) -> HttpResponseBase:
    """Body: `{"reason": text}`."""
    reason = _body(request).get("reason", "")
    actions.reject(_document(project, pk), actor=cast(ProjectRequest, request).user, reason=str(reason))
    return JsonResponse({})


@require_POST
@project_view(Role.REVIEWER)
def skip(request: HttpRequest, project: Project, pk: int) -> HttpResponseBase:
    actions.skip(_document(project, pk))
    return JsonResponse({})


@require_POST
@project_view(Role.REVIEWER)
def reopen(request: HttpRequest, project: Project, pk: int) -> HttpResponseBase:
    actions.reopen(_document(project, pk))
    return JsonResponse({})


@require_POST
@project_view(Role.REVIEWER)
def undo(request: HttpRequest, project: Project, pk: int) -> HttpResponseBase:
    """Body: `{"what": "field" | "accept" | "reject" | "skip", "changes": [{"field", "label", "known"}]}`."""
    found, body = _document(project, pk), _body(request)
    rows = body.get("changes", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Invalid("The changes must be a list of objects.")
    changes = [actions.Change(_field(found, row), _number(row, "label"), _number(row, "known")) for row in rows]
    if body.get("what") in ("accept", "reject"):
        actions.reopen(found)
    elif body.get("what") == "skip":
        actions.unskip(found)
    try:
        actions.undo(found, changes, actor=cast(ProjectRequest, request).user)
    except actions.Overwriting as error:
        return _overwriting(request, error)
    return JsonResponse({})


def _document(project: Project, pk: int) -> Document:
    found = get_object_or_404(Document.objects.select_related("reviewer"), project=project, pk=pk)
    found.project = project
    return found


def _sheet(request: HttpRequest, found: Document) -> HttpResponse:
    sheet = review_sheet.sheet(found)
    context = {"sheet": sheet, "data": _sheet_data(sheet)}
    if request.GET.get("part") == "sheet":
        return render(request, "review/_sheet.html", context)
    return render(request, "review/review.html", context)


def _sheet_data(sheet: Sheet) -> dict[str, Any]:
    """What the script needs to draw the pages and the places of the fields."""
    slug, pk = sheet.document.project.slug, sheet.document.pk
    pages = [
        {
            "image": reverse("page_image", args=[slug, pk, page.number]),
            "width": page.width,
            "height": page.height,
            "words": [row[:5] for row in page.words],
        }
        for page in sheet.pages
    ]
    return {"pages": pages, "fields": {field.field.name: _field_data(field) for field in sheet.fields}}


def _field_data(field: FieldSheet) -> dict[str, Any]:
    """A field's state for the script: `value` is null both for nothing said and for not on the document."""
    return {
        "title": field.field.title,
        "value": field.label.value if field.label else None,
        "absent": field.absent,
        "label": field.label.pk if field.label else 0,
        "known": field.known,
        "confirmed": field.confirmed,
        "missing": field.missing,
        "typed": field.field.kind.typed,
        "truth": field.is_truth,
        **_place(field.place),
    }


def _place(place: Place) -> dict[str, Any]:
    return {"spans": place.spans, "boxes": place.boxes}


def _field_answer(request: HttpRequest, found: Document, name: str) -> dict[str, Any]:
    """One field as it stands now, and its lines in the page."""
    field = review_sheet.field_sheet(found, name)
    meta = render_to_string("review/_meta.html", {"field": field}, request)
    return {"field": _field_data(field), "meta": meta}


def _overwriting(request: HttpRequest, error: actions.Overwriting) -> JsonResponse:
    theirs: Label = error.theirs
    conflict = {
        "field": theirs.field,
        "value": theirs.value,
        "withdrawn": theirs.withdrawn,
        "who": speaker(theirs),
        "mine": theirs.author_id == request.user.pk,
        "when": f"{theirs.created:%Y-%m-%d %H:%M} UTC",
        "known": theirs.pk,
    }
    return JsonResponse({"error": str(error), "conflict": conflict}, status=409)


def _body(request: HttpRequest) -> dict[str, Any]:
    try:
        body = json.loads(request.body or b"{}")
    except ValueError:
        raise Invalid("The request is not valid JSON.") from None
    if not isinstance(body, dict):
        raise Invalid("The request must be a JSON object.")
    return body


def _field(found: Document, values: Mapping[str, Any]) -> str:
    name = values.get("field")
    if not isinstance(name, str) or name not in found.project.schema:
        raise Invalid("There is no such field.")
    return name


def _number(values: Mapping[str, Any], key: str) -> int:
    value = values.get(key, 0)
    if not isinstance(value, int):
        raise Invalid(f"{key!r} must be a whole number.")
    return value


def _spans(rows: object) -> list[Span] | None:
    """The words that were chosen; `None`: whatever words the value stands on."""
    if rows is None:
        return None
    if not isinstance(rows, list) or not all(_is_span(row) for row in rows):
        raise Invalid("The chosen words must be rows of whole numbers.")
    return [Span.from_json(row) for row in rows]


def _is_span(row: object) -> bool:
    if not isinstance(row, list) or len(row) != 5:
        return False
    *numbers, end = row
    return all(type(number) is int and number >= 0 for number in numbers) and (end is None or type(end) is int)
