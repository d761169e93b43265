"""Lists, newest first, by keyset: as fast at the end as at the start, and nothing comes twice while rows are added."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from ninja import Field, Schema

LARGEST = 2**63 - 1
Row = TypeVar("Row", bound=Model)


class Cursor(Schema):
    """Which part of a list is asked for."""

    cursor: int | None = Field(None, ge=1, le=LARGEST, description="What the part before said under `next`.")
    limit: int = Field(50, ge=1, le=100, description="How many at most.")


def page(rows: QuerySet[Row], cursor: Cursor) -> dict[str, Any]:
    """`{"results", "next"}`; one query. `next` is None at the end."""
    if cursor.cursor is not None:
        rows = rows.filter(pk__lt=cursor.cursor)
    found = list(rows.order_by("-pk")[: cursor.limit + 1])
    results = found[: cursor.limit]
    return {"results": results, "next": results[-1].pk if len(found) > len(results) else None}
