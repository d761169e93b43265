"""Characters that stand alone, such as the `1` in a column of quantities: the detector responds to them too faintly, or
in too small a spot, for a box of their own.

What its map of responses shows outside the boxes is cut from the picture as a part of its printed row, as high as the
lines beside it. Read so, a single digit is as certain as a word.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from extraction.engines.ingest.components import Bounds, components
from extraction.engines.ingest.ocr.lines import Line, Piece, Point, page_skew, piece_on_page

# Response (0–1) from which a pixel of the detector's map is part of a spot, and that a spot has somewhere; boxes have
# 0.5 on average.
RESPONSE, PEAK = 0.12, 0.2
# Distance of a spot from the middle of a line of its row, in heights of that line.
LEVEL = 0.4
# Ground that is read with a spot on either side of it, and distance at which two spots are one, in heights.
MARGIN = 0.7
# Length in heights of a line from which its own direction is measured well.
LONG = 4.0
# Least height of a character's ink by that of its line; dashes and dots are lower.
LOWEST, HIGHEST = 0.3, 0.95
GAP, PADDING, EDGE = 0.4, 0.25, 0.12
# Grey levels (0–255) by which ink differs from the ground.
CONTRAST = 40
# Least confidence (0–1) of a reading.
SURE = 0.93


def spots(
    responses: NDArray[np.floating], boxes: Iterable[Sequence[Point]], size: tuple[int, ...]
) -> NDArray[np.float32]:
    """The corners of what the detector's map shows outside the boxes, `[spots, 4, 2]` in pixels as boxes are.

    `size` is the height and width of the picture of which it is the map.
    """
    height, width = responses.shape
    down, across = size[0] / height, size[1] / width
    covered = Image.new("1", (width, height))
    draw = ImageDraw.Draw(covered)
    for corners in boxes:
        draw.polygon([(float(x) / across, float(y) / down) for x, y in corners], fill=1)
    rest = np.where(np.asarray(covered), 0, responses)
    found = [
        [(left, top), (right, top), (right, bottom), (left, bottom)]
        for top, left, bottom, right in components(rest > RESPONSE)
        if rest[top:bottom, left:right].max() >= PEAK
    ]
    scale = np.array([across, down], dtype=np.float32)
    return np.array(found, dtype=np.float32).reshape(-1, 4, 2) * scale


@dataclass(frozen=True, slots=True)
class _Axis:
    """The middle line of a row through `origin`; positions on it are in pixels from there."""

    line: Line
    angle: float

    def position(self, point: Point) -> Point:
        """Where a point is along the axis, and how far below it."""
        x, y = point[0] - self.line.middle[0], point[1] - self.line.middle[1]
        cos, sin = math.cos(self.angle), math.sin(self.angle)
        return x * cos + y * sin, y * cos - x * sin

    def part(self, start: float, end: float, below: float) -> Line:
        """The part of the row between two positions."""
        height = self.line.height
        (x, y), cos, sin = self.line.middle, math.cos(self.angle), math.sin(self.angle)
        a, b, c, d = (
            (x + along * cos - across * sin, y + along * sin + across * cos)
            for along, across in (
                (start, below - height / 2),
                (end, below - height / 2),
                (end, below + height / 2),
                (start, below + height / 2),
            )
        )
        return Line("", 0.0, (a, b, c, d))


@dataclass(frozen=True, slots=True)
class _Place:
    """A spot with the ground beside it, from `start` to `end` along the row and `below` its middle line."""

    axis: _Axis
    start: float
    end: float
    below: float

    def joined(self, other: _Place) -> _Place:
        below = (self.below + other.below) / 2
        return _Place(self.axis, min(self.start, other.start), max(self.end, other.end), below)

    def meets(self, other: _Place) -> bool:
        return self.axis is other.axis and self.start < other.end and other.start < self.end


def strips(found: NDArray[np.floating], lines: Sequence[Line]) -> list[Line]:
    """The spots, by their corners, as lines without text, each with the free ground beside it; only those in a row."""
    skew = page_skew(lines)
    axes = [_Axis(line, line.skew if line.length > LONG * line.height else skew) for line in lines]
    places: list[_Place] = []
    for place in filter(None, (_place(corners, axes) for corners in found)):
        while met := next((other for other in places if other.meets(place)), None):
            places.remove(met)
            place = met.joined(place)
        places.append(place)
    return [place.axis.part(place.start, place.end, place.below) for place in places]


def _place(corners: NDArray[np.floating], axes: Iterable[_Axis]) -> _Place | None:
    (left, top), (right, bottom) = corners.min(axis=0).tolist(), corners.max(axis=0).tolist()
    middle = (left + right) / 2, (top + bottom) / 2
    row = [axis for axis in axes if abs(axis.position(middle)[1]) < LEVEL * axis.line.height]
    if not row:
        return None
    axis = min(row, key=lambda axis: abs(axis.position(middle)[0]) - axis.line.length / 2)
    along, below = axis.position(middle)
    reach = (right - left) / 2 + MARGIN * axis.line.height
    start, end = along - reach, along + reach
    for other in row:
        place, half = axis.position(other.line.middle)[0], other.line.length / 2
        start, end = (max(start, place + half), end) if place < along else (start, min(end, place - half))
    return _Place(axis, start, end, below) if start < along < end else None


def characters(strip: Line, picture: Image.Image) -> list[tuple[Line, Image.Image]]:
    """What is printed on a strip, of which this is the picture: each group of characters, and its picture to read."""
    pixels = np.array(picture)
    values = np.asarray(picture.convert("L"), dtype=np.int16)
    parts = components(np.abs(values - np.median(values)) > CONTRAST)
    ground = np.median(pixels, axis=(0, 1)).astype(np.uint8)
    height, length = values.shape
    for top, left, bottom, right in parts:
        if bottom - top < LOWEST * height and (top < EDGE * height or bottom > (1 - EDGE) * height):
            pixels[max(top - 1, 0) : bottom + 1, max(left - 1, 0) : right + 1] = ground
    around = ((0, 0), (round(PADDING * height),) * 2, (0, 0))
    found = []
    for start, end in _groups(parts, height, length):
        group = np.pad(pixels[:, start:end], around)
        group[:, : around[1][0]] = group[:, group.shape[1] - around[1][0] :] = ground
        line = piece_on_page(strip, Piece("", 0.0, start / length, end / length))
        found.append((line, Image.fromarray(group)))
    return found


def _groups(parts: Iterable[Bounds], height: int, length: int) -> list[tuple[int, int]]:
    """The beginning and the end of each group of characters that stands wholly and by itself on a strip."""
    groups: list[list[Bounds]] = []
    for part in sorted(parts, key=lambda part: part[1]):
        _, left, _, _ = part
        if part[2] - part[0] < LOWEST * height:
            continue
        if groups and left - max(right for *_, right in groups[-1]) < GAP * height:
            groups[-1].append(part)
        else:
            groups.append([part])
    return [
        (start, end)
        for group in groups
        if max(bottom - top for top, _, bottom, _ in group) <= HIGHEST * height
        and (start := group[0][1]) > 0
        and (end := max(right for *_, right in group)) < length
    ]


def is_sure(text: str, confidence: float) -> bool:
    """Whether this reading of such a group is a word."""
    return confidence >= SURE and any(
        character.isalnum() or unicodedata.category(character) == "Sc" for character in text
    )
