"""What a table's own values say about it: cells that cannot be read, arithmetic that fails, the sum of its amounts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from extraction.domain.field_types import Certainty, read
from extraction.domain.fields import Field, Schema
from extraction.domain.line_items.arithmetic import amount_field, products
from extraction.domain.line_items.rows import groups, rows_of
from extraction.models import Label

NUMBER = re.compile(r"-?\d+(\.\d+)?")
# Words of the fields that hold what amounts of rows add up to, of those before taxes, and of the taxes.
SUMS = {"total", "sum", "gross", "amount", "due", "payable", "incl", "including"}
NET = {"subtotal", "net", "before", "excl", "excluding"}
TAX = {"tax", "taxes", "vat", "gst", "hst", "pst"}


class Doubt(StrEnum):
    UNREADABLE = "unreadable"  # no value of the column's type
    PRODUCT = "product"  # the row's quantity times its price is another amount


class SumRole(StrEnum):
    """What an amount beside the rows is to their sum, which is one of the first two."""

    NET = "net"  # before taxes
    TOTAL = "total"
    TAX = "tax"  # what may lie between them


@dataclass(frozen=True, slots=True)
class CellDoubt:
    """A reason to look at a cell; rows count from 0."""

    row: int
    column: str
    doubt: Doubt


@dataclass(frozen=True, slots=True)
class Checks:
    """`sum`: of the amounts that can be read, `None` where the group has no amounts; `unread`: those that cannot."""

    doubts: tuple[CellDoubt, ...] = ()
    sum: Decimal | None = None
    unread: int = 0


def checks(field: Field, label: Label | None) -> Checks:
    """Of the rows of a group's label; nothing where it holds none."""
    rows = rows_of(field, label.value) if label else None
    if rows is None or label is None:
        return Checks()
    normalized = _normalized(label, len(rows))
    doubts: list[CellDoubt] = []
    proven = products([_numbers(field, row) for row in normalized])
    for number, (row, read_row) in enumerate(zip(rows, normalized, strict=True)):
        doubts += _doubts(field, number, row, read_row, proven[number])
    name = amount_field(field)
    amounts = [row.get(name) for row in normalized if row.get(name)] if name else []
    numbers = [Decimal(amount) for amount in amounts if amount and NUMBER.fullmatch(amount)]
    return Checks(tuple(doubts), sum(numbers, Decimal(0)) if name else None, len(amounts) - len(numbers))


def sum_fields(schema: Schema) -> dict[str, SumRole]:
    """The fields beside rows that may hold their sum, by their names, or all amounts where no name tells; and taxes."""
    if not any(amount_field(group) for group in groups(schema)):
        return {}
    amounts = [field.name for field in schema.fields if field.type == "money"]
    named = {name: role for name in amounts if (role := _role(name))}
    if any(role is not SumRole.TAX for role in named.values()):
        return named
    return {name: named.get(name, SumRole.TOTAL) for name in amounts}


def _role(name: str) -> SumRole | None:
    words = set(name.split("_"))
    if words & NET or {"sub", "total"} <= words:
        return SumRole.NET
    if words & TAX and not words & {"incl", "including"}:
        return SumRole.TAX
    return SumRole.TOTAL if words & SUMS else None


def _normalized(label: Label, rows: int) -> Sequence[Mapping[str, str | None]]:
    """The rows in the formats of their fields; what cannot be read keeps its text."""
    found = json.loads(label.normalized) if label.normalized else []
    return found if len(found) == rows else [{}] * rows


def _doubts(
    field: Field, number: int, row: Mapping[str, str | None], normalized: Mapping[str, str | None], product: bool | None
) -> Iterator[CellDoubt]:
    for part in field.fields:
        text = row.get(part.name)
        if text and not _is_read(part, text, normalized.get(part.name)):
            yield CellDoubt(number, part.name, Doubt.UNREADABLE)
    name = amount_field(field)
    if name and row.get(name) and product is False:
        yield CellDoubt(number, name, Doubt.PRODUCT)


def _numbers(field: Field, normalized: Mapping[str, str | None]) -> list[Decimal]:
    values = [normalized.get(part.name) for part in field.fields if part.kind.numeric]
    return [Decimal(value) for value in values if value and NUMBER.fullmatch(value)]


def _is_read(part: Field, text: str, normalized: str | None) -> bool:
    if not part.kind.invalid:
        return True
    if part.kind.numeric and normalized is not None:
        return NUMBER.fullmatch(normalized) is not None
    return (normalized is not None and normalized != text) or read(part, text).certainty is Certainty.READ
