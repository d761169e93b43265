"""The amounts of a document together: the total that is named, and net, tax and gross amount where they are proven."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from extraction.domain.field_types.readers.amounts import find_amounts, parse_money
from extraction.domain.field_types.readers.currencies import DecimalSign
from extraction.domain.field_types.readers.decimal_signs import infer_decimal_sign
from extraction.engines.teacher.rules.lines import Row
from extraction.engines.teacher.rules.roles import GROSS, NET, PREPAID, ROUNDING, SERVICE, TAX, TIP, TOTAL, Role
from extraction.engines.teacher.rules.values.arithmetic import LABELLED, Sums, labelled_sums, proven
from extraction.engines.teacher.rules.values.occurrences import Occurrence, occurrences
from extraction.engines.teacher.rules.values.taxes import Rated, by_rate, by_usual_rate, included, rates
from extraction.engines.teacher.rules.vocabulary import Meaning, has

# Different amounts on a document up to which the one that was paid is looked for among their differences.
MOST_AMOUNTS = 500
# Discounts that may explain why a total is another one.
MOST_DISCOUNTS = 20
# The rating from which on labels name the total.
NAMED = 3.0
# What totals differ by where they are paid in cash.
CASH_ROUNDING = Decimal("0.05")
# Zeros at the end of a total that rounding makes.
MOST_ZEROS = 3
# More is no rounding.
ROUNDING_LIMIT = Decimal(1)


@dataclass(frozen=True)
class Amounts:
    """The amounts of a document that can be read, and how they hang together."""

    rows: Sequence[Row]

    @cached_property
    def read(self) -> Sequence[tuple[Occurrence, Decimal]]:
        sign = infer_decimal_sign(row.text for row in self.rows)
        amounts = ((place, _amount(place, sign)) for place in occurrences(self.rows, find_amounts))
        return [(place, amount) for place, amount in amounts if amount is not None]

    @cached_property
    def times(self) -> Mapping[Decimal, int]:
        """How often each amount is printed, where it is not only the end of a longer reading."""
        times = dict.fromkeys((value for _, value in self.read), 0)
        for place, value in self.read:
            times[value] += not place.inner
        return times

    def ratings(self, role: Role) -> dict[Decimal, float]:
        """The best rating of each amount for the role."""
        best: dict[Decimal, float] = {}
        for place, value in self.read:
            best[value] = max(best.get(value, place.rating(role)), place.rating(role))
        return best

    @cached_property
    def sums(self) -> Sums | None:
        """Net, tax and gross amount, where the page proves them: by labels or by rates of tax."""
        if self._labelled is not None and not self.contradicted:
            return self._labelled
        if self.named:
            return included(self._taxes, *self.named) if len(self.named) == 1 else None
        return by_rate(self._rated, self.times) or by_usual_rate(
            [value for place, value in self.read if not place.inner]
        )

    @cached_property
    def named(self) -> Set[Decimal]:
        """The total that labels name; several where none does better than others."""
        for ratings in (self.ratings(TOTAL), self.ratings(GROSS)):
            best = max(ratings.values(), default=0.0)
            if best >= NAMED:
                return {value for value, rating in ratings.items() if rating == best}
        return frozenset()

    @cached_property
    def credited(self) -> bool:
        """Whether it gives money back: the total is negative."""
        return max(self.named, default=Decimal(0)) < 0

    @cached_property
    def contradicted(self) -> bool:
        """Whether the total that is named is neither what net and tax make up, nor off by an amount that is printed, as
        a discount is."""
        sums, printed = self._labelled, {abs(value) for value in self.times}
        made_up = {sums.gross} if sums else labelled_sums(self.ratings(NET), self.ratings(TAX))
        if not made_up or not self.named:
            return False
        less = {abs(value) for place, value in self.read if value < 0 or has(place.near, Meaning.DISCOUNT)}
        less = set(sorted(less)[:MOST_DISCOUNTS])
        return not any(
            abs(off) <= _rounding(total) or abs(off) in printed
            for total in self.named
            for sum_ in made_up
            for off in (total - sum_ + other for other in (Decimal(0), *less))
        )

    @cached_property
    def includes_tax(self) -> bool:
        """Whether a part of the total that is named is labelled as a tax."""
        most = max(self.named, default=Decimal(0))
        return any(rating >= LABELLED and 0 < value < most for value, rating in self.ratings(TAX).items())

    @cached_property
    def _labelled(self) -> Sums | None:
        extras = (self.ratings(TIP), self.ratings(SERVICE))
        return proven(self.ratings(NET), self.ratings(TAX), self.ratings(GROSS), extras, self.times)

    @cached_property
    def _rated(self) -> Sequence[Rated]:
        others = (Meaning.DISCOUNT, Meaning.SERVICE, Meaning.TIP)
        read = ((place, value) for place, value in self.read if not has(place.label, *others))
        return [Rated(rate, value) for place, value in read for rate in rates(place.label)]

    @cached_property
    def _taxes(self) -> Sequence[Rated]:
        """The amounts beside a rate that are labelled as taxes, or as included."""
        read = ((place, value) for place, value in self.read if place.rating(TAX) > 0 or has(place.near, Meaning.GROSS))
        return [Rated(rate, value) for place, value in read for rate in rates(place.label)]

    @cached_property
    def rounded(self) -> bool:
        """Whether a rounding follows the gross amount, so that something else was paid."""
        labelled = self.ratings(ROUNDING).items()
        gross = self.sums and self.sums.gross
        return any(value and rating > 0 and abs(value) < ROUNDING_LIMIT for value, rating in labelled) or any(
            gross and 0 < abs(value) <= CASH_ROUNDING and gross + value in self.times for value in self.times
        )

    @cached_property
    def paid(self) -> frozenset[Decimal]:
        """The amounts by which two others, cash and change, differ exactly; change itself stands behind the cash."""
        first, last = dict[Decimal, int](), dict[Decimal, int]()
        for at, (_, value) in enumerate(self.read):
            first.setdefault(value, at)
            last[value] = at
        if len(first) > MOST_AMOUNTS:
            return frozenset()
        return frozenset(
            value
            for value in first
            for given in first
            if given > value > 0 and given != 2 * value and given - value in first
            if not first[given - value] < first[given] < last[value]
        )

    @cached_property
    def remaining(self) -> Decimal | None:
        """The gross amount less what was paid before, where both are known."""
        if self.sums is None:
            return None
        left = {self.sums.gross - value for value, rating in self.ratings(PREPAID).items() if rating > 0 and value}
        return next((value for value in self.times if value in left), None)


def _amount(place: Occurrence, sign: DecimalSign) -> Decimal | None:
    """The amount; what the value alone leaves open, the currency beside it may tell: `¥1,000`."""
    before, behind = place.near.split()[-1:], place.behind.split()[:1]
    texts = (place.value, "".join((*before, place.value)), "".join((place.value, *behind)))
    return next((read for text in texts if (read := parse_money(text, decimal_sign=sign)) is not None), None)


def _rounding(total: Decimal) -> Decimal:
    """What rounding may change in a total: it makes whole units, or round ones of amounts without decimals."""
    digits = total.as_tuple()
    if not isinstance(digits.exponent, int) or digits.exponent < 0:
        return Decimal(1) if total == int(total) else CASH_ROUNDING
    written = str(abs(int(total)))
    return Decimal(10) ** min(len(written) - len(written.rstrip("0")), MOST_ZEROS)
