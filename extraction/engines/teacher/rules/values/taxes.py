"""Sums proven by printed rates of tax, whatever the language of the words beside them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from extraction.engines.teacher.rules.values.arithmetic import MOST_TAXES, Sums

# Amounts, and lines with rates, that are tried.
MOST_AMOUNTS, MOST_RATED = 60, 8
# What a printed tax may differ from its rate, by rounding.
ROUNDED = Decimal("0.011")
# Whole per cents that a tax may have where no rate is printed.
USUAL = range(3, 28)
_RATE = re.compile(r"(?<![\d.,])(\d{1,2}(?:[.,]\d{1,2})?)\s?%|%\s?(\d{1,2}(?:[.,]\d{1,2})?)(?![\d.,])")


@dataclass(frozen=True, slots=True)
class Rated:
    """An amount beside a rate of tax, a share of one."""

    rate: Decimal
    value: Decimal

    @property
    def gross(self) -> Decimal:
        """The amount in which the tax is included."""
        return self.value * (1 + self.rate) / self.rate

    @property
    def rounding(self) -> Decimal:
        return ROUNDED * (1 + self.rate) / self.rate


def rates(label: str) -> Iterator[Decimal]:
    """The rates that stand in the text beside an amount: `20%`, `%20`."""
    for match in _RATE.finditer(label):
        if rate := Decimal((match[1] or match[2]).replace(",", ".")):
            yield rate / 100


def by_rate(rated: Iterable[Rated], printed: Collection[Decimal]) -> Sums | None:
    """Net, tax and gross amounts that are all printed and agree with a rate; the largest."""
    values = _largest(printed)
    found = [
        Sums(net, tax.value, net + tax.value, (tax.value,))
        for tax in list(rated)[:MOST_AMOUNTS]
        for net in values
        if tax.value > 0 and net + tax.value in printed and abs(net * tax.rate - tax.value) <= ROUNDED
    ]
    return max(found, key=lambda sums: sums.gross, default=None)


def by_usual_rate(printed: Sequence[Decimal]) -> Sums | None:
    """The largest amount as the gross one, where two others make it up and one is a usual share of the other.

    `printed` holds the amounts in the order of the document: what stands behind the amount that it makes up with the
    one before may be change, given back of cash.
    """
    values = _largest(set(printed))
    for gross in values[:1]:
        for net in values:
            tax = gross - net
            usual = tax in printed and any(abs(net * rate / 100 - tax) <= ROUNDED for rate in USUAL)
            if usual and not may_be_change(tax, net, gross, printed):
                return Sums(net, tax, gross, (tax,))
    return None


def may_be_change(value: Decimal, total: Decimal, given: Decimal, printed: Sequence[Decimal]) -> bool:
    """Whether the three stand below each other as total, cash and change do."""
    return printed.index(total) < printed.index(given) and value in printed[printed.index(given) :]


def included(rated: Sequence[Rated], gross: Decimal) -> Sums | None:
    """The taxes that the gross amount includes, by their rates: of each the amount that it is on, together all."""
    lines = [line for line in dict.fromkeys(rated) if 0 < line.value < gross][:MOST_RATED]
    for size in range(MOST_TAXES, 0, -1):
        for parts in combinations(lines, size):
            off = abs(sum(part.gross for part in parts) - gross)
            if len({part.rate for part in parts}) == size and off <= sum(part.rounding for part in parts):
                tax = sum((part.value for part in parts), Decimal(0))
                return Sums(gross - tax, tax, gross, tuple(part.value for part in parts))
    return None


def _largest(printed: Collection[Decimal]) -> list[Decimal]:
    return sorted((value for value in printed if value > 0), reverse=True)[:MOST_AMOUNTS]
