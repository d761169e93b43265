"""Whether there is enough to learn from, told before a training starts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count

from extraction.domain.field_types.base import StudentTask
from extraction.domain.fields import Schema
from extraction.domain.learning.training import Part
from extraction.models import BestLabel, Project, Snapshot
from extraction.services.training import snapshots

# Labelled documents below which a student learns little, and from which on more of them bring little (docs/student.md).
MINIMUM, AMPLE = 25, 200
# Labels of a field below which its values are hardly learned.
FIELD_MINIMUM = 10


@dataclass(frozen=True, slots=True)
class Sufficiency:
    """Labelled documents to learn from, the fields with few labels (name, labels), and those that no student learns."""

    documents: int
    thin: tuple[tuple[str, int], ...] = ()
    not_learned: tuple[str, ...] = ()

    @property
    def enough(self) -> bool:
        return self.documents >= MINIMUM


def of_project(project: Project, labels: str = snapshots.BEST) -> Sufficiency:
    """The documents of the split train as they are now; two queries."""
    rows = snapshots.labelled(project, labels)
    if labels == snapshots.BEST:
        # What a reviewer took back does not count.
        rows = rows.filter(pk__in=BestLabel.objects.filter(project=project).values("label"))
    counts = dict(
        rows.values("field").annotate(documents=Count("document", distinct=True)).values_list("field", "documents")
    )
    return _judge(project.schema, rows.values("document").distinct().count(), counts)


def of_snapshot(snapshot: Snapshot) -> Sufficiency:
    """The frozen documents of the part train."""
    items = [item for item in snapshot.documents if item.part is Part.TRAIN]
    counts = Counter(name for item in items for name in item.labels)
    return _judge(snapshot.schema_version.as_domain(), len(items), counts)


def _judge(schema: Schema, documents: int, counts: Mapping[str, int]) -> Sufficiency:
    learned = [field.name for field in schema.fields if field.kind.student_task is not StudentTask.NONE]
    few = min(FIELD_MINIMUM, documents)
    return Sufficiency(
        documents=documents,
        thin=tuple((name, counts.get(name, 0)) for name in learned if counts.get(name, 0) < few),
        not_learned=tuple(name for name in schema.names if name not in learned),
    )
