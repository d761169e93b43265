"""The review queue: the order of waiting documents, and how many are left.

The order is that of the index `review_queue`: documents that were not skipped first, the least confident of them first;
skipped ones follow, the one skipped longest ago first. Every query reads a few entries of that index, however large the
project is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet

from extraction.models import Document, Project

Review = Document.Review


@dataclass(frozen=True, slots=True)
class Tally:
    """Number of a project's documents by their state of review; `done` are accepted and rejected ones."""

    waiting: int
    done: int
    unlabelled: int

    @property
    def total(self) -> int:
        """Documents that have or had something to review."""
        return self.waiting + self.done


def tally(project: Project) -> Tally:
    """One query."""
    rows = Document.objects.filter(project=project).order_by().values_list("review").annotate(Count("pk"))
    counts = dict(rows)
    return Tally(
        waiting=counts.get(Review.WAITING, 0),
        done=counts.get(Review.ACCEPTED, 0) + counts.get(Review.REJECTED, 0),
        unlabelled=counts.get(Review.UNLABELLED, 0),
    )


def waiting(project: Project) -> QuerySet[Document]:
    """The queue, first document first, without documents that are not read yet."""
    return _ordered(Document.objects.filter(project=project, review=Review.WAITING, state=Document.State.READY))


def first(project: Project, *, without: Collection[int] = ()) -> Document | None:
    """The head of the queue, without the few documents that the page has loaded already."""
    return waiting(project).exclude(pk__in=without).first()


def first_unlabelled(project: Project) -> Document | None:
    """A document that could be labelled by hand."""
    rows = Document.objects.filter(project=project, review=Review.UNLABELLED, state=Document.State.READY)
    return rows.order_by("-id").first()


def after(document: Document) -> Document | None:
    """The waiting document that follows `document` in the queue's order."""
    for condition in _beyond(document, "gt"):
        if following := waiting(document.project).filter(condition).first():
            return following
    return None


def before(document: Document) -> Document | None:
    """The waiting document that precedes `document` in the queue's order."""
    for condition in _beyond(document, "lt"):
        if preceding := waiting(document.project).filter(condition).reverse().first():
            return preceding
    return None


def _ordered(documents: QuerySet[Document]) -> QuerySet[Document]:
    """Null, for not skipped and no confidence, counts as the lowest, as in SQLite's index."""
    return documents.order_by(F("skipped").asc(nulls_first=True), F("confidence").asc(nulls_first=True), "pk")


def _beyond(document: Document, way: str) -> Iterator[Q]:
    """Conditions for the rows after (`gt`) or before (`lt`) the document, nearest first.

    Each is one range of the index; a single condition with "or" would be read from the queue's start.
    """
    same_skipped = _equal("skipped", document.skipped)
    yield same_skipped & _equal("confidence", document.confidence) & Q(**{f"pk__{way}": document.pk})
    for confidence in _past("confidence", document.confidence, way):
        yield same_skipped & confidence
    yield from _past("skipped", document.skipped, way)


def _equal(column: str, value: object) -> Q:
    return Q(**{f"{column}__isnull": True}) if value is None else Q(**{column: value})


def _past(column: str, value: object, way: str) -> Iterator[Q]:
    """Conditions for rows whose column is greater (`gt`) or less (`lt`) than `value`; null is less than every value."""
    if value is not None:
        yield Q(**{f"{column}__{way}": value})
    if (value is None) == (way == "gt"):
        yield Q(**{f"{column}__isnull": way == "lt"})
