"""Rules for amounts of money: by their labels, and by what the page proves by arithmetic."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from extraction.domain.field_types.readers.amounts import find_amounts, parse_money
from extraction.domain.field_types.readers.currencies import DecimalSign
from extraction.domain.field_types.readers.decimal_signs import infer_decimal_sign
from extraction.domain.fields import Field, Schema
from extraction.engines.teacher.rules.candidates import Candidate
from extraction.engines.teacher.rules.lines import Row
from extraction.engines.teacher.rules.roles import (
    DUE,
    GROSS,
    MONEY,
    NET,
    PREPAID,
    ROUNDING,
    SERVICE,
    TAX,
    TIP,
    TOTAL,
    Role,
    own_words,
    role_of,
)
from extraction.engines.teacher.rules.values.arithmetic import Sums, proven
from extraction.engines.teacher.rules.values.occurrences import Occurrence, occurrences

# Different amounts on a document up to which the one that was paid is looked for among their differences.
MOST_AMOUNTS = 500
# What a proof by arithmetic counts for. The total of a receipt is what was paid, which rounding may change.
PROVEN = {NET: 2.2, TAX: 2.2, GROSS: 2.2, TOTAL: 1.4, DUE: 0.4}
PAID = {TOTAL: 0.5, GROSS: 0.5}
REMAINING = 2.0
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
    def times(self) -> Counter[Decimal]:
        return Counter(value for _, value in self.read)

    def ratings(self, role: Role) -> dict[Decimal, float]:
        """The best rating of each amount for the role."""
        best: dict[Decimal, float] = {}
        for place, value in self.read:
            best[value] = max(best.get(value, place.rating(role)), place.rating(role))
        return best

    @cached_property
    def sums(self) -> Sums | None:
        """Net, tax and gross amount, where the page proves them."""
        extras = (self.ratings(TIP), self.ratings(SERVICE))
        return proven(self.ratings(NET), self.ratings(TAX), self.ratings(GROSS), extras)

    @cached_property
    def rounded(self) -> bool:
        """Whether a rounding follows the gross amount, so that something else was paid."""
        return any(
            value and rating > 0 and abs(value) < ROUNDING_LIMIT for value, rating in self.ratings(ROUNDING).items()
        )

    @cached_property
    def paid(self) -> frozenset[Decimal]:
        """The amounts by which two others, cash and change, differ exactly."""
        values = set(self.times)
        if len(values) > MOST_AMOUNTS:
            return frozenset()
        return frozenset(
            value
            for value in values
            if any(other - value in values and other > value > 0 and other != 2 * value for other in values)
        )

    @cached_property
    def remaining(self) -> Decimal | None:
        """The gross amount less what was paid before, where both are known."""
        if self.sums is None:
            return None
        left = {self.sums.gross - value for value, rating in self.ratings(PREPAID).items() if rating > 0 and value}
        return next((value for value in self.times if value in left), None)


def amounts(field: Field, read: Amounts, schema: Schema) -> list[Candidate]:
    """Every amount on the document, rated for the field."""
    role = asked_role(field, schema)
    return [
        Candidate(place.value, place.row.text, place.rating(role) + _by_sums(value, role, read) + shape)
        for place, value in read.read
        for shape in (_total_shape(place, value, read.times) if role in (TOTAL, GROSS, DUE) else 0.0,)
    ]


def asked_role(field: Field, schema: Schema) -> Role:
    """The role of the field; beside a field for the amount due, a total is the gross amount."""
    role = role_of(field.name, field.instruction, MONEY) or own_words(field.name)
    others = (other for other in schema.fields if other.type == "money" and other is not field)
    if role is TOTAL and any(role_of(other.name, "", MONEY) is DUE for other in others):
        return GROSS
    return role


def _by_sums(value: Decimal, role: Role, read: Amounts) -> float:
    score = PAID.get(role, 0.0) * (value in read.paid) if role in PAID else 0.0
    if role is DUE and read.remaining is not None:
        score += REMAINING * (value == read.remaining)
    if role in PROVEN and read.sums is not None:
        member = {NET: read.sums.net, TAX: read.sums.tax}.get(role, read.sums.gross)
        score += PROVEN[role] * (value == member and not (role is TOTAL and read.rounded))
    return score


def _amount(place: Occurrence, sign: DecimalSign) -> Decimal | None:
    """The amount; what the value alone leaves open, the currency beside it may tell: `¥1,000`."""
    before, behind = place.near.split()[-1:], place.behind.split()[:1]
    texts = (place.value, "".join((*before, place.value)), "".join((place.value, *behind)))
    return next((read for text in texts if (read := parse_money(text, decimal_sign=sign)) is not None), None)


def _total_shape(place: Occurrence, value: Decimal, times: Mapping[Decimal, int]) -> float:
    """A total is repeated, printed larger, in the lower half, alone on its row, and neither nothing nor negative."""
    score = 0.35 * min(times[value] - 1, 3) + 0.8 * min(max(place.row.size - 1, 0.0), 1.0) + 0.6 * place.row.top
    return score - 3.0 * (value <= 0) - 1.2 * (place.columns > 1 and not place.head)
