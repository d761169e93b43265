"""Sentences of review for people: refusals of actions, and the reasons why a field waits."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from enum import Enum

from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.translation import gettext, gettext_lazy, ngettext, pgettext

from extraction.domain.errors import gettext_noop
from extraction.domain.field_types import read
from extraction.domain.field_types.base import Meaning
from extraction.domain.fields import Field
from extraction.models import Document, Label, Reservation, Source
from extraction.services import figures
from extraction.services.labels.alternatives import Alternative
from extraction.services.labels.rows import shown
from extraction.services.review.reasons import Reason, ReasonCode

_MONTHS = {name: number for number, name in enumerate(calendar.month_name)}

UNKNOWN_FIELD = gettext_noop("There is no field named {name!r}.")
RENAMED_FIELD = gettext_noop(
    "The field {name!r} is called {renamed!r} now: load the page anew, and enter the value there."
)
EMPTY_VALUE = gettext_noop("An empty value says nothing: fill it in, or mark the field as “not on the document”.")
FOREIGN_WORDS = gettext_noop("The words that were chosen are not on this document.")
LOCKED = gettext_noop("This value is truth: unlock it to change it.")
NOTHING_TO_ACCEPT = gettext_noop("No field has a label yet: fill one in, or mark it as “not on the document”.")
NOTHING_TO_UNDO = gettext_noop("There is nothing to take back here.")


def value_too_long(limit: int) -> str:
    return gettext("A value may have at most %(number)s characters.") % {"number": figures.whole(limit)}


def cell_changed(row: int, part: Field, before: str | None, after: str | None) -> str:
    """A cell of row `row`, from 1, before and after a change; `None`: nothing was printed there."""
    sentence = gettext("Row %(row)s, %(field)s: %(before)s → %(after)s")
    nothing = gettext("nothing")
    return sentence % {
        "row": figures.whole(row),
        "field": part.title,
        "before": nothing if before is None else before,
        "after": nothing if after is None else after,
    }


def cells_changed(count: int) -> str:
    return ngettext("%(count)s cell changed", "%(count)s cells changed", count) % {"count": figures.whole(count)}


def rows_added(count: int) -> str:
    return ngettext("%(count)s row added", "%(count)s rows added", count) % {"count": figures.whole(count)}


def rows_removed(count: int) -> str:
    return ngettext("%(count)s row removed", "%(count)s rows removed", count) % {"count": figures.whole(count)}


def overwriting_rows(label: Label) -> str:
    """`label` is the other reviewer's row of the database."""
    sentence = gettext("%(who)s changed the same rows of “%(field)s” at %(time)s: choose for each of them.")
    return sentence % {"who": source_name(label), "field": label.field, "time": f"{label.created:%H:%M} UTC"}


def overwriting(label: Label) -> str:
    """`label` is the other reviewer's row."""
    if label.withdrawn:
        sentence = gettext("%(who)s took their value back for “%(field)s” at %(time)s.")
    elif label.value is None:
        sentence = gettext("%(who)s wrote “not on the document” for “%(field)s” at %(time)s.")
    else:
        sentence = gettext("%(who)s wrote “%(value)s” for “%(field)s” at %(time)s.")
    named = {"who": source_name(label), "value": shown(label.value or ""), "field": label.field}
    return sentence % {**named, "time": f"{label.created:%H:%M} UTC"}


def not_undone(label: Label, rows: bool) -> str:
    """`label` is what the other reviewer wrote since; `rows`: in the same rows of a table."""
    if rows:
        sentence = gettext(
            "“%(field)s” is not undone: %(who)s changed the same rows since, at %(time)s. "
            "Change them by hand where they are wrong."
        )
    else:
        sentence = gettext(
            "“%(field)s” is not undone: %(who)s changed it since, at %(time)s. Change it by hand where it is wrong."
        )
    return sentence % {"who": source_name(label), "field": label.field, "time": f"{label.created:%H:%M} UTC"}


def incomplete(titles: Sequence[str]) -> str:
    """`titles` are those of the required fields without a label."""
    return gettext("Fill in or mark as “not on the document” first: %(fields)s.") % {"fields": ", ".join(titles)}


class Intention(Enum):
    """What somebody wants to do with a document."""

    CHANGE = "change"
    ACCEPT = "accept"
    REJECT = "reject"


_REMEDIES = {
    Intention.CHANGE: gettext_lazy("Reopen it to change it."),
    Intention.ACCEPT: gettext_lazy("Reopen it to accept it."),
    Intention.REJECT: gettext_lazy("Reopen it to reject it."),
}


def decided(document: Document, intention: Intention) -> str:
    """Refusal of what is intended before the document, accepted or rejected, is reopened."""
    return f"{_decision(document)} {_REMEDIES[intention]}"


def _decision(document: Document) -> str:
    """Who accepted or rejected the document, and when."""
    accepted = document.review == Document.Review.ACCEPTED
    if document.reviewer is None:
        return gettext("Its truth accepted this document.") if accepted else gettext("This document is rejected.")
    who = {"who": document.reviewer.get_username()}
    if document.reviewed is None:
        sentence = (
            gettext("%(who)s accepted this document.") if accepted else gettext("%(who)s rejected this document.")
        )
        return sentence % who
    if accepted:
        sentence = gettext("%(who)s accepted this document at %(time)s.")
    else:
        sentence = gettext("%(who)s rejected this document at %(time)s.")
    return sentence % {**who, "time": f"{document.reviewed:%H:%M} UTC"}


def no_reviewer(name: str) -> str:
    return gettext("%(name)s is no reviewer of this project.") % {"name": name}


THIS_ACCOUNT = gettext_noop("This account is no reviewer of this project.")
NO_REVIEWER_CHOSEN = gettext_noop("Choose a reviewer of this project, or nobody.")
NO_REASON = gettext_noop("Write why the documents are rejected.")
REJECTING = gettext_noop(
    "Rejected documents leave the review queue and training; their labels stay, and each can be reopened."
)


def assigned(number: int, name: str) -> str:
    """An empty `name`: the documents are assigned to nobody."""
    counted = {"count": figures.whole(number), "name": name}
    if name:
        sentence = ngettext(
            "%(count)s document is assigned to %(name)s now.",
            "%(count)s documents are assigned to %(name)s now.",
            number,
        )
    else:
        sentence = ngettext(
            "%(count)s document is assigned to nobody now.", "%(count)s documents are assigned to nobody now.", number
        )
    return sentence % counted


def rejected(number: int, total: int) -> str:
    """Of `total` documents; the others stay because they are accepted."""
    if number == total:
        sentence = ngettext("%(count)s document is rejected.", "%(count)s documents are rejected.", number)
    else:
        sentence = gettext("%(count)s of %(total)s documents are rejected; the others are accepted: reopen them first.")
    return sentence % {"count": figures.whole(number), "total": figures.whole(total)}


def reserved(reservation: Reservation) -> str:
    """Notice to others about a document that is open."""
    since = timezone.localtime(reservation.since)
    sentence = gettext("%(who)s is reviewing this, since %(time)s.")
    return sentence % {"who": reservation.user.get_username(), "time": f"{since:%H:%M} {since:%Z}"}


# The choices of the filter.
FILTER_REASONS = {
    ReasonCode.NO_LABEL: gettext_lazy("No label"),
    ReasonCode.UNSURE: gettext_lazy("Source unsure"),
    ReasonCode.LOW_CONFIDENCE: gettext_lazy("Low confidence"),
    ReasonCode.REQUIRED_BUT_ABSENT: gettext_lazy("Required, not found"),
    ReasonCode.NOT_ON_PAGE: gettext_lazy("Not on the page"),
    ReasonCode.INVALID_VALUE: gettext_lazy("Invalid value"),
    ReasonCode.OTHER_VALUE: gettext_lazy("Another value"),
}


def reason(value: Reason) -> str:
    """A reason as a badge on the field; no full stop."""
    label = value.label
    if value.code is ReasonCode.NO_LABEL or label is None:
        return gettext("No label yet") if value.field.required else gettext("No label: stays unlabelled")
    match value.code:
        case ReasonCode.UNSURE:
            return _unsure(label)
        case ReasonCode.LOW_CONFIDENCE:
            return gettext("Low confidence %(figure)s") % {"figure": figures.decimal(label.probability or 0.0, 2)}
        case ReasonCode.REQUIRED_BUT_ABSENT:
            return gettext("Required, but not found")
        case ReasonCode.NOT_ON_PAGE:
            return gettext("Not found on the page")
        case ReasonCode.INVALID_VALUE:
            return gettext(value.field.kind.invalid)
        case ReasonCode.AMBIGUOUS_VALUE:
            return which(value.field, label.value or "")
        case ReasonCode.OTHER_VALUE:
            if label.value is None:
                return gettext("%(source)s: not on the document") % {"source": source_name(label)}
            return gettext("%(source)s: “%(value)s”") % {"source": source_name(label), "value": shown(label.value)}


def _unsure(label: Label) -> str:
    match label.source:
        case Source.TEACHER:
            return gettext("The teacher was unsure")
        case Source.STUDENT:
            return gettext("The student was unsure")
        case _:
            return gettext("Its source was unsure")


def which(field: Field, text: str) -> str:
    """The question which of several values a printed text means: “6 February or 2 June?”."""
    *first, last = (in_words(meaning) for meaning in read(field, text).meanings)
    if not first:
        return f"{last}?"
    return gettext("%(first)s or %(last)s?") % {"first": ", ".join(first), "last": last}


def in_words(meaning: Meaning) -> str:
    """A meaning as people write it: field types name days in English, “6 February”."""
    day, _, month = meaning.title.partition(" ")
    if month not in _MONTHS:
        return meaning.title
    return pgettext("day of a month", "%(day)s %(month)s") % {"day": day, "month": MONTHS[_MONTHS[month]]}


def not_a_reading(text: str) -> str:
    return gettext("“%(text)s” cannot mean that.") % {"text": text}


def said_by(alternative: Alternative) -> str:
    """Who says another value, how many where there are several."""
    names = ", ".join(label.teacher or gettext(label.source_kind.title) for label in alternative.said_by)
    number = len(alternative.said_by)
    return names if number == 1 else f"{figures.whole(number)}: {names}"


def source_name(label: Label) -> str:
    """The author's name, else the kind of source with the name of teacher or student."""
    kind = gettext(label.source_kind.title)
    name = f"{kind} {label.teacher}" if label.teacher else kind
    if label.author is not None:
        name = label.author.get_username()
    return gettext("%(who)s, without a look at this document") % {"who": name} if label.unseen else name
