"""Undo of a reviewer's rows where other people changed other rows of the same table since."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from extraction.domain.fields import Field
from extraction.models import Document, Label, User
from extraction.services.labels import ranking
from extraction.services.review.conflicts import Overwriting
from extraction.services.review.tables.changes import taken_back

# A label's text before and after a change.
Changed = tuple[str | None, str | None]


def others_wrote(labels: Sequence[Label], first: int, actor: User) -> bool:
    """Whether anybody else wrote a row of the database after the `first` of a change."""
    return any(label.pk > first and label.author_id != actor.pk for label in labels)


def restored(document: Document, field: Field, first: int, last: int, actor: User) -> str | None:
    """The rows without those changes of the reviewer; `None` where the table is so already.

    Raises `Overwriting` where somebody else changed the same rows since.
    """
    labels = list(document.labels.filter(field=field.name).select_related("author").order_by("pk"))
    people = [label for label in labels if label.source_kind.by_people]
    latest = people[-1]
    own = [label for label in people if first <= label.pk <= max(first, last) and label.author_id == actor.pk]
    changes = [(_before(labels, label, document.project.teacher), label.value) for label in own]
    if latest.author_id == actor.pk and latest not in own and _is_undone(field, changes, people):
        return None
    text = taken_back(field, changes, latest)
    if text is None or latest.withdrawn:
        raise Overwriting(latest)
    return text if text != latest.value else None


def _is_undone(field: Field, changes: Sequence[Changed], people: Sequence[Label]) -> bool:
    """Whether the latest row of the database undid the changes: a repeated request finds its own."""
    with suppress(Overwriting):
        return len(people) > 1 and taken_back(field, changes, people[-2]) == people[-1].value
    return False


def _before(labels: Sequence[Label], label: Label, teacher: str) -> str | None:
    """The value that a label of the field took the place of."""
    best = ranking.best_labels([earlier for earlier in labels if earlier.pk < label.pk], teacher).get(label.field)
    return best.value if best else "[]"
