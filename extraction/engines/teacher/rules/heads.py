"""Heads of columns: rows that name sums or goods side by side, and which of their cells stand over a value."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import groupby

from extraction.domain.field_types.readers.amounts import find_amounts
from extraction.domain.pages import Box
from extraction.engines.teacher.rules.lines import Layout, Piece, Row
from extraction.engines.teacher.rules.vocabulary import Meaning, has, places

# Rows above a value among which the head of its column is looked for.
REACH = 6
# Rows over which a head goes on.
LINES_OF_HEAD = 3
# Words of a label where labels stand close together; more are a sentence.
LONGEST_LABEL = 3
_SUMS = (
    (Meaning.NET, Meaning.SUBTOTAL, Meaning.BEFORE_TAX),
    (Meaning.TAX, Meaning.TAX_TOTAL),
    (Meaning.TOTAL, Meaning.TOTAL_DUE, Meaning.GROSS, Meaning.AMOUNT_DUE),
)
_COLUMNS = (
    *(meaning for kind in _SUMS for meaning in kind),
    *(Meaning.PREPAID, Meaning.PAYABLE, Meaning.PAYMENT, Meaning.DISCOUNT, Meaning.CASH, Meaning.CARD, Meaning.CHANGE),
    *(Meaning.COUNT, Meaning.OTHER_AMOUNT, Meaning.DATE, Meaning.TIME, Meaning.DUE, Meaning.TITLE),
)
_LETTERS = re.compile(r"[^\W\d_]")


class Heads:
    """The last rows that name sums side by side: `Net  VAT  Gross`. A head of a table of goods, over rows of its own,
    says nothing about sums."""

    def __init__(self) -> None:
        # Rows, and whether they hold no values.
        self._rows: deque[tuple[Row, bool]] = deque(maxlen=REACH)
        self._layouts: dict[Row, Layout] = {}

    def add(self, row: Row, *, has_values: bool) -> None:
        self._rows.append((row, not has_values))

    def over(self, box: Box, page: int, columns: int) -> str:
        """The head over a value that stands in a row of so many."""
        for place in reversed(range(len(self._rows))):
            row, bare = self._rows[place]
            sums = bare and row.page == page and _is_head(row, columns)
            if sums and not self._goods(place) and (text := self._layout(row).over(box)):
                return text
        return ""

    def _goods(self, place: int) -> bool:
        """Whether the rows of the head, without values between them, name quantities or prices."""
        near = list(self._rows)[max(place - LINES_OF_HEAD + 1, 0) : place + LINES_OF_HEAD]
        return any(bare and _names_goods(row.text) for row, bare in near)

    def _layout(self, row: Row) -> Layout:
        if len(self._layouts) > REACH:
            self._layouts.clear()
        if row not in self._layouts:
            self._layouts[row] = Layout(row, labels)
        return self._layouts[row]


def _is_head(row: Row, columns: int) -> bool:
    """Whether it names sums in columns of its own; close together, over as many values, lest it be one label."""
    if len(row.pieces) > 1:
        return names_sums(row.text)
    named = len(labels(row.text))
    return 1 < named <= columns and len(row.text.split()) <= LONGEST_LABEL * named


@lru_cache(maxsize=4096)
def labels(text: str) -> Sequence[int]:
    """Where the labels of sums begin in a text that names more than one of net, tax and gross, the first at 0."""
    if not names_sums(text):
        return (0,)
    spans = sorted((span for kind in _SUMS for meaning in kind for span in places(text, meaning)), key=_longest_first)
    starts, end = [0], -1
    for start, stop in spans:
        if start >= end:
            starts += [start] if end >= 0 else []
            end = stop
    return tuple(starts)


def _longest_first(span: tuple[int, int]) -> tuple[int, int]:
    return span[0], -span[1]


@lru_cache(maxsize=4096)
def _names_goods(text: str) -> bool:
    return has(text, Meaning.COUNT, Meaning.OTHER_AMOUNT)


@lru_cache(maxsize=4096)
def names_sums(text: str) -> bool:
    """Whether the row speaks of more than one of net, tax and gross."""
    return sum(has(text, *kind) for kind in _KINDS) > 1


_KINDS = ((Meaning.NET, Meaning.SUBTOTAL), *_SUMS[1:])


@lru_cache(maxsize=4096)
def names_columns(text: str) -> bool:
    """Whether it holds labels of columns and nothing else but numbers, such as a rate of tax."""
    rest = list(text)
    for meaning in _COLUMNS:
        for start, end in places(text, meaning):
            rest[start:end] = " " * (end - start)
    return bool(_LETTERS.search(text)) and not re.search(r"[^\W\d_]{2}", "".join(rest))


def outside_heads(pieces: Iterable[Piece]) -> list[Piece]:
    """The pieces that are no heads of columns. Where most of a row are, all are but labels of parties."""
    outside = list[Piece]()
    for _, row in groupby(pieces, lambda piece: piece.row):
        some = list(row)
        named = [names_columns(piece.text) for piece in some]
        most = 2 <= sum(named) >= len(some) / 2 and not any(find_amounts(piece.text) for piece in some)
        outside += [
            piece
            for piece, head in zip(some, named, strict=True)
            if has(piece.text, Meaning.RECIPIENT, Meaning.ISSUER) or not (head or most)
        ]
    return outside
