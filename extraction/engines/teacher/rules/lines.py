"""Pages as the rules look at them: printed rows, cut into pieces where a wide gap separates columns."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extraction.domain.pages import Box, Page, Word
from extraction.domain.work import deadlines

# A gap wider than so many line heights separates columns.
WIDE_GAP = 2.2
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

    def below(self, other: Piece) -> bool:
        """Whether it stands under `other`, in the same column."""
        return (
            self.page == other.page
            and self.box.center[1] > other.box.y1 - 0.3 * other.box.height
            and min(self.box.x1, other.box.x1) > max(self.box.x0, other.box.x0)
        )


@dataclass(frozen=True, slots=True)
class Row:
    """Pieces side by side, from left to right."""

    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        return "   ".join(piece.text for piece in self.pieces)[:LONGEST_ROW]

    @property
    def top(self) -> float:
        return self.pieces[0].top

    @property
    def size(self) -> float:
        return max(piece.size for piece in self.pieces)


def read_rows(pages: Sequence[Page]) -> list[Row]:
    """All printed rows of a document, from top to bottom. Pieces at equal height share a row, whatever their line."""
    heights = [word.box.height for page in pages for word in page.words]
    usual = statistics.median(heights) if heights else 1.0
    rows: list[Row] = []
    for number, page in enumerate(pages):
        deadlines.check()
        groups = _merged([[page.words[index] for index in line] for line in page.lines])
        for group in groups:
            pieces = [
                _piece(words, number, len(rows), (number + Box.around(w.box for w in words).y0) / len(pages), usual)
                for words in _cut(sorted(group, key=lambda word: word.box.x0), page)
            ]
            rows.append(Row(tuple(pieces)))
    return rows


def pieces_of(rows: Sequence[Row]) -> list[Piece]:
    return [piece for row in rows for piece in row.pieces]


def _merged(lines: list[list[Word]]) -> list[list[Word]]:
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


def _cut(words: Sequence[Word], page: Page) -> Iterator[list[Word]]:
    shape = page.height / max(page.width, 1)
    piece: list[Word] = []
    for word in words:
        if piece and word.box.x0 - piece[-1].box.x1 > WIDE_GAP * word.box.height * shape:
            yield piece
            piece = []
        piece.append(word)
    yield piece


def _piece(words: Sequence[Word], page: int, row: int, top: float, usual: float) -> Piece:
    box = Box.around(word.box for word in words)
    height = statistics.median(word.box.height for word in words)
    return Piece(page, row, " ".join(word.text for word in words)[:LONGEST_ROW], box, top, height / (usual or 1.0))
