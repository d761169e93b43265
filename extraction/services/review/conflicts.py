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
    """Another person wrote another value meanwhile: `theirs` is that row. `rows`: it is about rows of a table."""

    rows = False

    def __init__(self, theirs: Label, sentence: str = "") -> None:
        self.theirs = theirs
        super().__init__(sentence or messages.overwriting(theirs))


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


def check_open(document: Document, best: Label | None, unlocked: bool) -> None:
    """Raises `Conflict` for truth that is not unlocked, and for a document that is decided without truth.

    Truth covers its own field, and all of a document that is accepted for it.
    """
    decided, truth = document.review in DECIDED, label_sources.is_final(document.source)
    if not unlocked and ((decided and truth) or (best is not None and best.source_kind.final)):
        raise Conflict(messages.LOCKED)
    if decided and not truth:
        raise Conflict(messages.decided(document, messages.Intention.CHANGE))


def check_shown(labels: Sequence[Label], best: Label | None, shown: int) -> None:
    """Raises `Overwriting` where a field shows another value than that of its label with the key `shown` (0: none).

    `labels` are those of the field. That nobody was asked is another thing than that it is not there.
    """
    seen = next((label for label in labels if label.pk == shown), None)
    if best is None and seen is not None:
        raise Overwriting(max(labels, key=lambda label: label.pk))
    if best is not None and (seen is None or seen.value != best.value):
        raise Overwriting(best)


def check_complete(document: Document, best: Mapping[str, Label]) -> None:
    """Raises `Incomplete` unless each required field has a value, or a person marked it as not on the document.

    Raises `Invalid` where no field has a label, so that there is nothing to accept.
    """
    missing = []
    for field in document.project.schema.fields:
        label = best.get(field.name)
        if field.required and (label is None or (label.value is None and not label.source_kind.by_people)):
            missing.append(field.title)
    if missing:
        raise Incomplete(missing)
    if not any(name in best for name in document.project.schema.names):
        raise Invalid(messages.NOTHING_TO_ACCEPT)
