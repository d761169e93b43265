"""Orders of a list of documents, and cursors: positions in an order that rows added or deleted meanwhile do not move.

A cursor holds the position itself (value and primary key), so that it outlives its document. Documents without the
value come last in both directions; equal values are told apart by the primary key, newest first.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeAlias

from django.db.models import Case, CharField, F, FilteredRelation, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Concat, Lower, NullIf, Substr

from extraction.domain.fields import Field, Schema
from extraction.models import Document

ADDED, NAME, CONFIDENCE = "added", "name", "confidence"
FIELD = "field."
LARGEST = 2**63 - 1
# Characters of the longest text by which is sorted, with room for letters that are two in lower case.
LONGEST = 600
_SEPARATOR = "~"
# Of a SQL annotation; no column of a document.
_POSITION = "position"
# Where year, month and day stand in dates that are not in the order of their text.
_PARTS: Mapping[str, tuple[tuple[int, int], ...]] = MappingProxyType(
    {
        "dd/mm/yyyy": ((7, 4), (4, 2), (1, 2)),
        "dd.mm.yyyy": ((7, 4), (4, 2), (1, 2)),
        "mm/dd/yyyy": ((7, 4), (1, 2), (4, 2)),
    }
)

Position: TypeAlias = str | float | None


@dataclass(frozen=True, slots=True)
class Cursor:
    """A position in an order: `value` of what is sorted by (`None` without), and the document's primary key."""

    pk: int
    value: Position = None

    def __str__(self) -> str:
        return str(self.pk) if self.value is None else f"{self.pk}{_SEPARATOR}{self.value}"

    def to_json(self) -> int | str:
        """A number where the primary key is all, as in the order of time."""
        return self.pk if self.value is None else str(self)


@dataclass(frozen=True, slots=True)
class Order:
    """By what documents are sorted: `key` is one of the constants, or `FIELD` and the name of `field`."""

    key: str = ADDED
    descending: bool = True
    field: Field | None = field(default=None)

    @classmethod
    def parse(cls, text: str, schema: Schema) -> Order | None:
        """Of a key, after a hyphen where it descends; `None` for an unknown one."""
        key, descending = text.removeprefix("-"), text.startswith("-")
        if key in (ADDED, NAME, CONFIDENCE):
            return cls(key, descending)
        name = key.removeprefix(FIELD)
        return cls(key, descending, schema[name]) if name != key and name in schema else None

    def __str__(self) -> str:
        return f"-{self.key}" if self.descending else self.key

    @property
    def numeric(self) -> bool:
        return self.field.kind.sorts_by_number if self.field else self.key == CONFIDENCE

    def cursor(self, text: str) -> Cursor | None:
        """The cursor that `text` writes; `None` for any other text."""
        digits, _, value = text.partition(_SEPARATOR)
        if not (digits.isascii() and digits.isdigit() and len(digits) <= 19 and int(digits) <= LARGEST):
            return None
        position = self._position(value)
        return None if value and position is None else Cursor(int(digits), position)

    def _position(self, value: str) -> Position:
        if not self.numeric:
            return value if value and len(value) <= LONGEST and "\x00" not in value else None
        try:
            number = float(value)
        except ValueError:
            return None
        return number if math.isfinite(number) else None

    def position(self, document: Document) -> Cursor:
        """Where a document of `part` stands."""
        return Cursor(document.pk, getattr(document, _POSITION, None))

    def part(self, rows: QuerySet[Document], cursor: Cursor | None, *, back: bool = False) -> QuerySet[Document]:
        """The documents behind the cursor, nearest first; with `back` those before it, nearest first, too."""
        rows = self._annotated(rows)
        # Newest first, save where the time itself is sorted by.
        falling = (self.descending if self.key == ADDED else True) != back
        if cursor is not None:
            rows = rows.filter(self._beyond(cursor, back, Q(**{"pk__lt" if falling else "pk__gt": cursor.pk})))
        order = F("pk").desc() if falling else F("pk").asc()
        if self.key == ADDED:
            return rows.order_by(order)
        last = {"nulls_first": True} if back else {"nulls_last": True}
        value = F(_POSITION)
        return rows.order_by(value.desc(**last) if self.descending != back else value.asc(**last), order)

    def _beyond(self, cursor: Cursor, back: bool, beside: Q) -> Q:
        """The condition on documents further on; `beside`: those of an equal value."""
        if self.key == ADDED:
            return beside
        none = Q(**{f"{_POSITION}__isnull": True})
        if cursor.value is None:
            return (none & beside) | ~none if back else none & beside
        direction = "lt" if self.descending != back else "gt"
        further = Q(**{f"{_POSITION}__{direction}": cursor.value}) | (Q(**{_POSITION: cursor.value}) & beside)
        return further if back else further | none

    def _annotated(self, rows: QuerySet[Document]) -> QuerySet[Document]:
        if self.key == ADDED:
            return rows
        if self.field is None:
            return rows.annotate(**{_POSITION: Lower("name") if self.key == NAME else F("confidence")})
        named = Q(best_labels__field=self.field.name)
        rows = rows.annotate(sorted_by=FilteredRelation("best_labels", condition=named))
        return rows.annotate(**{_POSITION: _value(self.field)})


NEWEST = Order()
OLDEST = Order(descending=False)


def _value(by: Field) -> Combinable:
    """What `BestLabel` keeps of the field to sort by, empty where it is stated to be absent or cannot be read."""
    if by.kind.sorts_by_number:
        return F("sorted_by__number")
    text: Combinable = F("sorted_by__text")
    if parts := _PARTS.get(by.format):
        text = Concat(*(Substr("sorted_by__text", start, length) for start, length in parts))
    if by.kind.typed:
        return Case(When(sorted_by__label__normalized__isnull=False, then=text), output_field=CharField())
    return NullIf(text, Value(""))
