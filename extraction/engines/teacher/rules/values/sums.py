"""The amounts of a document together: the total that is named, and net, tax and gross amount where they are proven."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from extraction.domain.field_types.readers.amounts import find_amounts
from extraction.domain.field_types.readers.decimal_signs import infer_decimal_sign
from extraction.engines.teacher.rules.lines import Row
from extraction.engines.teacher.rules.roles import (
    CHANGE,
    GROSS,
    NET,
    PREPAID,
    ROUNDING,
    SERVICE,
    TAX,
    TENDERED,
    TIP,
    TOTAL,
    Role,
)
from extraction.engines.teacher.rules.values.arithmetic import LABELLED, Sums, labelled_sums, proven
from extraction.engines.teacher.rules.values.contradictions import (
    CASH_ROUNDING,
    EXTRAS,
    Totals,
    items,
    paid,
    taxed,
    too_large,
    with_rate,
)
from extraction.engines.teacher.rules.values.currency import reading
from extraction.engines.teacher.rules.values.occurrences import Occurrence, occurrences
from extraction.engines.teacher.rules.values.taxes import Rated, by_rate, by_usual_rate, included, rates
from extraction.engines.teacher.rules.vocabulary import Meaning, has

# Different amounts on a document up to which the one that was paid is looked for among their differences.
MOST_AMOUNTS = 500
# Discounts that may explain why a total is another one.
MOST_DISCOUNTS = 20
# The rating from which on labels name the total.
NAMED = 3.0
# More is no rounding.
ROUNDING_LIMIT = Decimal(1)


@dataclass(frozen=True)
class Amounts:
    """The amounts of a document that can be read, and how they hang together."""

    rows: Sequence[Row]

    @cached_property
    def read(self) -> Sequence[tuple[Occurrence, Decimal]]:
        sign = infer_decimal_sign(row.text for row in self.rows)
        amounts = (reading(place, sign) for place in occurrences(self.rows, find_amounts))
        return [amount for amount in amounts if amount is not None]

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
        """Whether the total that is named is not what net and tax make up."""
        sums = self._labelled
        made_up = {sums.gross} if sums else labelled_sums(self.ratings(NET), self.ratings(TAX))
        return self._totals.contradict(made_up, self._printed)

    @cached_property
    def against_rates(self) -> bool:
        """Whether the total that is named, net amount and tax do not agree with the rates that are printed."""
        most = max(self.named, default=Decimal(0))
        if self.sums is not None or most <= 0:
            return False
        expected = [taxed(self._taxes, self.times)]
        if not self._labelled_as(TAX):
            rows = (row.text for row in self.rows if has(row.text, Meaning.TAX))
            expected.append(with_rate(self._labelled_as(NET), {rate for text in rows for rate in rates(text)}))
        return too_large(self._taxes, most, self.times) or any(
            self._totals.contradict(made_up, self._printed) for made_up in expected
        )

    @cached_property
    def against_cash(self) -> bool:
        """Whether the total that is named is not what was given less the change."""
        what = (Meaning.DISCOUNT, Meaning.TIP, Meaning.SERVICE, Meaning.PREPAID, Meaning.CARD, Meaning.ROUNDING)
        explained = {abs(value) for place, value in self.read if has(place.near, *what)}
        made_up = paid(self._labelled_as(TENDERED), self._labelled_as(CHANGE), self.named)
        return self._totals.contradict(made_up, explained)

    @cached_property
    def against_items(self) -> bool:
        """Whether the total that is named is not the sum of the prices above it, and nothing else confirms it."""
        if self.sums is not None or not self.paid.isdisjoint(self.named):
            return False
        extras = {abs(value) for place, value in self.read if value < 0 or has(place.near, *EXTRAS)}
        totals = Totals(self.named, sorted(extras)[:MOST_DISCOUNTS])
        prices = items(self.rows, self.read, self.named)
        return totals.contradict({sum(prices, Decimal(0))} if prices else set(), self._printed)

    @cached_property
    def _totals(self) -> Totals:
        less = {abs(value) for place, value in self.read if value < 0 or has(place.near, Meaning.DISCOUNT)}
        return Totals(self.named, sorted(less)[:MOST_DISCOUNTS])

    @cached_property
    def _printed(self) -> Set[Decimal]:
        return {abs(value) for value in self.times}

    def _labelled_as(self, role: Role) -> Set[Decimal]:
        return {value for value, rating in self.ratings(role).items() if rating >= LABELLED and value > 0}

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
    def with_tip(self) -> Decimal | None:
        """The total that a tip makes of the gross amount, where it is named; several tips are suggestions."""
        gross = self.sums.gross if self.sums else Decimal(0)
        raised = [gross + tip for tip in self._labelled_as(TIP) if gross + tip in self.named]
        return raised[0] if gross and len(raised) == 1 else None

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
