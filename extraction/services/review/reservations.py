"""Reservations: while a reviewer has a document open or loaded in advance, the queue gives it to nobody else.

A reservation is a lease. Pages renew it by a heartbeat, so that one of a closed browser or a lost connection runs out
by itself. Each step is one statement that either finds the row as expected or changes nothing; the document's unique
row decides between two reviewers who come at the same moment, on SQLite and PostgreSQL alike. Nobody is barred from a
document: a reservation is a notice to others, and the conflict rule guards what they save.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from extraction.models import Document, Reservation, User

# Without a heartbeat for this long a document is free again; pages send one every half minute.
LEASE = timedelta(minutes=2)


def reserve(document: Document, user: User) -> bool:
    """Reserve a document, or renew the lease; whether it is now the user's. Never takes it from somebody else."""
    now = timezone.now()
    rows = Reservation.objects.filter(document=document)
    if rows.filter(user=user, heartbeat__gt=now - LEASE).update(heartbeat=now):
        return True
    if rows.filter(heartbeat__lte=now - LEASE).update(user=user, since=now, heartbeat=now):
        return True
    # Of two inserts at the same moment the database keeps the first.
    row = Reservation(document=document, user=user, since=now, heartbeat=now)
    Reservation.objects.bulk_create([row], ignore_conflicts=True)
    return rows.filter(user=user).exists()


def take_over(document: Document, user: User) -> None:
    """Reserve a document whoever holds it."""
    now = timezone.now()
    values = {"user": user, "since": now, "heartbeat": now}
    Reservation.objects.update_or_create(document=document, defaults=values)


def release(documents: Iterable[int], user: User) -> None:
    """Give back those documents that `user` holds."""
    Reservation.objects.filter(document__in=list(documents), user=user).delete()


def of_another(document: Document, user: User) -> Reservation | None:
    """The reservation of somebody else that counts now."""
    return _current().filter(document=document).exclude(user=user).select_related("user").first()


def free_for(user: User, documents: QuerySet[Document]) -> QuerySet[Document]:
    """Those documents that nobody else has reserved."""
    return documents.exclude(Exists(_current().filter(document=OuterRef("pk")).exclude(user=user)))


def _current() -> QuerySet[Reservation]:
    return Reservation.objects.filter(heartbeat__gt=timezone.now() - LEASE)
