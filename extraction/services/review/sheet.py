"""The sheet of a document under review: each field with its value, its source and the reasons why it waits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extraction.domain import label_sources
from extraction.domain import pages as domain
from extraction.domain.alignment import align
from extraction.domain.field_types import Meaning, Widget, read
from extraction.domain.fields import Field
from extraction.domain.json_types import JsonObject
from extraction.domain.line_items.rows import rows_of
from extraction.domain.pages import PageBox, Span
from extraction.domain.text import LONGEST_VALUE
from extraction.models import Document, Label, Page, Reservation, User, as_domain_pages
from extraction.services.labels import alternatives, conventions, ranking
from extraction.services.labels.alternatives import Alternative
from extraction.services.quality.reasons import Reasons
from extraction.services.quality.reasons import reasons as evidence_of
from extraction.services.review import messages, queue, reasons, reservations
from extraction.services.review.conflicts import DECIDED
from extraction.services.review.filters import EVERYTHING, Filter
from extraction.services.review.reasons import Reason, ReasonCode
from extraction.services.review.tables.checks import Checks, checks
from extraction.services.review.tables.history import Entry, entries

# Values of others that are offered; the keys 1 to 4 take them.
MOST_OFFERS = 4


@dataclass(frozen=True, slots=True)
class Place:
    """Words on which a text stands, and their boxes as fractions (0–1) of the page; both empty if it was not found."""

    spans: tuple[Span, ...] = ()
    boxes: tuple[PageBox, ...] = ()

    @classmethod
    def of(cls, spans: Sequence[Span], pages: Sequence[domain.Page]) -> Place:
        return cls(tuple(spans), tuple(PageBox(span.page, box) for span in spans for box in span.boxes(pages)))

    def to_json(self) -> JsonObject:
        return {"spans": [span.to_json() for span in self.spans], "boxes": [box.to_json() for box in self.boxes]}


@dataclass(frozen=True, slots=True)
class Offer:
    """Another value that the reviewer can take over with one key, and where it stands."""

    alternative: Alternative
    place: Place

    @property
    def value(self) -> str | None:
        return self.alternative.label.value

    @property
    def said_by(self) -> str:
        return messages.said_by(self.alternative)


@dataclass(frozen=True, slots=True)
class FieldSheet:
    """One field of a document for a reviewer.

    `label` is the current best one, if any, and `known` the key of the newest row that a person wrote (0: none); a page
    sends it along with a change, so that a later row shows that somebody else wrote meanwhile. `reasons` are those why
    the field waits, `notes` anomalies of a value that a person has confirmed. `offers` are the values that others have
    in place of the best one, what most say first; a group has none. `history` holds all labels, newest first.
    """

    field: Field
    label: Label | None
    known: int
    place: Place
    reasons: tuple[Reason, ...]
    notes: tuple[Reason, ...]
    offers: tuple[Offer, ...]
    history: tuple[Label, ...]

    @property
    def has_rows(self) -> bool:
        """Whether it is shown as a table: a group, unless its label holds no rows."""
        return self.field.kind.widget is Widget.ROWS and (
            self.label is None or rows_of(self.field, self.label.value) is not None
        )

    @property
    def checks(self) -> Checks:
        """What the values of a group's rows say about it."""
        return checks(self.field, self.label) if self.has_rows else Checks()

    @property
    def confirmed(self) -> bool:
        """Whether a person wrote or accepted the value."""
        return self.label is not None and self.label.source_kind.by_people

    @property
    def absent(self) -> bool:
        """Whether the field is not on the document by its best label."""
        return self.label is not None and self.label.value is None

    @property
    def doubtful(self) -> bool:
        """Whether low confidence is one of the reasons."""
        return not self.confirmed and self.label is not None and reasons.is_low(self.label)

    @property
    def is_truth(self) -> bool:
        return self.label is not None and self.label.source_kind.final

    @property
    def missing(self) -> bool:
        """Whether the document cannot be accepted before a person fills in the field or marks it as absent."""
        return self.field.required and not self.confirmed and (self.label is None or self.label.value is None)

    @property
    def normalized(self) -> str | None:
        """The value in the field's format, where that is worth showing beside the printed one."""
        if self.label is None or self.field.kind.widget is Widget.ROWS or self.label.normalized == self.label.value:
            return None
        return self.label.normalized

    @property
    def choices(self) -> tuple[Meaning, ...]:
        """What a printed value means that is one of several values by itself; empty for any other value."""
        if self.label is None or not self.label.value or self.field.kind.has_parts:
            return ()
        return read(self.field, self.label.value).choices

    @property
    def past(self) -> tuple[Entry, ...]:
        """The history with what each label changed in a group's rows."""
        return entries(self.field, self.history)

    @property
    def reason_texts(self) -> list[str]:
        """Without the values of others where these stand as offers."""
        shown = (reason for reason in self.reasons if reason.code is not ReasonCode.OTHER_VALUE or not self.offers)
        return [messages.reason(reason) for reason in shown]

    @property
    def evidence(self) -> Reasons:
        """What speaks for the label and against it, as it was assessed."""
        return Reasons() if self.confirmed else evidence_of(self.label)

    @property
    def note_texts(self) -> list[str]:
        return [messages.reason(note) for note in self.notes]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A document under review.

    `reserved`: somebody else has it open. `hits`: the number of documents that the filter `chosen` finds, 0 without.
    """

    document: Document
    pages: tuple[Page, ...]
    fields: tuple[FieldSheet, ...]
    tally: queue.Tally
    reserved: Reservation | None
    chosen: Filter
    hits: int

    @property
    def reserved_text(self) -> str:
        """Who else has the document open; empty where nobody has."""
        return messages.reserved(self.reserved) if self.reserved else ""

    @property
    def decided(self) -> bool:
        return self.document.review in DECIDED

    @property
    def is_truth(self) -> bool:
        """Whether anything about the document is truth: then all of it is locked."""
        return label_sources.is_final(self.document.source)


def sheet(document: Document, user: User, chosen: Filter = EVERYTHING) -> Sheet:
    """All that the page needs, in five queries and one for a filter (`document.project` and its schema not counted)."""
    pages = tuple(document.pages.all())
    labels = list(document.labels.select_related("author", "quality").all())
    words = as_domain_pages(pages)
    fields = tuple(
        _field_sheet(field, labels, words, document.project.teacher) for field in document.project.schema.fields
    )
    return Sheet(
        document,
        pages,
        fields,
        queue.tally(document.project, user),
        reservations.opened_by_another(document, user),
        chosen,
        queue.hits(document.project, chosen) if chosen.active else 0,
    )


def field_sheet(document: Document, name: str) -> FieldSheet:
    """One field of the document's sheet. Raises `KeyError` for an unknown field."""
    field = document.project.schema[name]
    labels = list(document.labels.filter(field=name).select_related("author", "quality"))
    return _field_sheet(field, labels, document.domain_pages(), document.project.teacher)


def find(document: Document, name: str, text: str) -> Place:
    """The place of a text that is being typed into a field. Raises `KeyError` for an unknown field."""
    field = document.project.schema[name]
    text = " ".join(text.split())[:LONGEST_VALUE]
    if not text or not field.kind.alignable:
        return Place()
    pages = document.domain_pages()
    occurrences = align(field, text, pages, conventions=conventions.of(document.project))
    return Place.of(occurrences[0].spans, pages) if occurrences else Place()


def _offers(
    field: Field, best: Label | None, labels: Sequence[Label], pages: Sequence[domain.Page]
) -> tuple[Offer, ...]:
    """At most as many as keys are for them."""
    if field.kind.has_parts:
        return ()
    return tuple(
        Offer(alternative, Place.of(alternative.label.as_domain().spans, pages))
        for alternative in alternatives.of_field(best, labels)[:MOST_OFFERS]
    )


def _field_sheet(field: Field, labels: Sequence[Label], pages: Sequence[domain.Page], teacher: str) -> FieldSheet:
    own = [label for label in labels if label.field == field.name]
    best = ranking.best_labels(own, teacher).get(field.name)
    confirmed = best is not None and best.source_kind.by_people
    anomalies = tuple(reasons.anomalies(field, best))
    waits = (*reasons.doubts(field, best), *anomalies, *reasons.disagreements(field, best, own))
    return FieldSheet(
        field=field,
        label=best,
        known=max((label.pk for label in own if label.source_kind.by_people), default=0),
        place=Place.of(best.as_domain().spans, pages) if best else Place(),
        reasons=() if confirmed else waits,
        notes=anomalies if confirmed else (),
        offers=_offers(field, best, own, pages),
        history=tuple(sorted(own, key=lambda label: -label.pk)),
    )
