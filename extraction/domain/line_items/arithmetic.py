"""Arithmetic of rows, which tells whether they were read right: quantity times price, and sums that are printed."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import combinations

from extraction.domain.fields import Field

# What rounding may cost: half a cent of a price times a quantity shows in the amount.
ROUNDING = Decimal("0.011")
# Rows without a product by which a table's columns are no quantity, price and amount.
WITHOUT = 3


def numeric_fields(field: Field) -> tuple[str, ...]:
    """The group's fields that hold numbers or amounts, in their order."""
    return tuple(part.name for part in field.fields if part.kind.numeric)


def amount_field(field: Field) -> str | None:
    """The field that rows add up by: the last one of amounts, as tables print it."""
    return next((part.name for part in reversed(field.fields) if part.type == "money"), None)


def is_product(values: Iterable[Decimal]) -> bool | None:
    """Whether one of three numbers is the product of the others; `None` where there are not three."""
    return _relates(sorted(values), Decimal(1))


def products(rows: Sequence[Sequence[Decimal]]) -> list[bool | None]:
    """`is_product` of each row of a table; `None` for all where its columns are no quantity, price and amount.

    They are others where no row is a product, but each a percentage (rate, net and tax), or there are several.
    """
    found = [is_product(row) for row in rows]
    if True in found:
        return found
    without = [row for row, product in zip(rows, found, strict=True) if product is False]
    if len(without) >= WITHOUT or all(_relates(sorted(row), Decimal("0.01")) for row in without):
        return [None] * len(found)
    return found


def _relates(ordered: Sequence[Decimal], factor: Decimal) -> bool | None:
    """Whether two of the numbers times `factor` make a third one; `None` where there are not three."""
    if len(ordered) < 3:
        return None
    return any(_makes_a_third(a, b, factor, ordered) for a, b in combinations(ordered, 2) if a or b)


def _makes_a_third(a: Decimal, b: Decimal, factor: Decimal, ordered: Sequence[Decimal]) -> bool:
    made, rounding = a * b * factor, ROUNDING * max(abs(a) * factor, abs(b) * factor, Decimal(1)) / 2
    low, high = made - rounding, made + rounding
    themselves = (low <= a <= high) + (low <= b <= high)
    return bisect_right(ordered, high) - bisect_left(ordered, low) > themselves


def adds_up(amounts: Sequence[Decimal], printed: Mapping[Decimal, int]) -> bool | None:
    """Whether the sum of the rows' amounts is printed once more than the amounts themselves; `None` without amounts.

    `printed` counts the amounts of the document.
    """
    if not amounts:
        return None
    total = sum(amounts, Decimal(0))
    return printed.get(total, 0) > amounts.count(total)
