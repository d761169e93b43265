"""From the text on the page to a value in the field's format, by the field's type. What is not certain is `None`."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Mapping

from rapidfuzz import fuzz

from extraction.domain.dates import (
    DayOrder,
    find_dates,
    infer_day_order,
    infer_day_order_by_meaning,
    parse_date,
    write_date,
)
from extraction.domain.fields import Field, FieldType
from extraction.domain.money import find_amounts, parse_money, parse_number, write_decimal

__all__ = [
    "DayOrder",
    "agree",
    "choose",
    "clean",
    "find_amounts",
    "find_dates",
    "infer_day_order",
    "infer_day_order_by_meaning",
    "letters",
    "normalize",
    "parse_date",
    "parse_money",
    "parse_number",
    "same",
]

# A misread option is accepted from this similarity on (0–100), and only this far ahead of the next best.
SIMILAR, MARGIN = 75.0, 15.0


def normalize(field: Field, text: str, *, day_order: DayOrder = None) -> str | None:
    """`text` in the field's format, or `None` where it cannot be read with certainty.

    Without a format of its own a date becomes `2018-12-25`, an amount `1007.50` (two decimals at least), a number
    `2.5`, a choice one of its options, a text is trimmed NFKC, a group JSON with every part in its own format.
    """
    return _READERS[field.type](field, text, day_order) or None


def same(field: Field, a: str | None, b: str | None, *, day_order: DayOrder = None) -> bool:
    """Whether two answers mean the same: `RM 3.30` and `3.30`, `25/12/2018` and `2018-12-25`. Empty equals empty.

    What one of the two cannot be read as is compared as text, without regard to case.
    """
    a, b = clean(a or ""), clean(b or "")
    if not a or not b:
        return a == b
    first, second = normalize(field, a, day_order=day_order), normalize(field, b, day_order=day_order)
    if first is not None and second is not None:
        return first.casefold() == second.casefold()
    return a.casefold() == b.casefold()


def agree(field: Field, a: str | None, b: str | None, *, day_order: DayOrder = None) -> bool:
    """As `same`, but of texts only letters and digits count: a comma or a space more makes no answer wrong."""
    if same(field, a, b, day_order=day_order):
        return True
    return field.type is FieldType.TEXT and bool(letters(a or "")) and letters(a or "") == letters(b or "")


def letters(text: str) -> str:
    """The letters and digits of a text (Unicode NFKC), without regard to case."""
    return "".join(character for character in clean(text).casefold() if character.isalnum())


def clean(text: str) -> str:
    """Trimmed, Unicode NFKC, white space collapsed."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def choose(options: tuple[str, ...], text: str) -> str | None:
    """The one option that `text` is, names as a word of its own, or resembles clearly more than the others."""
    wanted = clean(text).casefold()
    if not wanted:
        return None
    for matches in (lambda option: option == wanted, lambda option: re.search(rf"\b{re.escape(option)}\b", wanted)):
        found = [option for option in options if matches(clean(option).casefold())]
        if found:
            return found[0] if len(found) == 1 else None
    ranked = sorted(((fuzz.ratio(wanted, clean(option).casefold()), option) for option in options), reverse=True)
    best, second = ranked[0][0], ranked[1][0] if len(ranked) > 1 else 0.0
    return ranked[0][1] if best >= SIMILAR and best - second >= MARGIN else None


def _text(field: Field, text: str, day_order: DayOrder) -> str | None:
    return clean(text)


def _date(field: Field, text: str, day_order: DayOrder) -> str | None:
    date = parse_date(text, day_order=day_order)
    return write_date(date, field.format) if date else None


def _money(field: Field, text: str, day_order: DayOrder) -> str | None:
    amount = parse_money(text)
    return None if amount is None else write_decimal(amount, 2)


def _number(field: Field, text: str, day_order: DayOrder) -> str | None:
    number = parse_number(text)
    return None if number is None else write_decimal(number, 0)


def _choice(field: Field, text: str, day_order: DayOrder) -> str | None:
    return choose(field.options, text)


def _group(field: Field, text: str, day_order: DayOrder) -> str | None:
    """Rows as JSON objects, in their order; a part that cannot be read keeps its text."""
    try:
        rows = json.loads(text)
    except ValueError:
        return None
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        return None
    return json.dumps([_row(field, row, day_order) for row in rows], ensure_ascii=False)


def _row(field: Field, row: Mapping[str, object], day_order: DayOrder) -> dict[str, str | None]:
    values: dict[str, str | None] = {}
    for part in field.fields:
        if (value := row.get(part.name)) is not None:
            values[part.name] = normalize(part, str(value), day_order=day_order) or clean(str(value))
    return values


_READERS: Mapping[FieldType, Callable[[Field, str, DayOrder], str | None]] = {
    FieldType.TEXT: _text,
    FieldType.DATE: _date,
    FieldType.MONEY: _money,
    FieldType.NUMBER: _number,
    FieldType.CHOICE: _choice,
    FieldType.GROUP: _group,
}
