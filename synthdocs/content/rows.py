"""What a document is composed of: rows of cells, rules, gaps and pictures, independent of paper and typeface."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from PIL import Image

Align = Literal["left", "center", "right"]


@dataclass(frozen=True, slots=True)
class RowField:
    """A field of the group of items, in the row of that number."""

    row: int
    name: str


# What a text is the truth of: a field, a field of a row, or "" for nothing.
Owner = str | RowField


@dataclass(frozen=True, slots=True)
class Mark:
    """Characters `start` to `end` of a token are (part of) the truth of a field."""

    field: Owner
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Token:
    """A run of characters without white space."""

    text: str
    marks: tuple[Mark, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether it is printed in full or not at all: what a field of its own says is never cut."""
        return any(isinstance(mark.field, str) for mark in self.marks)

    def cut(self, length: int) -> Token:
        """Its first characters."""
        marks = (Mark(mark.field, mark.start, min(mark.end, length)) for mark in self.marks if mark.start < length)
        return Token(self.text[:length], tuple(marks))


@dataclass(frozen=True, slots=True)
class Cell:
    """Text at a place: `at` is its left edge, centre or right edge as a share of the printable width.

    `runs` are pieces of text, each with the field whose truth it is or "". `width` is the share of the printable width
    that it may take: longer text is broken into several lines if `wrap`, else cut off as tills do.
    """

    runs: tuple[tuple[str, Owner], ...]
    align: Align = "left"
    at: float = 0.0
    width: float = 1.0
    wrap: bool = False

    def tokens(self) -> list[Token]:
        """Its words; the marks tell which of their characters belong to a field."""
        text = "".join(run for run, _ in self.runs)
        owners = [owner for run, owner in self.runs for _ in run]
        tokens, position = [], 0
        for word in text.split():
            position = text.index(word, position)
            tokens.append(Token(word, _marks(owners[position : position + len(word)])))
            position += len(word)
        return tokens


@dataclass(frozen=True, slots=True)
class Line:
    """Cells side by side. `size` is relative to the document's type; `tall` stretches it as tills do for emphasis."""

    cells: tuple[Cell, ...]
    size: float = 1.0
    bold: bool = False
    tall: float = 1.0
    inverse: bool = False
    band: bool = False
    accent: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across: drawn, dashed, or typed with a character."""

    kind: str = "-"
    start: float = 0.0
    end: float = 1.0


@dataclass(frozen=True, slots=True)
class Gap:
    """White space of so many line heights."""

    lines: float = 0.5


@dataclass(frozen=True, slots=True)
class Picture:
    """A shape; `mask` is black (0) where nothing and white where ink is. `floating` takes no room."""

    mask: Image.Image
    align: Align = "center"
    at: float = 0.5
    accent: bool = False
    floating: bool = False
    ink: float = field(default=1.0)


@dataclass(frozen=True, slots=True)
class Break:
    """What follows stands on the next page."""


Printable = Line | Rule | Gap | Picture
Row = Printable | Break


def text(
    value: str,
    align: Align = "left",
    at: float | None = None,
    *,
    owner: Owner = "",
    width: float = 1.0,
    wrap: bool = False,
) -> Cell:
    """A cell of one run; `at` is the edge of the page that `align` names unless given."""
    place = {"left": 0.0, "center": 0.5, "right": 1.0}[align] if at is None else at
    return Cell(((value, owner),), align, place, width, wrap)


def line(*cells: Cell, size: float = 1.0, bold: bool = False, tall: float = 1.0) -> Line:
    return Line(cells, size, bold, tall)


def _marks(owners: list[Owner]) -> tuple[Mark, ...]:
    marks: list[Mark] = []
    for index, owner in enumerate(owners):
        if owner and marks and marks[-1].field == owner and marks[-1].end == index:
            marks[-1] = Mark(owner, marks[-1].start, index + 1)
        elif owner:
            marks.append(Mark(owner, index, index + 1))
    return tuple(marks)
