"""Other values than the best one of a field, with those who say them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from extraction.models import Label
from extraction.services.labels import ranking


@dataclass(frozen=True, slots=True)
class Alternative:
    """A value that teachers, students or claims have in place of the best one.

    `said_by` are their current labels of that meaning, the newest first. `label` is the one to take over: one that was
    found on the page before others.
    """

    said_by: tuple[Label, ...]

    @property
    def label(self) -> Label:
        return next((label for label in self.said_by if label.spans), self.said_by[0])

    @property
    def names(self) -> list[str]:
        """Who says it: the names of teachers and students, the name of the source of others."""
        return [label.teacher or label.source for label in self.said_by]


def of_field(best: Label | None, labels: Iterable[Label]) -> tuple[Alternative, ...]:
    """Those of a field, of its `labels`: what most say first, then what was said first, so that a value that was taken
    over changes places with the one before. None without a best label."""
    if best is None:
        return ()
    groups = defaultdict[str | None, list[Label]](list)
    for label in sorted(ranking.disagreeing(best, labels), key=lambda label: -label.pk):
        if not label.source_kind.by_people:
            groups[ranking.meaning(label)].append(label)
    found = (Alternative(tuple(said)) for said in groups.values())
    return tuple(sorted(found, key=lambda one: (-len(one.said_by), one.said_by[-1].pk)))


def of_document(best: Mapping[str, Label], labels: Iterable[Label]) -> dict[str, tuple[Alternative, ...]]:
    """Those of all fields that have any and for which no person answers, by the name of the field."""
    rows = list(labels)
    found = {name: of_field(label, rows) for name, label in best.items() if not label.source_kind.by_people}
    return {name: some for name, some in found.items() if some}
