"""Which amounts are net, tax and gross: those that add up, of all that their labels allow."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

# Amounts of each role that are tried, the best rated ones.
TRIED = 8
# Taxes, by rate or by who levies them, that are summed.
MOST_TAXES = 3
# The rating from which on a label says what its amount is.
LABELLED = 2.0
Ratings = Mapping[Decimal, float]


@dataclass(frozen=True, slots=True)
class Sums:
    """`taxes` make up the tax: several where there is one by rate, or one of a state and of a country."""

    net: Decimal
    tax: Decimal
    gross: Decimal
    taxes: tuple[Decimal, ...] = ()


@dataclass(frozen=True, slots=True)
class _Taxes:
    total: Decimal
    rating: float
    parts: tuple[Decimal, ...]


def proven(
    net: Ratings,
    tax: Ratings,
    gross: Ratings,
    extras: Sequence[Ratings] = (),
    times: Mapping[Decimal, int] | None = None,
) -> Sums | None:
    """The sums whose labels speak most for them; `None` where none add up. `extras`, such as tips, may be added too.

    Two of the three must be labelled. The tax is less than what it is on. `times`: how often an amount is printed,
    as two taxes can be equal.
    """
    added = [Decimal(0), *(value for some in extras for value in _best(some))]
    taxes = list(_taxes(tax, times or {}))
    found = [
        *_with_tax(net, taxes, gross, added),
        *_without_tax(net, tax, gross),
        *_without_gross(net, taxes, gross),
    ]
    if not found:
        return None
    return max(found, key=lambda each: (each[0], abs(each[1].gross)))[1]


def labelled_sums(net: Ratings, tax: Ratings) -> set[Decimal]:
    """What the net amount makes up with one or all of the taxes, where labels say which they are."""
    nets = [value for value in _best(net) if net[value] >= LABELLED]
    taxes = [value for value in _best(tax) if tax[value] >= LABELLED and any(0 < value < other for other in nets)]
    added = (Decimal(0), *taxes, sum(taxes, Decimal(0))) if taxes else ()
    return {value + part for value in nets for part in added}


def _taxes(tax: Ratings, times: Mapping[Decimal, int]) -> Iterator[_Taxes]:
    """Every labelled tax, and sums of several; these are less likely."""
    best = _best(tax)
    yield from (_Taxes(value, tax[value], (value,)) for value in best)
    printed = [value for value in best for _ in range(min(times.get(value, 1), MOST_TAXES)) if value][:TRIED]
    for size in range(2, MOST_TAXES + 1):
        for parts in sorted(set(combinations(printed, size))):
            yield _Taxes(sum(parts, Decimal(0)), max(tax.get(sum(parts, Decimal(0)), 0.0), 0.0), parts)


def _with_tax(
    net: Ratings, taxes: Sequence[_Taxes], gross: Ratings, added: Sequence[Decimal]
) -> Iterator[tuple[float, Sums]]:
    """Gross and taxes are labelled, what is left is printed."""
    for whole in _best(gross):
        for part in taxes:
            for extra in added:
                rest = whole - part.total - extra
                if rest in net and abs(rest) > abs(part.total) and (part.total or rest == whole):
                    score = gross[whole] + part.rating + max(net[rest], 0.0) - 0.5 * bool(extra)
                    several = len(part.parts) > 1
                    yield score - several - (not part.total), Sums(rest, part.total, whole, part.parts)


def _without_tax(net: Ratings, tax: Ratings, gross: Ratings) -> Iterator[tuple[float, Sums]]:
    """Gross and net are labelled, the difference is printed and may be a tax."""
    for whole in _best(gross):
        for rest in _best(net):
            part = whole - rest
            if part and part in tax and abs(part) < abs(rest) and tax[part] >= 0:
                yield gross[whole] + net[rest] + tax[part], Sums(rest, part, whole, (part,))


def _without_gross(net: Ratings, taxes: Sequence[_Taxes], gross: Ratings) -> Iterator[tuple[float, Sums]]:
    """Net and taxes are labelled, their sum is printed."""
    for rest in _best(net):
        for part in taxes:
            whole = rest + part.total
            if part.total and whole in gross and abs(part.total) < abs(rest) and gross[whole] >= 0:
                several = len(part.parts) > 1
                yield net[rest] + part.rating + gross[whole] - several, Sums(rest, part.total, whole, part.parts)


def _best(ratings: Ratings) -> list[Decimal]:
    return heapq.nlargest(TRIED, (value for value in ratings if ratings[value] > 0), key=lambda value: ratings[value])
