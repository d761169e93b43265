"""Sentences of review for people: refusals of actions, and the reasons why a field waits."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone

from extraction.domain.field_types import read
from extraction.domain.fields import Field
from extraction.models import Document, Label, Reservation
from extraction.services.review.reasons import Reason, ReasonCode

EMPTY_VALUE = "An empty value says nothing: fill it in, or mark the field as “not on the document”."
FOREIGN_WORDS = "The words that were chosen are not on this document."
LOCKED = "This value is truth: unlock it to change it."
NOTHING_TO_ACCEPT = "No field has a label yet: fill one in, or mark it as “not on the document”."
NOTHING_TO_UNDO = "There is nothing to take back here."


def unknown_field(name: str, renamed: str | None = None) -> str:
    """`renamed`: the name that a field of this name has now."""
    if renamed is not None:
        return f"The field {name!r} is called {renamed!r} now: load the page anew, and enter the value there."
    return f"There is no field named {name!r}."


def value_too_long(limit: int) -> str:
    return f"A value may have at most {limit} characters."


def overwriting(label: Label) -> str:
    """`label` is the other reviewer's row."""
    value = "not on the document" if label.value is None else label.value
    action = "took their value back" if label.withdrawn else f"wrote “{value}”"
    return f"{source_name(label)} {action} for “{label.field}” at {label.created:%H:%M} UTC."


def incomplete(titles: Sequence[str]) -> str:
    """`titles` are those of the required fields without a label."""
    return f"Fill in or mark as “not on the document” first: {', '.join(titles)}."


def decided(document: Document, intention: str) -> str:
    """Refusal to `intention` ("change it") before the document, accepted or rejected, is reopened."""
    who = document.reviewer.get_username() if document.reviewer else "Its truth"
    how = Document.Review(document.review).label.lower()
    when = f" at {document.reviewed:%H:%M} UTC" if document.reviewed else ""
    return f"{who} {how} this document{when}. Reopen it to {intention}."


def no_reviewer(name: str) -> str:
    return f"{name} is no reviewer of this project."


NO_REVIEWER_CHOSEN = "Choose a reviewer of this project, or nobody."
NO_REASON = "Write why the documents are rejected."
REJECTING = "Rejected documents leave the review queue and training; their labels stay, and each can be reopened."


def assigned(number: int, name: str) -> str:
    """An empty `name`: the documents are assigned to nobody."""
    documents = f"{number:,} document{'s are' if number != 1 else ' is'}"
    return f"{documents} assigned to {name} now." if name else f"{documents} assigned to nobody now."


def rejected(number: int, total: int) -> str:
    """Of `total` documents; the others stay because they are accepted."""
    if number == total:
        return f"{number:,} document{'s are' if number != 1 else ' is'} rejected."
    return f"{number:,} of {total:,} documents are rejected; the others are accepted: reopen them first."


def reserved(reservation: Reservation) -> str:
    """Notice to others about a document that is open."""
    since = timezone.localtime(reservation.since)
    return f"{reservation.user.get_username()} is reviewing this, since {since:%H:%M} {since:%Z}."


# The choices of the filter.
FILTER_REASONS = {
    ReasonCode.NO_LABEL: "No label",
    ReasonCode.UNSURE: "Source unsure",
    ReasonCode.LOW_CONFIDENCE: "Low confidence",
    ReasonCode.REQUIRED_BUT_ABSENT: "Required, not found",
    ReasonCode.NOT_ON_PAGE: "Not on the page",
    ReasonCode.INVALID_VALUE: "Invalid value",
    ReasonCode.OTHER_VALUE: "Another value",
}


def reason(value: Reason) -> str:
    """A reason as a badge on the field; no full stop."""
    label = value.label
    if value.code is ReasonCode.NO_LABEL or label is None:
        return "No label yet" if value.field.required else "No label: stays unlabelled"
    match value.code:
        case ReasonCode.UNSURE:
            return f"The {label.source_kind.title.lower()} was unsure"
        case ReasonCode.LOW_CONFIDENCE:
            return f"Low confidence {label.confidence:.2f}"
        case ReasonCode.REQUIRED_BUT_ABSENT:
            return "Required, but not found"
        case ReasonCode.NOT_ON_PAGE:
            return "Not found on the page"
        case ReasonCode.INVALID_VALUE:
            return value.field.kind.invalid
        case ReasonCode.AMBIGUOUS_VALUE:
            return which(value.field, label.value or "")
        case ReasonCode.OTHER_VALUE:
            text = "not on the document" if label.value is None else f"“{label.value}”"
            return f"{source_name(label)}: {text}"


def which(field: Field, text: str) -> str:
    """The question which of several values a printed text means: “6 February or 2 June?”."""
    return f"{' or '.join(meaning.title for meaning in read(field, text).meanings)}?"


def not_a_reading(text: str) -> str:
    return f"“{text}” cannot mean that."


def source_name(label: Label) -> str:
    """The author's name, else the kind of source with the name of teacher or student."""
    if label.author is not None:
        return label.author.get_username()
    kind = label.source_kind.title
    return f"{kind} {label.teacher}" if label.teacher else kind
