"""What one label run brought: its documents, the time it took, and its agreement with people's labels."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from extraction.models import BestLabel, Document, LabelRun

# Documents of one part of the list.
PAGE = 20

_Said = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Agreement:
    """Labels of a run whose field a person answered as well: `same` of `labels` say the same."""

    same: int
    labels: int

    @property
    def share(self) -> float:
        return self.same / self.labels


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds that a run took since its job last began, and on average for each document; `None` where unknown.

    Of one by batches, seconds until nothing more was to be expected of them.
    """

    seconds: float | None
    each: float | None


def documents(run: LabelRun, page: int) -> Page[Document]:
    """The labelled documents with the number of their labels (`given`), in the order of their keys. Two queries."""
    given = Count("labels", filter=Q(labels__run=run))
    parts: Paginator[Document] = Paginator(_labelled(run).annotate(given=given).order_by("pk"), PAGE)
    return parts.get_page(page)


def waiting(run: LabelRun) -> int:
    """How many of its documents wait for review."""
    return _labelled(run).filter(review=Document.Review.WAITING).count()


def agreement(run: LabelRun) -> Agreement | None:
    """By the meaning of each value. `None` where no person answered for a field that the run labelled. Two queries."""
    people = BestLabel.objects.filter(document__in=_labelled(run), by_people=True, label__unseen=False)
    right = _meanings(people.values_list("document", "field", "label__normalized", "label__value"))
    said = _meanings(run.label_rows.values_list("document", "field", "normalized", "value"))
    both = right.keys() & said.keys()
    return Agreement(sum(right[key] == said[key] for key in both), len(both)) if both else None


def pace(run: LabelRun) -> Pace:
    if run.delivery != LabelRun.Delivery.DIRECT:
        return Pace(((run.batches_ended or timezone.now()) - run.created).total_seconds(), None)
    job = run.job
    if job is None or job.started is None:
        return Pace(None, None)
    seconds = ((job.finished or timezone.now()) - job.started).total_seconds()
    answered = run.documents + run.refusals + run.malformed
    return Pace(seconds, seconds / answered if answered else None)


def _labelled(run: LabelRun) -> QuerySet[Document]:
    return run.project.documents.filter(pk__in=run.label_rows.values("document"))


def _meanings(rows: Iterable[tuple[int, str, str | None, str | None]]) -> dict[_Said, str]:
    """The normalised value of each field of a document, else the printed one; empty where it is not there."""
    return {(pk, name): ((value if text is None else text) or "").casefold() for pk, name, text, value in rows}
