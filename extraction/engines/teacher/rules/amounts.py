"""Rules for amounts and dates: what is printed left of a candidate, or above it, says what it is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from extraction.domain.fields import Field
from extraction.domain.normalize import find_amounts, find_dates, parse_money
from extraction.engines.teacher.rules import vocabulary
from extraction.engines.teacher.rules.candidates import Guess
from extraction.engines.teacher.rules.lines import Row
from extraction.engines.teacher.rules.vocabulary import Weighted

# A label on the row above counts for less than one on the same row.
ABOVE = 0.6
LETTERS = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A value inside a row. `near` is the text since the value before it, `label` all that is left of it."""

    value: str
    row: Row
    near: str
    label: str
    above: str


def amounts(field: Field, rows: Sequence[Row]) -> list[Guess]:
    """Every amount on the document, rated for the field."""
    role, (_, wanted, unwanted) = role_of(field, vocabulary.MONEY)
    if role is None:
        wanted, unwanted = own_words(field), ()
    found = [held for held in _candidates(rows, find_amounts) if parse_money(held.value) is not None]
    by_value = {held.value: parse_money(held.value) or Decimal(0) for held in found}
    times = Counter(by_value[held.value] for held in found)
    paid = {held.value for held in found if role == "total" and _pays(held, by_value, rows)}
    return [
        Guess(
            held.value,
            held.row.text,
            _rating(held, wanted, unwanted)
            + (
                _total_shape(held, by_value[held.value], times) + 0.5 * (held.value in paid) if role == "total" else 0.0
            ),
        )
        for held in found
    ]


def dates(field: Field, rows: Sequence[Row]) -> list[Guess]:
    """Every date on the document, rated for the field."""
    role, (_, wanted, unwanted) = role_of(field, vocabulary.DATES)
    found = list(_candidates(rows, find_dates))
    times = Counter(held.value for held in found)
    return [
        Guess(held.value, held.row.text, _rating(held, wanted, unwanted) + _date_shape(held, times))
        if role == "issued"
        else Guess(held.value, held.row.text, _rating(held, wanted, unwanted))
        for held in found
    ]


Roles = Mapping[str, tuple[re.Pattern[str], Weighted, Weighted]]


def role_of(field: Field, roles: Roles) -> tuple[str | None, tuple[re.Pattern[str], Weighted, Weighted]]:
    """What the field's name says it wants, else the start of its instruction; `None` and the last role else."""
    for text in (field.name.replace("_", " "), " ".join(field.instruction.lower().split()[:8])):
        for role, entry in roles.items():
            if entry[0].search(text):
                return role, entry
    return None, list(roles.values())[-1]


def own_words(field: Field) -> Weighted:
    """The field's own name as the label to look for."""
    return ((re.compile(r"[\s.-]*".join(map(re.escape, field.name.split("_"))), re.IGNORECASE), 3.0),)


def _candidates(rows: Sequence[Row], find: Callable[[str], list[tuple[int, int]]]) -> Iterator[Candidate]:
    above = ""
    for row in rows:
        text, last = row.text, 0
        for start, end in find(text):
            yield Candidate(text[start:end], row, text[last:start], text[:start], above)
            last = end
        above = text if LETTERS.search(text) and not last else ""


def _rating(held: Candidate, wanted: Weighted, unwanted: Weighted) -> float:
    """By the nearest text that has letters."""
    if LETTERS.search(held.near):
        return _weigh(held.near, wanted, unwanted)
    if LETTERS.search(held.label):
        # A further column of a table: the row's label holds for the last of its values only.
        return _weigh(held.label, wanted, unwanted) * (1.0 if held.label == held.near else 0.7)
    return ABOVE * _weigh(held.above, wanted, unwanted)


def _weigh(label: str, wanted: Weighted, unwanted: Weighted) -> float:
    speaks = max((weight for pattern, weight in wanted if pattern.search(label)), default=0.0)
    return speaks - sum(weight for pattern, weight in unwanted if pattern.search(label))


def _total_shape(held: Candidate, value: Decimal, times: Counter[Decimal]) -> float:
    """A total is repeated, printed larger, in the lower half, alone on its row, and neither nothing nor negative."""
    columns = len(find_amounts(held.row.text))
    score = 0.35 * min(times[value] - 1, 3) + 0.8 * min(max(held.row.size - 1, 0.0), 1.0) + 0.6 * held.row.top
    return score - 3.0 * (value <= 0) - 1.2 * (columns > 1)


def _pays(held: Candidate, values: Mapping[str, Decimal], rows: Sequence[Row]) -> bool:
    """Whether two other amounts, cash and change, differ by exactly this one."""
    value = values[held.value]
    others = set(values.values())
    return any(
        other - value in others and other > value > 0 and other != value for other in others if other != 2 * value
    )


def _date_shape(held: Candidate, times: Counter[str]) -> float:
    """The date of issue stands beside a time of day, near the top, and is printed again."""
    timed = re.search(r"\d{1,2}[:.]\d{2}", held.row.text.replace(held.value, " "))
    return 1.0 + 0.8 * bool(timed) + 0.3 * min(times[held.value] - 1, 2) - 0.8 * held.row.top
