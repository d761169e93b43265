"""Printed lines as tables are made of them: their numbers with their places, and what is written beside these."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import accumulate, pairwise

from extraction.domain.field_types.readers.amounts import find_amounts, find_numbers, parse_money, parse_number
from extraction.domain.field_types.readers.currencies import DecimalSign, by_sign
from extraction.domain.field_types.readers.decimal_signs import infer_decimal_sign
from extraction.domain.pages import Box, Word
from extraction.domain.work import deadlines
from extraction.engines.teacher.rules.lines import COLUMN, LONGEST_ROW, Layout, Row
from extraction.engines.teacher.rules.vocabulary import Meaning, has, places

# A space wider than so many characters parts two numbers, although together they could be one: `1 234.50`.
APART = 0.75
_SUMS = (
    *(Meaning.TOTAL, Meaning.TOTAL_DUE, Meaning.TOTAL_ROUNDED, Meaning.AMOUNT_DUE, Meaning.SUBTOTAL),
    *(Meaning.TAX_LINE, Meaning.TAX_TOTAL, Meaning.ROUNDING, Meaning.TENDERED, Meaning.CHANGE),
)
# Names of goods speak of these too: `Boiler service`, `Birthday card`.
_PERHAPS_SUMS = (
    *(Meaning.TAX, Meaning.CASH, Meaning.CARD, Meaning.PREPAID, Meaning.SERVICE, Meaning.TIP, Meaning.NET),
    Meaning.GROSS,
)
_ADDED_UP = (Meaning.TOTAL, Meaning.TOTAL_DUE, Meaning.AMOUNT_DUE, Meaning.SUBTOTAL, Meaning.NET, Meaning.GROSS)
_COLUMNS = (Meaning.COUNT, Meaning.OTHER_AMOUNT, Meaning.PAYABLE, Meaning.TOTAL, Meaning.TITLE, Meaning.TAX)
# What may be written behind a number of pieces, without a space.
UNITS = frozenset({"x", "pc", "pcs", "ea", "nos", "unit", "units", "st", "stk", "szt", "pz"})
# Prices of goods that are weighed or taxed have more decimals than amounts.
_PRECISE = re.compile(r"(?<![\d.,])\d{1,6}[.,]\d{3,4}(?![\d.,])")
# Letters beside a number, of the characters that are looked at.
NEAR = 12
_BEFORE, _BEHIND = re.compile(r"[^\W\d_]*$"), re.compile(r"[^\W\d_]*")
_NEGATIVE = re.compile(r"(?<!\S)-\d{1,5}(?!\S)")
_LAST = re.compile(r"(?:^|\s{3})(-?\d{1,5})(?:\s\S{1,3}){0,2}$")
_IN_BRACKETS = re.compile(r"[(\[][A-Z]{2,3}[)\]]")
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Number:
    """A number of a line, at these characters of its text. `money`: it has decimals, or a currency beside it."""

    text: str
    value: Decimal
    start: int
    end: int
    box: Box
    money: bool


@dataclass(frozen=True)
class Line:
    """A printed row with its numbers, from left to right; `place` counts from the top of the document."""

    place: int
    row: Row
    numbers: tuple[Number, ...]

    @property
    def text(self) -> str:
        return self.row.text

    @property
    def page(self) -> int:
        return self.row.page

    @cached_property
    def amount(self) -> Number | None:
        """The last amount, where nothing but a letter for the tax or a currency follows."""
        for number in reversed(self.numbers):
            if number.money:
                return number if len(self.text[number.end :].strip()) <= LONGEST_CODE else None
        return None

    @cached_property
    def label(self) -> str:
        """What stands left of the first amount."""
        return self.text[: self.numbers[0].start] if self.numbers else self.text

    @cached_property
    def sums(self) -> bool:
        """Whether it speaks of a sum, of how it is paid, or counts the items."""
        return self.surely_sums or has(self._said, *_PERHAPS_SUMS)

    @cached_property
    def surely_sums(self) -> bool:
        return self.tallies or has(self._said, *_SUMS)

    @property
    def _said(self) -> str:
        return self.label if _LETTER.search(self.label) else self.text

    @cached_property
    def added_up(self) -> bool:
        """Whether what it names may be the sum of the rows."""
        return has(self.text, *_ADDED_UP)

    @cached_property
    def tallies(self) -> bool:
        """Whether it counts the items: `Total Qty: 7`."""
        return has(self.label, Meaning.COUNT) and len(self.label.split()) <= LONGEST_TALLY and bool(self.numbers)

    @cached_property
    def counts_first(self) -> bool:
        """Whether it is a head whose first column counts the pieces."""
        found = places(self.text, Meaning.COUNT)
        return self.head and bool(found) and found[0][0] <= 1

    @cached_property
    def empty(self) -> bool:
        """Whether it is a rule across the page, or names currencies under the head of a table."""
        words = self.text.split()
        units = all(is_currency(word) or _IN_BRACKETS.fullmatch(word) for word in words)
        return units or not any(char.isalnum() for char in self.text)

    @cached_property
    def head(self) -> bool:
        """Whether it names columns of goods."""
        if self.numbers or (has(self.text, Meaning.TAX) and not has(self.text, Meaning.COUNT)):
            return False
        named = sum(has(self.text, meaning) for meaning in _COLUMNS)
        goods = has(self.text, Meaning.COUNT, Meaning.OTHER_AMOUNT, Meaning.TITLE)
        return goods and named > (1 if len(self.row.pieces) > 1 else 2)


# Characters behind an amount that tell currency and tax, those of a tax alone; words before the number of all items.
LONGEST_CODE, LONGEST_TAX, LONGEST_TALLY = 6, 2, 3


def lines_of(rows: Sequence[Row]) -> list[Line]:
    """The document's printed rows. Whole numbers are amounts where it prints none with decimals."""
    sign = infer_decimal_sign(row.text for row in rows)
    whole = not any(find_amounts(row.text) and re.search(r"\d[.,]\d{2}(?!\d)", row.text) for row in rows)
    lines = []
    for place, row in enumerate(rows):
        deadlines.check()
        lines.append(Line(place, row, tuple(_numbers(row, sign, whole))))
    return lines


def _numbers(row: Row, sign: DecimalSign, whole: bool) -> Iterator[Number]:
    text = row.text
    amounts, words, layout = set(find_amounts(text)), _words(row), Layout(row)
    minus = [match.span() for match in _NEGATIVE.finditer(text)] if whole else []
    # The last number of a line, apart from what is written before it.
    last = _LAST.search(text) if whole else None
    amounts |= {last.span(1)} if last else set()
    precise = [match.span() for match in _PRECISE.finditer(text)]
    amounts |= {*precise}
    for start, end in _single(sorted({*find_numbers(text), *minus, *precise}), words):
        printed = text[start:end]
        if _inside_word(text, start, end):
            continue
        value = parse_money(printed, decimal_sign=sign)
        if value is None:
            value = parse_number(printed, decimal_sign=sign)
        if value is not None:
            yield Number(printed, value, start, end, layout.box(start, end), (start, end) in amounts)


def _inside_word(text: str, start: int, end: int) -> bool:
    """Whether it is a part of a name, such as `500ml` or `A4`; a sign of currency or of products is none."""
    before, behind = _BEFORE.search(text, max(start - NEAR, 0), start), _BEHIND.match(text, end, end + NEAR)
    left, right = before[0] if before else "", behind[0] if behind else ""
    decimals = bool(re.search(r"[.,]\d\d", text[start:end]))
    if left and not (left in "xX" or (is_currency(left) and (len(left) > 1 or decimals))):
        return True
    last = len(text) - end <= LONGEST_TAX and decimals
    return bool(right) and not (
        right.lower() in UNITS or last or ((len(right) > 1 or not right.isascii()) and is_currency(right))
    )


def _words(row: Row) -> list[tuple[int, Word]]:
    """The words with the characters of the row's text at which they begin."""
    words = [(word, place == 0) for piece in row.pieces for place, word in enumerate(piece.words)]
    lengths = [len(word.text) for word, _ in words]
    gaps = [0, *(len(COLUMN) if first else 1 for _, first in words[1:])]
    begins = accumulate(gap + before for gap, before in zip(gaps, [0, *lengths], strict=False))
    return [(begin, word) for begin, (word, _) in zip(begins, words, strict=True) if begin < LONGEST_ROW]


def _single(found: Sequence[tuple[int, int]], words: Sequence[tuple[int, Word]]) -> Iterator[tuple[int, int]]:
    """Of readings that exclude each other the longest whose words stand close together."""
    taken, begins = 0, [begin for begin, _ in words]
    for start, end in sorted(found, key=lambda span: (span[0], -span[1])):
        inside = [word for _, word in words[bisect_left(begins, start) : bisect_left(begins, end)]]
        if start >= taken and all(_close(one, other) for one, other in pairwise(inside)):
            yield start, end
            taken = end


def _close(one: Word, other: Word) -> bool:
    character = (one.box.width + other.box.width) / max(len(one.text) + len(other.text), 1)
    return other.box.x0 - one.box.x1 <= APART * character


def is_currency(word: str) -> bool:
    return word.strip(".:").casefold() in by_sign()
