"""Lines of text from an OCR engine to words in reading order.

An engine returns quadrilaterals in pixels that are skewed as the photo is. Rows are formed after deskewing, so that the
two ends of a printed line stay together on a skewed photo.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from statistics import median

from PIL import Image

from extraction.domain.pages import Box, Word

Point = tuple[float, float]
# Heights of a line from which a gap parts columns: spaces within a number have a third of one.
COLUMN = 1.0
# Distance in heights from which the centers of two characters are of different words: 0.3 in the median, 1.0 once in a
# thousand. In a line whose characters are spaced, they are also so many times as far apart as most.
APART, SPACED = 1.25, 2.5
# Numbers that are no part of a longer one: dates, times, amounts with decimals.
_VALUE = re.compile(r"[^\w\s]?\d+([.,:/-]\d+)+[^\w\s]?")
_DASHES = ("-", "–", "—")


@dataclass(frozen=True, slots=True)
class Line:
    """A piece of text on one row.

    `confidence` from 0 to 1. `corners` are top left, top right, bottom right, bottom left in reading direction, in
    pixels (y down). `centers`, where the engine has them, are the centers of the characters as fractions (0–1) of the
    length.
    """

    text: str
    confidence: float
    corners: tuple[Point, Point, Point, Point]
    centers: tuple[float, ...] | None = None

    @property
    def middle(self) -> Point:
        return sum(x for x, _ in self.corners) / 4, sum(y for _, y in self.corners) / 4

    @property
    def length(self) -> float:
        return (math.dist(self.corners[0], self.corners[1]) + math.dist(self.corners[3], self.corners[2])) / 2

    @property
    def height(self) -> float:
        return (math.dist(self.corners[0], self.corners[3]) + math.dist(self.corners[1], self.corners[2])) / 2

    @property
    def skew(self) -> float:
        """Angle of the line's direction in radians, clockwise on the page."""
        (x0, y0), (x1, y1) = self.corners[0], self.corners[1]
        (x3, y3), (x2, y2) = self.corners[3], self.corners[2]
        return math.atan2(y1 - y0 + y2 - y3, x1 - x0 + x2 - x3)


@dataclass(frozen=True, slots=True)
class Piece:
    """A word of a line; `start` and `end` as fractions (0–1) of its length."""

    text: str
    confidence: float
    start: float
    end: float

    def covers(self, other: Piece, least: float) -> bool:
        """Whether at least so much (0–1) of the other one lies on this one."""
        shared = min(self.end, other.end) - max(self.start, other.start)
        return shared > 0 and shared >= least * (other.end - other.start)


@dataclass(frozen=True, slots=True)
class _Placed:
    """A line with its extent in pixels after deskewing."""

    line: Line
    left: float
    middle: float
    height: float


def words_of(lines: Iterable[Line], width: int, height: int, *, rightward: bool = False) -> tuple[Word, ...]:
    """The words of `lines` in reading order on a page of `width` × `height` pixels, boxes as fractions of the page.

    Rows in Arabic or Hebrew are read from the right, unless the page shows these scripts `rightward`.
    """
    words: list[Word] = []
    lines = list(lines)
    directions = Counter(_direction(line.text) for line in lines)
    from_right = directions["R"] > directions["L"]
    for number, row in enumerate(rows(lines)):
        for line in row if rightward else _in_reading_order(row, from_right):
            words.extend(_split(line, number, width, height))
    return tuple(words)


def rows(lines: Sequence[Line]) -> list[list[Line]]:
    """Lines grouped into printed rows from top to bottom, each row from left to right."""
    skew = page_skew(lines)
    placed = sorted((_place(line, skew) for line in lines), key=lambda item: item.middle)
    grouped: list[list[_Placed]] = []
    for item in placed:
        row = next((row for row in reversed(grouped[-3:]) if _same_row(row, item)), None)
        if row is None:
            grouped.append([item])
        else:
            row.append(item)
    return [[item.line for item in sorted(row, key=lambda item: item.left)] for row in grouped]


def _in_reading_order(row: Sequence[Line], from_right: bool) -> list[Line]:
    """A row from left to right in its reading order; `from_right`: most of the page is Arabic or Hebrew.

    A row is read from the right where most of it is in these scripts, on such a page also where it begins with them.
    """
    directions = [_direction(line.text) for line in row]
    first = next((direction for direction in reversed(directions) if direction), "")
    if directions.count("R") <= directions.count("L") and not (from_right and first == "R"):
        return list(row)
    # Pieces of other scripts that stand together keep their order among themselves: names, telephone numbers.
    runs = [
        run
        for backwards, some in groupby(zip(row, directions, strict=True), key=lambda item: item[1] == "R")
        for run in _columns([line for line, _ in some], COLUMN if not backwards else 0)
    ]
    return [line for run in reversed(runs) for line in run]


def _columns(run: Sequence[Line], gap: float) -> list[list[Line]]:
    """Pieces from left to right, divided where more than `gap` heights are between them, or two values meet."""
    columns: list[list[Line]] = []
    for line in run:
        last = columns[-1][-1] if columns else None
        if last and gap and line.corners[0][0] - last.corners[1][0] <= gap * line.height and not _meet(last, line):
            columns[-1].append(line)
        else:
            columns.append([line])
    return columns


def _meet(left: Line, right: Line) -> bool:
    """Whether both are dates, times, amounts or dashes, which are read one after the other from the right."""
    return all(_VALUE.fullmatch(line.text) or line.text in _DASHES for line in (left, right))


def _direction(text: str) -> str:
    """The script of a piece of text: `R` for right-to-left, `L` for another, empty for digits and signs alone."""
    kinds = {unicodedata.bidirectional(character) for character in text}
    return "R" if kinds & {"R", "AL"} else "L" if "L" in kinds else ""


def page_skew(lines: Sequence[Line]) -> float:
    """The median skew in radians of the lines that are long enough to measure it."""
    skews = [line.skew for line in lines if line.length > 4 * line.height]
    return median(skews) if skews else 0.0


def _place(line: Line, skew: float) -> _Placed:
    x, y = line.middle
    cos, sin = math.cos(-skew), math.sin(-skew)
    return _Placed(line, x * cos - y * sin - line.length / 2, x * sin + y * cos, line.height)


def _same_row(row: Sequence[_Placed], item: _Placed) -> bool:
    """Whether `item` overlaps the row's nearest line vertically by half and stands beside, not over, all of them."""
    nearest = min(row, key=lambda other: abs(other.left - item.left))
    if abs(nearest.middle - item.middle) >= 0.5 * min(nearest.height, item.height):
        return False
    return all(_beside(other, item) for other in row)


def _beside(a: _Placed, b: _Placed) -> bool:
    first, second = (a, b) if a.left <= b.left else (b, a)
    overlap = first.left + first.line.length - second.left
    return overlap < 0.5 * min(a.line.length, b.line.length)


def pieces(line: Line) -> list[Piece]:
    """The words of a line from left to right; what stands far apart is two, also where it was read as one."""
    return [
        Piece(line.text[start:end], line.confidence, *_extent(line, start, end))
        for match in re.finditer(r"\S+", line.text)
        for start, end in pairwise([match.start(), *_gaps(line, match.start(), match.end()), match.end()])
    ]


def _gaps(line: Line, start: int, end: int) -> list[int]:
    """The characters of a word, by their indices, before which a gap is that parts columns."""
    if line.centers is None or not line.length:
        return []
    steps = [right - left for left, right in pairwise(line.centers)]
    wide = max(APART * line.height / line.length, SPACED * median(steps or [0.0]))
    return [index for index in range(start + 1, end) if steps[index - 1] > wide]


def piece_on_page(line: Line, piece: Piece) -> Line:
    """A word of a line as a line of its own."""
    a, b, c, d = line.corners
    ends = (piece.start, piece.end)
    (top_left, top_right), (bottom_left, bottom_right) = (
        [_between(*side, end) for end in ends] for side in ((a, b), (d, c))
    )
    return Line(piece.text, piece.confidence, (top_left, top_right, bottom_right, bottom_left))


def cut(image: Image.Image, line: Line) -> Image.Image:
    """The picture of a line, turned so that it runs to the right."""
    size = max(round(line.length), 1), max(round(line.height), 1)
    a, b, c, d = line.corners
    return image.transform(size, Image.Transform.QUAD, (*a, *d, *c, *b), Image.Resampling.BICUBIC)


def confidence_of(words: Sequence[Piece]) -> float:
    """The mean over the characters; 0 without any."""
    characters = sum(len(word.text) for word in words)
    return sum(word.confidence * len(word.text) for word in words) / max(characters, 1)


def joined(words: Sequence[Piece]) -> tuple[str, float]:
    """The text of one word, and the confidence of its least certain part."""
    return "".join(word.text for word in words), min((word.confidence for word in words), default=0.0)


def _split(line: Line, number: int, width: int, height: int) -> list[Word]:
    return [
        Word(piece.text, _box(line, piece.start, piece.end, width, height), piece.confidence, number)
        for piece in pieces(line)
    ]


def _extent(line: Line, start: int, end: int) -> tuple[float, float]:
    """The extent of characters `start` to `end` (excluded) as fractions of the line's length."""
    if line.centers is None or len(line.centers) != len(line.text):
        return _by_widths(line.text, start, end)
    centers = line.centers
    left = 0.0 if start == 0 else (centers[start - 1] + centers[start]) / 2
    right = 1.0 if end == len(centers) else (centers[end - 1] + centers[end]) / 2
    return left, max(left, right)


def _by_widths(text: str, start: int, end: int) -> tuple[float, float]:
    """The extent estimated by typical widths of characters."""
    widths = [_width(character) for character in text]
    total = sum(widths)
    return sum(widths[:start]) / total, sum(widths[:end]) / total


def _width(character: str) -> float:
    """Rough advance of a character in a proportional typeface, relative to a small letter."""
    if character in " .,:;'`!|iljI()[]":
        return 0.6
    if ord(character) >= 0x2E80:
        return 1.8
    return 1.2 if character.isupper() or character in "mw%&@" else 1.0


def _box(line: Line, start: float, end: float, width: int, height: int) -> Box:
    """The upright box around the part of the line from fraction `start` to fraction `end`, in fractions of the page."""
    top_left, top_right, bottom_right, bottom_left = line.corners
    points = [
        _between(top_left, top_right, start),
        _between(top_left, top_right, end),
        _between(bottom_left, bottom_right, start),
        _between(bottom_left, bottom_right, end),
    ]
    xs, ys = [x / width for x, _ in points], [y / height for _, y in points]
    return Box.clamped(min(xs), min(ys), max(xs), max(ys))


def _between(a: Point, b: Point, fraction: float) -> Point:
    return a[0] + (b[0] - a[0]) * fraction, a[1] + (b[1] - a[1]) * fraction
