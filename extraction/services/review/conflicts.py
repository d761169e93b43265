"""The conflict rule of review: nobody overwrites or accepts a value of another person that the page did not show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from extraction.domain import label_sources
from extraction.models import Document, Label
from extraction.services.errors import Conflict, Invalid
from extraction.services.review import messages

Review = Document.Review
DECIDED = (Review.ACCEPTED, Review.REJECTED)


class Overwriting(Conflict):
    """Another person wrote another value meanwhile: `theirs` is that row."""

    def __init__(self, theirs: Label) -> None:
        self.theirs = theirs
        super().__init__(messages.overwriting(theirs))


class Incomplete(Invalid):
    """Required fields without a value and without a person's word that they have none: `fields` holds their titles."""

    def __init__(self, fields: Sequence[str]) -> None:
        self.fields = tuple(fields)
        super().__init__(messages.incomplete(self.fields))


def check_others(
    labels: Sequence[Label], best: Label | None, value: str | None, known: int, reading: str | None = None
) -> None:
    """Raises `Overwriting` where a person wrote a row after `known`, unless it has this value and meaning.

    `labels` are those of the field in order of their keys.
    """
    newer = [label for label in labels if label.source_kind.by_people and label.pk > known]
    if newer and (newer[-1].withdrawn or best is None or best.value != value):
        raise Overwriting(newer[-1])
    if newer and reading is not None and newer[-1].reading_chosen and newer[-1].normalized != reading:
        raise Overwriting(newer[-1])


def check_open(document: Document, unlocked: bool) -> None:
    """Raises `Conflict` for truth that is not unlocked, and for any other document that is decided."""
    truth = label_sources.is_final(document.source)
    if truth and not unlocked:
        raise Conflict(messages.LOCKED)
    if document.review in DECIDED and not truth:
        raise Conflict(messages.decided(document, "change it"))


def check_shown(labels: Sequence[Label], best: Label | None, shown: int) -> None:
    """Raises `Overwriting` where the best label has another value than the one with the key `shown` (0: none)."""
    if best is None or best.pk == shown:
        return
    # A field without a label looks like one that is “not on the document”: no value.
    seen = next((label.value for label in labels if label.pk == shown), None)
    if seen != best.value:
        raise Overwriting(best)


def check_complete(document: Document, best: Mapping[str, Label]) -> None:
    """Raises `Incomplete` unless each required field has a value, or a person marked it as not on the document."""
    missing = []
    for field in document.project.schema.fields:
        label = best.get(field.name)
        if field.required and (label is None or (label.value is None and not label.source_kind.by_people)):
            missing.append(field.title)
    if missing:
        raise Incomplete(missing)
