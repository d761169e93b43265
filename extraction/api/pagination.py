"""Lists, newest first, by keyset: as fast at the end as at the start, and nothing comes twice while rows are added.

ninja's own `CursorPagination` counts nothing either, but cannot keep the contract of `/api/v1`: its cursors are base64
texts and ours are primary keys, its `next` is an address and ours a cursor, and it calls `limit` `page_size`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import Model, QuerySet
from ninja import Field, Schema

LARGEST = 2**63 - 1
Row = TypeVar("Row", bound=Model)
Item = TypeVar("Item")


class Cursor(Schema):
    """Which part of a list is asked for."""

    cursor: int | None = Field(None, ge=1, le=LARGEST, description="What the part before said under `next`.")
    limit: int = Field(50, ge=1, le=100, description="How many at most.")


@dataclass(frozen=True, slots=True)
class Part(Generic[Item]):
    """A part of a list; `next` is the cursor of the following part, `None` at the end."""

    results: list[Item]
    next: int | str | None


def page(rows: QuerySet[Row], cursor: Cursor) -> Part[Row]:
    """The part that `cursor` asks for; one query."""
    if cursor.cursor is not None:
        rows = rows.filter(pk__lt=cursor.cursor)
    more = list(rows.order_by("-pk")[: cursor.limit + 1])
    results = more[: cursor.limit]
    return Part(results, results[-1].pk if len(more) > len(results) else None)
