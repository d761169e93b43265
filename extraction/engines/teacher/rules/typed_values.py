"""Rules for amounts, dates and other values with a grammar: the text left of a value, or above it, labels it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from extraction.domain.field_types import normalize
from extraction.domain.field_types.base import Offsets
from extraction.domain.field_types.readers.amounts import find_amounts, parse_money
from extraction.domain.field_types.readers.currencies import DecimalSign
from extraction.domain.field_types.readers.dates import find_dates
from extraction.domain.field_types.readers.decimal_signs import infer_decimal_sign
from extraction.domain.fields import Field
from extraction.domain.work import deadlines
from extraction.engines.teacher.rules.candidates import Candidate
from extraction.engines.teacher.rules.lines import Row
from extraction.engines.teacher.rules.roles import DATES, ISSUED, MONEY, TOTAL, Role, own_words, role_of

# A label on the row above counts for less than one on the same row.
ABOVE = 0.6
# The score of a value with a grammar of its own (an account number) beside no label: seldom anything else.
TYPED_VALUE = 1.0
# Characters left of a value among which its label stands.
LABEL_WIDTH = 200
# Different amounts on a document up to which the one that was paid is looked for among their differences.
MOST_AMOUNTS = 500
# Characters of a word for a currency beside an amount.
CURRENCY = 6
LETTERS = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A value inside a row.

    `near` is the text since the value before it, `label` all text left of it, `above` the text of the row above where
    that holds no value, `behind` the characters that follow. `columns`: how many values the row holds.
    """

    value: str
    row: Row
    near: str
    label: str
    above: str
    behind: str
    columns: int


def amounts(field: Field, rows: Sequence[Row]) -> list[Candidate]:
    """Every amount on the document, rated for the field."""
    role = role_of(field.name, field.instruction, MONEY) or own_words(field.name)
    sign = infer_decimal_sign(row.text for row in rows)
    read = ((place, _amount(place, sign)) for place in _occurrences(rows, find_amounts))
    certain = [(place, amount) for place, amount in read if amount is not None]
    occurrences = [place for place, _ in certain]
    by_value = {place.value: amount for place, amount in certain}
    times = Counter(by_value[place.value] for place in occurrences)
    paid = _paid(by_value) if role is TOTAL else frozenset[str]()
    return [
        Candidate(
            place.value,
            place.row.text,
            _rating(place, role)
            + (
                _total_shape(place, by_value[place.value], times) + 0.5 * (place.value in paid)
                if role is TOTAL
                else 0.0
            ),
        )
        for place in occurrences
    ]


def _amount(place: Occurrence, sign: DecimalSign) -> Decimal | None:
    """The amount; what the value alone leaves open, the currency beside it may tell: `¥1,000`."""
    before, behind = place.near.split()[-1:], place.behind.split()[:1]
    texts = (place.value, "".join((*before, place.value)), "".join((place.value, *behind)))
    return next((read for text in texts if (read := parse_money(text, decimal_sign=sign)) is not None), None)


def dates(field: Field, rows: Sequence[Row]) -> list[Candidate]:
    """Every date on the document, rated for the field."""
    role = role_of(field.name, field.instruction, DATES) or ISSUED
    occurrences = list(_occurrences(rows, find_dates))
    times = Counter(place.value for place in occurrences)
    return [
        Candidate(
            place.value,
            place.row.text,
            _rating(place, role) + (_date_shape(place, times) if role is ISSUED else 0.0),
        )
        for place in occurrences
    ]


def typed_values(field: Field, rows: Sequence[Row]) -> list[Candidate]:
    """Every value that the field's type finds, rated by the field's own name as its label and by being one at all."""
    return [
        Candidate(place.value, place.row.text, TYPED_VALUE + _rating(place, own_words(field.name)))
        for place in _occurrences(rows, field.kind.find)
        if normalize(field, place.value) is not None
    ]


def _occurrences(rows: Sequence[Row], find: Callable[[str], Sequence[Offsets]]) -> Iterator[Occurrence]:
    above = ""
    for row in rows:
        deadlines.check()
        text, last = row.text, 0
        found = find(text)
        for start, end in found:
            left = max(start - LABEL_WIDTH, 0)
            yield Occurrence(
                text[start:end],
                row,
                text[max(last, left) : start],
                text[left:start],
                above,
                text[end : end + CURRENCY],
                len(found),
            )
            last = end
        above = text if LETTERS.search(text) and not last else ""


def _rating(place: Occurrence, role: Role) -> float:
    """Score by the nearest text that has letters."""
    if LETTERS.search(place.near):
        return role.rating(place.near)
    if LETTERS.search(place.label):
        # A further column of a table: the row's label holds for the last of its values only.
        return role.rating(place.label) * (1.0 if place.label == place.near else 0.7)
    return ABOVE * role.rating(place.above)


def _total_shape(place: Occurrence, value: Decimal, times: Counter[Decimal]) -> float:
    """A total is repeated, printed larger, in the lower half, alone on its row, and neither nothing nor negative."""
    score = 0.35 * min(times[value] - 1, 3) + 0.8 * min(max(place.row.size - 1, 0.0), 1.0) + 0.6 * place.row.top
    return score - 3.0 * (value <= 0) - 1.2 * (place.columns > 1)


def _paid(amounts: Mapping[str, Decimal]) -> frozenset[str]:
    """The amounts by which two others, cash and change, differ exactly."""
    values = set(amounts.values())
    if len(values) > MOST_AMOUNTS:
        return frozenset()
    paid = {
        value
        for value in values
        if any(other - value in values and other > value > 0 and other != 2 * value for other in values)
    }
    return frozenset(text for text, value in amounts.items() if value in paid)


def _date_shape(place: Occurrence, times: Counter[str]) -> float:
    """The date of issue stands beside a time of day, near the top, and is printed again."""
    timed = re.search(r"\d{1,2}[:.]\d{2}", place.row.text.replace(place.value, " "))
    return 1.0 + 0.8 * bool(timed) + 0.3 * min(times[place.value] - 1, 2) - 0.8 * place.row.top
