"""What the review page shows of a document: every field with its value, where it comes from and why it waits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extraction.domain import label_sources
from extraction.domain import pages as domain
from extraction.domain.alignment import align
from extraction.domain.fields import Field
from extraction.models import Document, Label, Page, Source, as_domain_pages
from extraction.services.labels import store
from extraction.services.review import queue

# Below it a value is worth a second look.
LOW_CONFIDENCE = 0.7
PEOPLE = label_sources.names(by_people=True)
# A typed text is looked for only so far: longer ones are no field of a document.
LONGEST_VALUE = 2000


@dataclass(frozen=True, slots=True)
class Place:
    """Words on which a text stands, and their boxes as shares of the page."""

    spans: list[list[int | None]]
    boxes: list[dict[str, int | float]]


@dataclass(frozen=True, slots=True)
class FieldSheet:
    """One field of a document as a reviewer sees it.

    `label` is the current best one (`None`: nobody said anything), `known` the newest row that a person wrote: a later
    one means that somebody else was at it. `reasons` say in words why the field waits; `notes` what is odd about a
    value that a person has confirmed. `history` holds every row, newest first.
    """

    field: Field
    label: Label | None
    known: int
    place: Place
    reasons: tuple[str, ...]
    notes: tuple[str, ...]
    history: tuple[Label, ...]

    @property
    def confirmed(self) -> bool:
        """Whether a person stands behind the value."""
        return self.label is not None and self.label.source in PEOPLE

    @property
    def absent(self) -> bool:
        """Whether the best label says that the field is not on the document."""
        return self.label is not None and self.label.value is None

    @property
    def doubtful(self) -> bool:
        """Whether the confidence is one of the reasons."""
        return not self.confirmed and self.label is not None and _is_low(self.label)

    @property
    def is_truth(self) -> bool:
        return self.label is not None and self.label.source == Source.TRUTH

    @property
    def missing(self) -> bool:
        """Whether the document cannot be accepted before somebody says something about this field."""
        return self.field.required and not self.confirmed and (self.label is None or self.label.value is None)


@dataclass(frozen=True, slots=True)
class Sheet:
    document: Document
    pages: tuple[Page, ...]
    fields: tuple[FieldSheet, ...]
    tally: queue.Tally

    @property
    def decided(self) -> bool:
        return self.document.review in (Document.Review.ACCEPTED, Document.Review.REJECTED)

    @property
    def is_truth(self) -> bool:
        """Whether anything about the document is truth: then all of it is locked."""
        return self.document.source == Source.TRUTH


def sheet(document: Document) -> Sheet:
    """Everything the page needs, in three queries (`document.project` and its schema not counted)."""
    pages = tuple(document.pages.all())
    rows = list(document.labels.select_related("author").all())
    read = as_domain_pages(pages)
    schema = document.project.schema
    fields = tuple(_field_sheet(field, rows, read, document.project.teacher) for field in schema.fields)
    return Sheet(document, pages, fields, queue.tally(document.project))


def field_sheet(document: Document, name: str) -> FieldSheet:
    """One field as `sheet` shows it; raises `KeyError` for an unknown field."""
    field = document.project.schema[name]
    rows = list(document.labels.filter(field=name).select_related("author"))
    return _field_sheet(field, rows, document.domain_pages(), document.project.teacher)


def find(document: Document, name: str, text: str) -> Place:
    """Where a text that is being typed into a field stands on the document; nowhere: an empty place."""
    field = document.project.schema[name]
    text = " ".join(text.split())[:LONGEST_VALUE]
    if not text or not field.kind.alignable:
        return Place([], [])
    pages = document.domain_pages()
    found = align(field, text, pages, day_order=store.day_order(document.project))
    return _place(found[0].spans, pages) if found else Place([], [])


def _field_sheet(field: Field, rows: Sequence[Label], pages: Sequence[domain.Page], teacher: str) -> FieldSheet:
    own = [label for label in rows if label.field == field.name]
    best = store.best_labels(own, teacher).get(field.name)
    confirmed = best is not None and best.source in PEOPLE
    oddities = tuple(_oddities(field, best))
    return FieldSheet(
        field=field,
        label=best,
        known=max((label.pk for label in own if label.source in PEOPLE), default=0),
        place=_place(best.as_domain().spans, pages) if best else Place([], []),
        reasons=() if confirmed else (*_doubts(best), *oddities, *_disagreements(best, own)),
        notes=oddities if confirmed else (),
        history=tuple(sorted(own, key=lambda label: -label.pk)),
    )


def _place(spans: Sequence[domain.Span], pages: Sequence[domain.Page]) -> Place:
    boxes = [domain.PageBox(span.page, box).to_json() for span in spans for box in span.boxes(pages)]
    return Place([span.to_json() for span in spans], boxes)


def _doubts(best: Label | None) -> list[str]:
    """What the source of a label that no person has confirmed left open."""
    if best is None:
        return ["No label yet"]
    doubts = []
    if best.unsure:
        doubts.append(f"The {best.source_kind.title.lower()} was unsure")
    if _is_low(best):
        doubts.append(f"Low confidence {best.confidence:.2f}")
    return doubts


def _is_low(label: Label) -> bool:
    return label.confidence is not None and label.confidence < LOW_CONFIDENCE


def _oddities(field: Field, best: Label | None) -> list[str]:
    """What a machine can tell about a value without knowing the right one."""
    if best is None:
        return []
    if best.value is None:
        return ["Required, but not found"] if field.required else []
    found = []
    if not best.spans and field.kind.alignable:
        found.append("Not found on the page")
    if best.normalized is None and field.kind.invalid:
        found.append(field.kind.invalid)
    return found


def _disagreements(best: Label | None, rows: Sequence[Label]) -> list[str]:
    """What other sources say now, where it is something else."""
    if best is None:
        return []
    newest = {(label.source, label.teacher): label for label in sorted(rows, key=lambda label: label.pk)}
    others = [label for label in newest.values() if not label.withdrawn and _meaning(label) != _meaning(best)]
    return [_reading(label) for label in others]


def _reading(label: Label) -> str:
    return f"{speaker(label)}: “{label.value}”" if label.value is not None else f"{speaker(label)}: not on the document"


def _meaning(label: Label) -> str | None:
    return label.normalized if label.normalized is not None else label.value and label.value.casefold()


def speaker(label: Label) -> str:
    """Who said it: a person's name, else the kind of source with the name of teacher or student."""
    if label.author is not None:
        return label.author.get_username()
    kind = label.source_kind.title
    return f"{kind} {label.teacher}" if label.teacher else kind
