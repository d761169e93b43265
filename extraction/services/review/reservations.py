"""Reservations: while a reviewer has a document open, the queue gives it to nobody else.

What is only loaded ahead of that is withheld as well, but not from somebody who would have nothing else: opening a
document takes it from whoever merely loaded it ahead, whose page then drops it.

A reservation is a lease. Pages renew it by a heartbeat, so that one of a closed browser or a lost connection runs out
by itself. Each step is one statement that either finds the row as expected or changes nothing; the document's unique
row decides between two reviewers who come at the same moment, on SQLite and PostgreSQL alike. Nobody is barred from a
document: a reservation is a notice to others, and the conflict rule guards what they save.

A heartbeat may be handled after the page has given the document back, as when the page is closed right after it was
opened. What a page gave back is remembered in the cache for the time of a lease, so that such a heartbeat is told from
one that was sent later.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.core.cache import cache
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from extraction.models import Document, Reservation, User

logger = logging.getLogger(__name__)

# Without a heartbeat for this long a document is free again; pages send one every half minute.
LEASE = timedelta(minutes=2)
# `Reservation.since` of a document that is loaded ahead and was not opened yet.
AHEAD = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Moment:
    """When a user's page sent something: `page` is unique among the user's, `number` counts its heartbeats so far."""

    user: User
    page: str
    number: int

    def key(self, document: int) -> str:
        """Key in the cache of the number at which the page gave the document back."""
        return f"review-given-back:{self.user.pk}:{self.page}:{document}"


def reserve(document: Document, user: User, *, ahead: bool = False) -> bool:
    """Reserve a document, or renew the lease; whether it is now the user's.

    Never takes what somebody else has open; with `ahead` also nothing that others have loaded ahead.
    """
    now = timezone.now()
    rows = Reservation.objects.filter(document=document)
    held = rows.filter(user=user, heartbeat__gt=now - LEASE)
    if (held if ahead else held.exclude(since=AHEAD)).update(heartbeat=now):
        return True
    row = Reservation(document=document, user=user, since=AHEAD if ahead else now, heartbeat=now)
    free = Q(heartbeat__lte=now - LEASE) if ahead else Q(heartbeat__lte=now - LEASE) | Q(since=AHEAD)
    if rows.filter(free).update(user=user, since=row.since, heartbeat=now):
        return True
    with transaction.atomic(savepoint=False):
        # Nobody reserves what was deleted since it was read; a lock keeps it until the row is written.
        if not Document.objects.select_for_update(no_key=True).filter(pk=document.pk).exists():
            return False
        # Of two inserts at the same moment the database keeps the first.
        Reservation.objects.bulk_create([row], ignore_conflicts=True)
    return rows.filter(user=user).exists()


def take_over(document: Document, user: User) -> None:
    """Reserve a document whoever holds it; nothing where it was deleted since it was read."""
    now = timezone.now()
    values = {"user": user, "since": now, "heartbeat": now}
    with transaction.atomic():
        if Document.objects.select_for_update(no_key=True).filter(pk=document.pk).exists():
            Reservation.objects.update_or_create(document=document, defaults=values)


def release(documents: Iterable[int], user: User) -> None:
    """Give back those documents that `user` holds."""
    Reservation.objects.filter(document__in=list(documents), user=user).delete()


def give_back(documents: Iterable[int], moment: Moment) -> None:
    """Release what a page holds no longer, and let heartbeats that it sent before reserve none of it again."""
    keys = list(documents)
    try:
        cache.set_many({moment.key(key): moment.number for key in keys}, LEASE.total_seconds())
    except Exception:
        # Whatever the cache's client raises: a late heartbeat then holds the documents for the time of a lease.
        logger.warning("What a page of review gave back cannot be remembered.", exc_info=True)
    release(keys, moment.user)


def given_back(documents: Iterable[int], moment: Moment) -> set[int]:
    """Those documents that the page has given back since it sent the heartbeat of `moment`."""
    keys = {moment.key(key): key for key in documents}
    try:
        numbers = cache.get_many(keys)
    except Exception:
        logger.warning("What a page of review gave back cannot be read.", exc_info=True)
        numbers = {}
    return {keys[key] for key, number in numbers.items() if number >= moment.number}


def of_another(document: Document, user: User) -> Reservation | None:
    """The reservation of somebody else that counts now, whether the document is open there or loaded ahead."""
    return _current().filter(document=document).exclude(user=user).select_related("user").first()


def opened_by_another(document: Document, user: User) -> Reservation | None:
    """The reservation of somebody else who has the document open."""
    other = of_another(document, user)
    return None if other is None or other.since == AHEAD else other


def free_for(user: User, documents: QuerySet[Document]) -> QuerySet[Document]:
    """Those documents that nobody else has reserved."""
    return documents.exclude(Exists(_current().filter(document=OuterRef("pk")).exclude(user=user)))


def ahead_of_others(user: User, documents: QuerySet[Document]) -> QuerySet[Document]:
    """Those documents that somebody else has loaded ahead and not opened."""
    others = _current().filter(document=OuterRef("pk"), since=AHEAD).exclude(user=user)
    return documents.filter(Exists(others))


def _current() -> QuerySet[Reservation]:
    return Reservation.objects.filter(heartbeat__gt=timezone.now() - LEASE)
