"""Arithmetic of rows, which tells whether they were read right: quantity times price, and sums that are printed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import permutations

from extraction.domain.fields import Field

# What rounding may cost: half a cent of a price times a quantity shows in the amount.
ROUNDING = Decimal("0.011")


def numeric_fields(field: Field) -> tuple[str, ...]:
    """The group's fields that hold numbers or amounts, in their order."""
    return tuple(part.name for part in field.fields if part.kind.numeric)


def amount_field(field: Field) -> str | None:
    """The field that rows add up by: the last one of amounts, as tables print it."""
    return next((part.name for part in reversed(field.fields) if part.type == "money"), None)


def is_product(values: Iterable[Decimal]) -> bool | None:
    """Whether one of three numbers is the product of the others; `None` where there are not three."""
    numbers = list(values)
    if len(numbers) < 3:
        return None
    return any(_is_product(a, b, c) for a, b, c in permutations(numbers, 3))


def _is_product(a: Decimal, b: Decimal, c: Decimal) -> bool:
    return bool(a or b) and abs(a * b - c) <= ROUNDING * max(abs(a), abs(b), Decimal(1)) / 2


def adds_up(amounts: Sequence[Decimal], printed: Mapping[Decimal, int]) -> bool | None:
    """Whether the sum of the rows' amounts is printed once more than the amounts themselves; `None` without amounts.

    `printed` counts the amounts of the document.
    """
    if not amounts:
        return None
    total = sum(amounts, Decimal(0))
    return printed.get(total, 0) > amounts.count(total)
