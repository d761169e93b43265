"""The review queue: the order of waiting documents, who gets which, and how many are left.

The order is that of the index `review_queue`: documents that were not skipped first, the least confident of them first;
skipped ones follow, the one skipped longest ago first. Without a filter every query reads a few entries of that index,
however large the project is.

`take`, `take_after` and `take_before` reserve the document that they return, so that two reviewers never get the same.
With `ahead` it is loaded in advance; without, it is opened: then, where nothing else is left, what somebody else has
merely loaded in advance is given as well, the last of the queue first, which is the last that they would come to.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from extraction.models import Document, Project, User
from extraction.services.review import filters, reservations
from extraction.services.review.filters import EVERYTHING, Filter

Review = Document.Review
# Documents that are read at once to find one that nobody else reserves at this moment.
CANDIDATES = 8

# Those of some documents that a reviewer can be given.
Available = Callable[[User, QuerySet[Document]], QuerySet[Document]]


@dataclass(frozen=True, slots=True)
class Tally:
    """Number of a project's documents by their state of review.

    `done` are those that a person accepted or rejected, `today` those of them that the user decided today, `settled`
    those that needed nobody's decision because their truth came along.
    """

    waiting: int
    done: int
    settled: int
    unlabelled: int
    today: int = 0

    @property
    def total(self) -> int:
        """Documents that have or had something to review."""
        return self.waiting + self.done


def tally(project: Project, user: User | None = None) -> Tally:
    """Two queries."""
    documents = Document.objects.filter(project=project).order_by()
    counts = dict(documents.values_list("review").annotate(Count("pk")))
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    decided = documents.filter(reviewed__isnull=False).aggregate(
        all=Count("pk"), today=Count("pk", filter=Q(reviewer=user, reviewed__gte=today))
    )
    return Tally(
        waiting=counts.get(Review.WAITING, 0),
        done=decided["all"],
        settled=counts.get(Review.ACCEPTED, 0) + counts.get(Review.REJECTED, 0) - decided["all"],
        unlabelled=counts.get(Review.UNLABELLED, 0),
        today=decided["today"] if user else 0,
    )


def waiting(project: Project, chosen: Filter = EVERYTHING) -> QuerySet[Document]:
    """The queue, first document first, without documents that are not read yet."""
    return _ordered(filters.documents(project, chosen))


def hits(project: Project, chosen: Filter) -> int:
    """How many documents the filter finds."""
    return filters.documents(project, chosen).count()


def take(
    project: Project, user: User, chosen: Filter = EVERYTHING, *, without: Collection[int] = (), ahead: bool = False
) -> Document | None:
    """The head of the queue, without the few documents that the page has loaded already."""
    return _take([waiting(project, chosen).exclude(pk__in=without)], user, ahead)


def take_after(
    document: Document, user: User, chosen: Filter = EVERYTHING, *, without: Collection[int] = (), ahead: bool = False
) -> Document | None:
    """The document that follows `document` in the queue's order."""
    documents = waiting(document.project, chosen).exclude(pk__in=without)
    return _take([documents.filter(condition) for condition in _beyond(document, "gt")], user, ahead)


def take_before(document: Document, user: User, chosen: Filter = EVERYTHING) -> Document | None:
    """The document that precedes `document` in the queue's order."""
    documents = waiting(document.project, chosen)
    ranges = [documents.filter(condition).reverse() for condition in _beyond(document, "lt")]
    return _first(ranges, user, reservations.free_for)


def first_unlabelled(project: Project) -> Document | None:
    """A document that could be labelled by hand."""
    rows = Document.objects.filter(project=project, review=Review.UNLABELLED, state=Document.State.READY)
    return rows.order_by("-id").first()


def _take(ranges: Sequence[QuerySet[Document]], user: User, ahead: bool) -> Document | None:
    """From `ranges`, which follow each other in the queue's order."""
    found = _first(ranges, user, reservations.free_for, ahead=ahead)
    if found is not None or ahead:
        return found
    return _first([rows.reverse() for rows in reversed(ranges)], user, reservations.ahead_of_others)


def _first(
    ranges: Iterable[QuerySet[Document]], user: User, available: Available, *, ahead: bool = False
) -> Document | None:
    """The first available document that could be reserved."""
    return next(filter(None, (_reserved(rows, user, available, ahead) for rows in ranges)), None)


def _reserved(documents: QuerySet[Document], user: User, available: Available, ahead: bool) -> Document | None:
    while candidates := list(available(user, documents)[:CANDIDATES]):
        for document in candidates:
            # What was free takes nothing from whoever has loaded it ahead since it was read; its page then opens it.
            free = available is reservations.free_for
            if reservations.reserve(document, user, ahead=ahead or free):
                # It may have been decided, and so released, after it was read and before it was reserved.
                if documents.filter(pk=document.pk).exists():
                    return document
                reservations.release([document.pk], user)
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
