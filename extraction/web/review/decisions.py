"""What reviewers change, by small JSON requests of the review page's script: values, decisions, and their undoing."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_POST

from extraction.models import Document, Label, Project, Role, User
from extraction.services.review import actions, reservations
from extraction.services.review.conflicts import Overwriting
from extraction.services.review.sheet import field_sheet
from extraction.web.access import ProjectRequest, project_view
from extraction.web.review.requests import Accept, Save, Undo, Undone, document_of, rejection_reason
from extraction.web.review.script_data import Confirmations, ConflictAnswer, FieldData, SavedField


@require_POST
@project_view(Role.REVIEWER)
def save(request: HttpRequest, project: Project, pk: int) -> HttpResponseBase:
    """Body: `requests.Save`; answers with the field as it is now, or 409 with the other person's value."""
    row = document_of(project, pk)
    change = Save.of(request, row)
    try:
        written = actions.save(
            row,
            change.field,
            change.value,
            known=change.known,
            actor=_user(request),
            spans=change.spans,
            unlocked=change.unlocked,
            reading=change.reading,
            base=change.base,
        )
    except Overwriting as error:
        return _conflict(request, error)
    reservations.reserve(row, _user(request))
    return JsonResponse(_saved(request, row, change.field, written).to_json())


@require_POST
@project_view(Role.REVIEWER)
def accept(request: HttpRequest, project: Project, pk: int) -> HttpResponseBase:
    """Body: `requests.Accept`; answers with the rows written, or 409 with the other person's value."""
    shown = Accept.of(request).shown
    try:
        written = actions.accept(document_of(project, pk), shown, actor=_user(request))
    except Overwriting as error:
        return _conflict(request, error)
    return JsonResponse(Confirmations(tuple(written)).to_json())


@require_POST
@project_view(Role.REVIEWER)
def reject(request: HttpRequest, project: Project, pk: int) -> HttpResponseBase:
    """Body: `{"reason": text}`."""
    reason = rejection_reason(request)
    actions.reject(document_of(project, pk), actor=_user(request), reason=reason)
    return JsonResponse({})


@require_POST
@project_view(Role.REVIEWER)
def skip(request: HttpRequest, project: Project, pk: int) -> HttpResponseBase:
    actions.skip(document_of(project, pk), actor=_user(request))
    return JsonResponse({})


@require_POST
@project_view(Role.REVIEWER)
def reopen(request: HttpRequest, project: Project, pk: int) -> HttpResponseBase:
    actions.reopen(document_of(project, pk))
    return JsonResponse({})


@require_POST
@project_view(Role.REVIEWER)
def undo(request: HttpRequest, project: Project, pk: int) -> HttpResponseBase:
    """Body: `requests.Undo`; answers 409 with the other person's value where it cannot be undone."""
    row = document_of(project, pk)
    undone = Undo.of(request, row)
    if undone.what in (Undone.ACCEPT, Undone.REJECT):
        actions.reopen(row)
    elif undone.what is Undone.SKIP:
        actions.unskip(row)
    try:
        actions.undo(row, undone.changes, actor=_user(request))
    except Overwriting as error:
        return _conflict(request, error)
    return JsonResponse({})


def _user(request: HttpRequest) -> User:
    return cast(ProjectRequest, request).user


def _saved(request: HttpRequest, row: Document, name: str, written: Label) -> SavedField:
    field = field_sheet(row, name)
    meta = render_to_string("review/_meta.html", {"field": field}, request)
    return SavedField(written.pk, FieldData.of(field), meta)


def _conflict(request: HttpRequest, error: Overwriting) -> JsonResponse:
    answer = ConflictAnswer.of(error, _user(request))
    return JsonResponse(answer.to_json(), status=409)
