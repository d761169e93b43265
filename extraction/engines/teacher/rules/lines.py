"""Pages as the rules look at them: printed rows, cut into pieces where a wide gap separates columns.

All that is known about where things stand is here: beside each other on a row, below, in the same column.
"""

from __future__ import annotations

import statistics
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from extraction.domain.pages import Box, Page, Word
from extraction.domain.work import deadlines

# A gap wider than so many line heights separates columns.
WIDE_GAP = 2.2
# A gap wider than so many line heights separates the heads of columns.
HEAD_GAP = 0.8
# A gap wider than so many characters may, too, where what stands on both sides says so.
NARROW_GAP = 1.8
# Cells of a head that can stand over one value.
MOST_CELLS = 4
# Between the texts of two pieces of a row.
COLUMN = "   "
# Characters of a row that are looked at: no paper is wider, and a text layer can hold a page in one line.
LONGEST_ROW = 2000


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that belong together on one printed row.

    `top` is where it stands on the document: 0 the first page's top, 1 the end. `size` is its letters' height relative
    to the document's usual one.
    """

    page: int
    row: int
    text: str
    box: Box
    top: float
    size: float
    words: tuple[Word, ...] = ()

    @property
    def columns(self) -> list[int]:
        """Offsets of the words before which more than a space is left: columns may stand close together."""
        begins, at = list[int](), 0
        for word, following in pairwise(self.words[:LONGEST_ROW]):
            at += len(word.text) + 1
            character = (word.box.width + following.box.width) / max(len(word.text) + len(following.text), 1)
            if at < LONGEST_ROW and following.box.x0 - word.box.x1 > NARROW_GAP * character:
                begins.append(at)
        return begins

    def below(self, other: Piece) -> bool:
        """Whether it stands under `other`, in the same column."""
        return (
            self.page == other.page
            and self.box.center[1] > other.box.y1 - 0.3 * other.box.height
            and min(self.box.x1, other.box.x1) > max(self.box.x0, other.box.x0)
        )


@dataclass(frozen=True, slots=True)
class Row:
    """Pieces side by side, from left to right, on a page that is `shape` times as high as wide."""

    pieces: tuple[Piece, ...]
    shape: float = 1.0

    @property
    def text(self) -> str:
        return COLUMN.join(piece.text for piece in self.pieces)[:LONGEST_ROW]

    @property
    def page(self) -> int:
        return self.pieces[0].page

    @property
    def top(self) -> float:
        return self.pieces[0].top

    @property
    def size(self) -> float:
        return max(piece.size for piece in self.pieces)


class Layout:
    """Where the characters of a row's text stand, and which cells of it stand over a box."""

    def __init__(self, row: Row, parts: Callable[[str], Sequence[int]] = lambda text: (0,)) -> None:
        """`parts`: offsets at which further cells begin in the text of one whose columns stand close together."""
        self._words = [word for piece in row.pieces for word in piece.words]
        lengths = (
            len(word.text) + (1 if place else len(COLUMN))
            for piece in row.pieces
            for place, word in enumerate(piece.words)
        )
        self._ends = list(accumulate(lengths, initial=-len(COLUMN)))[1:]
        self._cells = [
            (Box.around(word.box for word in words), _text(words))
            for cell in _parted(self._words, HEAD_GAP * row.shape)
            for words in _divided(cell, parts(_text(cell)))
        ]
        self._rights = list(accumulate((box.x1 for box, _ in self._cells), max))

    def box(self, start: int, end: int) -> Box:
        """Around the words at these characters."""
        first = bisect_right(self._ends, start)
        last = bisect_left(self._ends, end, lo=first)
        words = self._words[first : last + 1] or self._words[-1:]
        return Box.around(word.box for word in words)

    def over(self, box: Box) -> str:
        """The text of the cells that share a part of the box's width."""
        texts = list[str]()
        for cell, text in self._cells[bisect_right(self._rights, box.x0) :]:
            if cell.x0 >= box.x1 or len(texts) == MOST_CELLS:
                break
            texts.append(text)
        return " ".join(texts)


def read_rows(pages: Sequence[Page]) -> list[Row]:
    """All printed rows of a document, from top to bottom. Pieces at equal height share a row, whatever their line."""
    heights = [word.box.height for page in pages for word in page.words]
    usual = statistics.median(heights) if heights else 1.0
    rows: list[Row] = []
    for number, page in enumerate(pages):
        deadlines.check()
        shape = page.height / max(page.width, 1)
        for group in _merged([[page.words[index] for index in line] for line in page.lines]):
            pieces = [
                _piece(words, number, len(rows), (number + Box.around(w.box for w in words).y0) / len(pages), usual)
                for words in _parted(sorted(group, key=lambda word: word.box.x0), WIDE_GAP * shape)
            ]
            rows.append(Row(tuple(pieces), shape))
    return rows


def pieces_of(rows: Sequence[Row]) -> list[Piece]:
    return [piece for row in rows for piece in row.pieces]


def _merged(lines: Sequence[Sequence[Word]]) -> list[list[Word]]:
    """Lines whose middles lie within each other's height and that do not overlap sideways become one row."""
    groups: list[list[Word]] = []
    around: Box | None = None
    boxed = ((Box.around(word.box for word in line), line) for line in lines)
    for box, line in sorted(boxed, key=lambda each: each[0].center[1]):
        if around and _beside(around, box):
            groups[-1] += line
            around = Box.around((around, box))
        else:
            groups.append(list(line))
            around = box
    return groups


def _beside(first: Box, second: Box) -> bool:
    if first.x1 > second.x0 and second.x1 > first.x0:
        return False
    return abs(first.center[1] - second.center[1]) < 0.4 * min(first.height, second.height)


def _parted(words: Sequence[Word], gap: float) -> Iterator[list[Word]]:
    """Words parted where more than so many of their heights, in shares of the page, lie between two."""
    piece: list[Word] = []
    for word in words:
        if piece and word.box.x0 - piece[-1].box.x1 > gap * word.box.height:
            yield piece
            piece = []
        piece.append(word)
    if piece:
        yield piece


def _divided(words: Sequence[Word], offsets: Sequence[int]) -> Iterator[Sequence[Word]]:
    """The words cut before those that begin at these offsets of their text, of which the first is 0."""
    begins = accumulate((len(word.text) + 1 for word in words[:-1]), initial=0)
    cuts = [place for place, begin in enumerate(begins) if begin in offsets]
    for start, end in zip(cuts, [*cuts[1:], len(words)], strict=True):
        yield words[start:end]


def _text(words: Sequence[Word]) -> str:
    return " ".join(word.text for word in words)


def _piece(words: Sequence[Word], page: int, row: int, top: float, usual: float) -> Piece:
    box = Box.around(word.box for word in words)
    height = statistics.median(word.box.height for word in words)
    text = _text(words)[:LONGEST_ROW]
    return Piece(page, row, text, box, top, height / (usual or 1.0), tuple(words))
