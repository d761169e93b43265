"""Rows of the last hour, found at a cost that does not grow with the table."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TypeVar

from django.db.models import ExpressionWrapper, IntegerField, Model, QuerySet, Subquery
from django.utils import timezone

HOUR = timedelta(hours=1)
# A table without an index on the time is searched among so many of its newest rows.
NEWEST = 20_000
Row = TypeVar("Row", bound=Model)


def an_hour_ago() -> datetime:
    return timezone.now() - HOUR


def newest(kind: type[Row], most: int = NEWEST) -> QuerySet[Row]:
    """The rows whose primary keys are among the last `most` that were given, in no order."""
    last = Subquery(kind._default_manager.order_by("-pk").values("pk")[:1])
    return kind._default_manager.filter(pk__gt=ExpressionWrapper(last - most, output_field=IntegerField()))
