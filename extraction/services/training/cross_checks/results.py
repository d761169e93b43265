"""Results of cross-checks: how often students that did not learn from them agree with the labels that count."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, FloatField, Q, QuerySet
from django.db.models.fields.json import KeyTransform
from django.db.models.functions import Cast

from extraction.models import BestLabel, LabelQuality, Project
from extraction.services.jobs import queue
from extraction.services.quality.jobs import ASSESS

AGREES, DIFFERS = "student_agrees", "student_differs"
# What such a signal says at least where a student agrees, or contradicts.
TOLD = 0.5


@dataclass(frozen=True, slots=True)
class FieldResult:
    """The labels of a field that count and that a student was sure about: all, those that it `agrees` with, and those
    that it contradicts (`differs`)."""

    field: str
    labels: int
    agrees: int
    differs: int


def of_fields(project: Project) -> list[FieldResult]:
    """In the order of the fields; fields that no student judged are left out. One query."""
    rows = _judged(project).annotate(same=_signal(AGREES), other=_signal(DIFFERS)).values("label__field")
    agrees, differs = (Count("pk", filter=Q(**{f"{name}__gte": TOLD})) for name in ("same", "other"))
    found = {
        name: FieldResult(name, *counts)
        for name, *counts in rows.annotate(labels=Count("pk"), agrees=agrees, differs=differs)
        .order_by()
        .values_list("label__field", "labels", "agrees", "differs")
    }
    return [found[name] for name in project.schema.names if name in found]


def contradicted(project: Project) -> QuerySet[LabelQuality]:
    """The labels that nobody has judged and a student contradicts, what it is surest of first."""
    rows = _judged(project).annotate(differs=_signal(DIFFERS)).filter(differs__gte=TOLD, right=None)
    return rows.select_related("label__document").order_by("-differs", "pk")


def waits(project: Project) -> bool:
    """Whether labels are still to be assessed by what students read."""
    return queue.active(ASSESS, project.pk).exists()


def _judged(project: Project) -> QuerySet[LabelQuality]:
    best = BestLabel.objects.filter(project=project, by_people=False).values("label")
    return LabelQuality.objects.filter(project=project, student__isnull=False, label__in=best)


def _signal(name: str) -> Cast:
    """What a signal says, as a number; null where it says nothing."""
    return Cast(KeyTransform(name, "signals"), FloatField())
