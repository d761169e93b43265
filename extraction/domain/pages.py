"""Pages of a read document: words with boxes, and spans of words on which values stand.

All coordinates are shares (0–1) of the upright page's width and height, so that they hold for every size at which
the page is shown, stored or fed to a model. Page numbers and word indices start at 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from extraction.domain.json_types import JsonObject, JsonValue


@dataclass(frozen=True, slots=True)
class Box:
    """An axis-aligned rectangle; `x0 <= x1` and `y0 <= y1`, each from 0 to 1."""

    x0: float
    y0: float
    x1: float
    y1: float

    @classmethod
    def clamped(cls, x0: float, y0: float, x1: float, y1: float) -> Self:
        """The box with its corners put in order and cut off at the page's edges."""
        left, right = sorted((min(max(x0, 0.0), 1.0), min(max(x1, 0.0), 1.0)))
        top, bottom = sorted((min(max(y0, 0.0), 1.0), min(max(y1, 0.0), 1.0)))
        return cls(left, top, right, bottom)

    @classmethod
    def around(cls, boxes: Iterable[Box]) -> Self:
        """The smallest box around all of `boxes` (at least one)."""
        all_of = list(boxes)
        return cls(
            min(box.x0 for box in all_of),
            min(box.y0 for box in all_of),
            max(box.x1 for box in all_of),
            max(box.y1 for box in all_of),
        )

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        return self.y1 - self.y0

    @property
    def center(self) -> tuple[float, float]:
        return (self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2

    def part(self, start: float, end: float) -> Box:
        """The vertical strip from share `start` to share `end` of the width: the place of a part of a word."""
        return Box(self.x0 + start * self.width, self.y0, self.x0 + end * self.width, self.y1)


@dataclass(frozen=True, slots=True)
class PageBox:
    """A box on the page of that number."""

    page: int
    box: Box

    def to_json(self) -> dict[str, int | float]:
        """As the API has it: `{"page", "x0", "y0", "x1", "y1"}`."""
        return {"page": self.page, "x0": self.box.x0, "y0": self.box.y0, "x1": self.box.x1, "y1": self.box.y1}


@dataclass(frozen=True, slots=True)
class Word:
    """A run of characters without white space.

    `confidence` is the reader's own, 0–1 (1 for a PDF's text layer). `line` numbers the printed lines of the page from
    top to bottom; words of a line are ordered from left to right.
    """

    text: str
    box: Box
    confidence: float
    line: int


@dataclass(frozen=True, slots=True)
class Page:
    """An upright page: size in pixels of the stored image and its words in reading order."""

    width: int
    height: int
    words: tuple[Word, ...]

    def __hash__(self) -> int:
        """Of some words alone: caches ask for the hash of a page for each value that is looked for on it."""
        return hash((self.width, self.height, len(self.words), self.words[:4], self.words[-4:]))

    @property
    def lines(self) -> tuple[tuple[int, ...], ...]:
        """Indices of the words of each printed line, in reading order."""
        by_line: dict[int, list[int]] = {}
        for index, word in enumerate(self.words):
            by_line.setdefault(word.line, []).append(index)
        return tuple(tuple(indices) for indices in by_line.values())

    @property
    def text(self) -> str:
        """The words, a printed line a line."""
        return "\n".join(" ".join(self.words[index].text for index in line) for line in self.lines)

    def to_json(self) -> JsonObject:
        """A compact JSON value; `from_json` restores the page to five decimals of a coordinate."""
        rows: list[JsonValue] = [
            [w.text, *(round(v, 5) for v in (w.box.x0, w.box.y0, w.box.x1, w.box.y1)), round(w.confidence, 4), w.line]
            for w in self.words
        ]
        return {"width": self.width, "height": self.height, "words": rows}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        words = tuple(
            Word(text, Box(x0, y0, x1, y1), confidence, line)
            for text, x0, y0, x1, y1, confidence, line in value["words"]
        )
        return cls(value["width"], value["height"], words)


@dataclass(frozen=True, slots=True)
class Span:
    """Consecutive words of one page on which (a part of) a value stands.

    `first` and `last` are word indices, both included. `start` is the first character used of the first word and
    `end` the first character no longer used of the last word (`None`: to its end), so that `25/12/2018` can stand
    inside `Date:25/12/2018`.
    """

    page: int
    first: int
    last: int
    start: int = 0
    end: int | None = None

    def text(self, pages: Sequence[Page]) -> str:
        """The characters of the span, words joined by single spaces."""
        texts = [word.text for word in pages[self.page].words[self.first : self.last + 1]]
        texts[-1] = texts[-1][: self.end]
        texts[0] = texts[0][self.start :]
        return " ".join(texts)

    def boxes(self, pages: Sequence[Page]) -> list[Box]:
        """One box for each printed line that the span touches, cut to the characters used."""
        page = pages[self.page]
        by_line: dict[int, list[Box]] = {}
        for index in range(self.first, self.last + 1):
            word = page.words[index]
            length = max(len(word.text), 1)
            start = self.start / length if index == self.first else 0.0
            end = self.end / length if index == self.last and self.end is not None else 1.0
            by_line.setdefault(word.line, []).append(word.box.part(start, end))
        return [Box.around(boxes) for boxes in by_line.values()]

    def to_json(self) -> list[int | None]:
        """`[page, first, last, start, end]`."""
        return [self.page, self.first, self.last, self.start, self.end]

    @classmethod
    def from_json(cls, value: Sequence[Any]) -> Self:
        return cls(*value)
