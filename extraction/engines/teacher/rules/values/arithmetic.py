"""Which amounts are net, tax and gross: those that add up, of all that their labels allow."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

# Amounts of each role that are tried, the best rated ones.
TRIED = 8
Ratings = Mapping[Decimal, float]


@dataclass(frozen=True, slots=True)
class Sums:
    net: Decimal
    tax: Decimal
    gross: Decimal


def proven(net: Ratings, tax: Ratings, gross: Ratings, extras: Sequence[Ratings] = ()) -> Sums | None:
    """The sums whose labels speak most for them; `None` where none add up. `extras`, such as tips, may be added too.

    Two of the three must be labelled. The tax is less than what it is on.
    """
    added = [Decimal(0), *(value for some in extras for value in _best(some))]
    found = [*_with_tax(net, tax, gross, added), *_without_tax(net, tax, gross), *_without_gross(net, tax, gross)]
    if not found:
        return None
    return max(found, key=lambda each: (each[0], abs(each[1].gross)))[1]


def _with_tax(net: Ratings, tax: Ratings, gross: Ratings, added: Sequence[Decimal]) -> Iterator[tuple[float, Sums]]:
    """Gross and tax are labelled, what is left is printed."""
    for whole in _best(gross):
        for part in _best(tax):
            for extra in added:
                rest = whole - part - extra
                if rest in net and abs(rest) > abs(part) and (part or rest == whole):
                    score = gross[whole] + tax[part] + max(net[rest], 0.0) - 0.5 * bool(extra) - (not part)
                    yield score, Sums(rest, part, whole)


def _without_tax(net: Ratings, tax: Ratings, gross: Ratings) -> Iterator[tuple[float, Sums]]:
    """Gross and net are labelled, the difference is printed and may be a tax."""
    for whole in _best(gross):
        for rest in _best(net):
            part = whole - rest
            if part and part in tax and abs(part) < abs(rest) and tax[part] >= 0:
                yield gross[whole] + net[rest] + tax[part], Sums(rest, part, whole)


def _without_gross(net: Ratings, tax: Ratings, gross: Ratings) -> Iterator[tuple[float, Sums]]:
    """Net and taxes (one, or two such as a state's and a country's) are labelled, their sum is printed."""
    taxes = _best(tax)
    for rest in _best(net):
        for part in {*taxes, *(one + other for one in taxes for other in taxes)}:
            whole = rest + part
            if part and whole in gross and abs(part) < abs(rest) and gross[whole] >= 0:
                several = part not in taxes
                yield net[rest] + tax.get(part, 0.0) + gross[whole] - several, Sums(rest, part, whole)


def _best(ratings: Ratings) -> list[Decimal]:
    return heapq.nlargest(TRIED, (value for value in ratings if ratings[value] > 0), key=lambda value: ratings[value])
