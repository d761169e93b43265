"""First answers that are doubtful: where a second reading, by another teacher or another method, is worth its price."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet

from extraction.domain.prediction import DOUBTFUL
from extraction.models import BestLabel, Document, Project, Source


def pairs(project: Project) -> set[tuple[int, str]]:
    """Documents, by primary key, and fields whose current best label is a teacher's and doubtful."""
    return set(_rows(project).values_list("document", "field"))


def documents(project: Project) -> int:
    """How many documents have a doubtful first answer."""
    return _rows(project).aggregate(number=Count("document", distinct=True))["number"] or 0


def _rows(project: Project) -> QuerySet[BestLabel]:
    alignable = [field.name for field in project.schema.fields if field.kind.alignable]
    first = BestLabel.objects.filter(project=project, by_people=False, label__source=Source.TEACHER)
    asked = first.filter(document__state=Document.State.READY).exclude(document__review=Document.Review.REJECTED)
    return asked.filter(_condition(alignable))


def _condition(alignable: list[str]) -> Q:
    """Doubted by the teacher itself, of low confidence, contradicted by others, or a value that is not on the page."""
    nowhere = Q(field__in=alignable, label__value__isnull=False, label__spans=[])
    return Q(label__unsure=True) | Q(confidence__lt=DOUBTFUL) | Q(disputed=True) | nowhere
