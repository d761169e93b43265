"""Requests of the review page's script, checked: each raises `Invalid` for a body of another form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from extraction.domain.errors import gettext_noop
from extraction.domain.notation import texts
from extraction.domain.pages import Span
from extraction.models import Document, Project, Question
from extraction.services.errors import Invalid
from extraction.services.review import values
from extraction.services.review.actions import Change
from extraction.services.review.questions.answering import Correction
from extraction.services.review.questions.messages import NO_ANSWER

# Bytes of a request, as many as the web takes of a form: a table is sent as a whole.
LONGEST = 2 * 2**20


@dataclass(frozen=True, slots=True)
class Save:
    """`{"field", "value": text or null, "spans": rows or null, "known", "unlocked", "reading", "base"}`.

    `value` null: the field is not on the document. `spans` null: the value is located on the pages.
    `reading`: the meaning that was chosen for a value with several, in the field's format; null or left out otherwise.
    `base`: what a change of rows began with, the primary key of a label or its text; null or left out otherwise.
    """

    field: str
    value: str | None
    spans: tuple[Span, ...] | None
    known: int
    unlocked: bool
    reading: str | None
    base: int | str | None

    @classmethod
    def of(cls, request: HttpRequest, row: Document) -> Save:
        body = _body(request)
        field, value = field_name(row, body.get("field")), body.get("value")
        if value is not None and not isinstance(value, str):
            raise Invalid(gettext_noop("A value must be a text or null."))
        if type(base := body.get("base")) not in (int, str, type(None)):
            raise Invalid(gettext_noop("What a change began with must be a whole number or a text."))
        known = _number(body, "known")
        return cls(field, value, _spans(body.get("spans")), known, body.get("unlocked") is True, _reading(body), base)


@dataclass(frozen=True, slots=True)
class Accept:
    """`{"shown": {field: primary key of its label, 0 for none}}`."""

    shown: Mapping[str, int]

    @classmethod
    def of(cls, request: HttpRequest) -> Accept:
        shown = _body(request).get("shown")
        if not isinstance(shown, dict) or not all(isinstance(label, int) for label in shown.values()):
            raise Invalid(gettext_noop("What was shown must be an object of whole numbers."))
        return cls(shown)


@dataclass(frozen=True, slots=True)
class Answered:
    """`{"answer": "yes", "no" or "unknown", "value": text or null, "spans": rows or null, "reading": text or null}`.

    Only a no that corrects has a `value`; null: the field is not on the document. `reading` as of `Save`.
    """

    answer: Question.Answer
    correction: Correction | None

    @classmethod
    def of(cls, request: HttpRequest) -> Answered:
        body = _body(request)
        said, value = body.get("answer"), body.get("value")
        if said not in Question.Answer.values:
            raise Invalid(NO_ANSWER)
        if value is not None and not isinstance(value, str):
            raise Invalid(gettext_noop("A value must be a text or null."))
        correction = Correction(value, _spans(body.get("spans")), _reading(body)) if "value" in body else None
        return cls(Question.Answer(said), correction)


class Undone(StrEnum):
    """The action that is undone."""

    FIELD = "field"
    ACCEPT = "accept"
    REJECT = "reject"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Undo:
    """`{"what": an Undone, "changes": [{"field", "label", "known", "last"}]}`."""

    what: Undone
    changes: tuple[Change, ...]

    @classmethod
    def of(cls, request: HttpRequest, row: Document) -> Undo:
        body = _body(request)
        what, changes = body.get("what"), body.get("changes", [])
        if not isinstance(changes, list) or not all(isinstance(change, dict) for change in changes):
            raise Invalid(gettext_noop("The changes must be a list of objects."))
        return cls(
            Undone(what) if what in list(Undone) else Undone.FIELD,
            tuple(_change(row, change) for change in changes),
        )


def _change(row: Document, change: Mapping[str, object]) -> Change:
    label, known, last = (_number(change, key) for key in ("label", "known", "last"))
    return Change(field_name(row, change.get("field")), label, known, last)


def rejection_reason(request: HttpRequest) -> str:
    """`{"reason": text}`; empty where there is none."""
    return str(_body(request).get("reason", ""))


def document_of(project: Project, pk: int) -> Document:
    """The project's document with its reviewer. Raises `Http404`."""
    row = get_object_or_404(Document.objects.select_related("reviewer"), project=project, pk=pk)
    row.project = project
    return row


def field_name(row: Document, name: object) -> str:
    """The name of one of the document's fields."""
    if not isinstance(name, str):
        raise Invalid(gettext_noop("There is no such field."))
    values.check_field(row, name)
    return name


def _body(request: HttpRequest) -> dict[str, Any]:
    try:
        body = texts.json_value(request.body or b"{}", texts.THE_REQUEST, most=LONGEST)
    except texts.Unreadable as error:
        raise Invalid(str(error)) from None
    if not isinstance(body, dict):
        raise Invalid(gettext_noop("The request must be a JSON object."))
    return body


def _number(body: Mapping[str, object], key: str) -> int:
    value = body.get(key, 0)
    if not isinstance(value, int):
        raise Invalid(gettext_noop("{key!r} must be a whole number."), key=key)
    return value


def _reading(body: Mapping[str, object]) -> str | None:
    reading = body.get("reading")
    if reading is not None and not isinstance(reading, str):
        raise Invalid(gettext_noop("A reading must be a text or null."))
    return reading


def _spans(rows: object) -> tuple[Span, ...] | None:
    if rows is None:
        return None
    if not isinstance(rows, list) or not all(_is_span(row) for row in rows):
        raise Invalid(gettext_noop("The chosen words must be rows of whole numbers."))
    return tuple(Span.from_json(row) for row in rows)


def _is_span(row: object) -> bool:
    if not isinstance(row, list) or len(row) != 5:
        return False
    *numbers, end = row
    return all(type(number) is int and number >= 0 for number in numbers) and (end is None or type(end) is int)
