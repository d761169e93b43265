"""What a document prints against the total that it names: sums that the total would have to be.

A total may differ from a sum by rounding, or by an amount that explains it, such as a discount.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from extraction.engines.teacher.rules.lines import Row
from extraction.engines.teacher.rules.values.occurrences import Occurrence
from extraction.engines.teacher.rules.values.taxes import ROUNDED, Rated
from extraction.engines.teacher.rules.vocabulary import Meaning, has

# What totals differ by where they are paid in cash.
CASH_ROUNDING = Decimal("0.05")
# Zeros at the end of a total that rounding makes.
MOST_ZEROS = 3
# Rounding changes less than one part in so many.
ROUNDING_SHARE = 20

# What stands in the row of the total, and in no row of an item.
ENDING = (Meaning.TOTAL_DUE, Meaning.TOTAL, Meaning.AMOUNT_DUE, Meaning.TOTAL_ROUNDED)
EXTRAS = (Meaning.DISCOUNT, Meaning.TAX, Meaning.TIP, Meaning.SERVICE)
NO_ITEM = (
    *(*ENDING, *EXTRAS, Meaning.SUBTOTAL, Meaning.BEFORE_TAX, Meaning.NET, Meaning.GROSS, Meaning.PREPAID),
    *(Meaning.PAYABLE, Meaning.PAYMENT, Meaning.CASH, Meaning.CARD, Meaning.TENDERED, Meaning.CHANGE),
    *(Meaning.ROUNDING, Meaning.ROUNDED, Meaning.COUNT, Meaning.OTHER_AMOUNT),
)
# A word without a multiplication beside it; a mark of a few characters may follow the price.
_ITEM = re.compile(r"(?!.*(?:\d\s?[x*@]|[x@]\s?\d))(?=.*[^\W\d_]{2}).*", re.IGNORECASE | re.DOTALL)
_MARK = 3


@dataclass(frozen=True, slots=True)
class Totals:
    """The totals that are named, several where none does better than others.

    `less`: what may be taken off or added before the total, such as discounts.
    """

    named: Collection[Decimal]
    less: Collection[Decimal]

    def contradict(self, sums: Collection[Decimal], explained: Collection[Decimal]) -> bool:
        """Whether none of them is one of these sums, nor off by an amount of `explained`."""
        if not sums or not self.named:
            return False
        return not any(
            _rounds(total, off) or abs(off) in explained
            for total in self.named
            for sum_ in sums
            for off in (total - sum_ + other for other in (Decimal(0), *self.less))
        )


def with_rate(nets: Iterable[Decimal], rates: Collection[Decimal]) -> set[Decimal]:
    """What the net amount makes up with the one rate that is printed, or without it."""
    return {net * factor for net in nets for rate in rates for factor in (1, 1 + rate)} if len(rates) == 1 else set()


def paid(given: Collection[Decimal], change: Iterable[Decimal], named: Collection[Decimal]) -> set[Decimal]:
    """What was paid: the cash given, or all that was, less the change; nothing where `given` is the total itself."""
    if not set(given).isdisjoint(named):
        return set()
    sums = {*given, sum(given, Decimal(0))}
    return {whole - part for whole in sums for part in change if whole > part}


def taxed(taxes: Iterable[Rated], printed: Collection[Decimal]) -> set[Decimal]:
    """All that is taxed, where beside each tax with its rate the amount is printed that includes it."""
    grosses = {value for tax in taxes for value in printed if abs(tax.gross - value) <= tax.rounding}
    return {sum(grosses, Decimal(0))} if grosses else set()


def too_large(taxes: Iterable[Rated], total: Decimal, printed: Collection[Decimal]) -> bool:
    """Whether no amount beside a rate can be a tax that the total includes, nor what the tax is on."""
    possible = dict[Decimal, bool]()
    for tax in taxes:
        if tax.value < total:
            fits = tax.gross - tax.value <= total + tax.rounding or _is_base(tax, printed)
            possible[tax.rate] = possible.get(tax.rate, False) or fits
    return not all(possible.values())


def items(rows: Sequence[Row], read: Sequence[tuple[Occurrence, Decimal]], named: Collection[Decimal]) -> list[Decimal]:
    """The prices in the rows right above the total; none where not every row is a word with its price.

    A row without an amount may be an item whose price is not read.
    """
    prices = list[Decimal]()
    at = {id(row): number for number, row in enumerate(rows)}
    following = None
    for place, value in read:
        number = at[id(place.row)]
        if following not in (None, number):
            return []
        if value in named and has(place.row.text, *ENDING):
            return prices if len(prices) > 1 else []
        if has(place.row.text, *NO_ITEM) or place.columns > 1 or not _ITEM.fullmatch(place.near):
            return []
        if place.behind[_MARK:].strip():
            return []
        prices.append(value)
        following = number + 1
    return []


def _is_base(rated: Rated, printed: Collection[Decimal]) -> bool:
    """Whether the tax on the amount, or both, is printed, too; in whole units where amounts have no decimals."""
    off = ROUNDED if rated.value % 1 else Decimal(1)
    tax = rated.value * rated.rate
    return any(abs(sum_ - value) <= off for value in printed for sum_ in (tax, rated.value + tax))


def _rounds(total: Decimal, off: Decimal) -> bool:
    """Whether rounding explains it: that makes whole units, or round ones of amounts without decimals."""
    digits = total.as_tuple()
    if abs(off) <= CASH_ROUNDING:
        return True
    if not isinstance(digits.exponent, int) or digits.exponent < 0:
        unit = Decimal(total == int(total))
    else:
        written = str(abs(int(total)))
        unit = Decimal(10) ** min(len(written) - len(written.rstrip("0")), MOST_ZEROS)
    return abs(off) < min(unit, abs(total) / ROUNDING_SHARE)
