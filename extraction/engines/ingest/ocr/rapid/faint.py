"""Places in printed rows to which the detector responds too faintly, or in too small a spot, for a box: single digits.

A quantity such as `1` in a column of its own shows in the detector's map of responses, and is left out when boxes are
made of it. Its place is cut out as a part of its row, as high as the lines beside it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from extraction.engines.ingest.components import components
from extraction.engines.ingest.ocr.lines import Line, Point, page_skew

# Response (0–1) from which a pixel of the map belongs to a spot, and that a spot has somewhere; boxes: 0.5 on average.
RESPONSE, PEAK = 0.08, 0.12
# All below in heights of a line. Distance from its middle at which a spot is in its row.
LEVEL = 0.4
# Ground on either side of a spot that is cut out with it.
MARGIN = 0.7
# Length from which a line's own direction is measured well.
LONG = 4.0

Corners = NDArray[np.floating]


@dataclass(frozen=True, slots=True)
class _Axis:
    """The middle of a line, extended over the page; positions along it are in pixels from the line's own middle."""

    line: Line
    angle: float

    def position(self, point: Point) -> Point:
        """Where a point is along the axis, and how far below it."""
        x, y = point[0] - self.line.middle[0], point[1] - self.line.middle[1]
        cos, sin = math.cos(self.angle), math.sin(self.angle)
        return x * cos + y * sin, y * cos - x * sin

    def point(self, along: float, below: float) -> Point:
        """The point at a position."""
        (x, y), cos, sin = self.line.middle, math.cos(self.angle), math.sin(self.angle)
        return x + along * cos - below * sin, y + along * sin + below * cos

    def has(self, point: Point) -> bool:
        """Whether a point is in the row of the line."""
        return abs(self.position(point)[1]) < LEVEL * self.line.height


@dataclass(frozen=True, slots=True)
class _Place:
    """A spot with ground beside it: from `start` to `end` along an axis and `below` it."""

    axis: _Axis
    start: float
    end: float
    below: float

    def meets(self, other: _Place) -> bool:
        return self.axis is other.axis and self.start < other.end and other.start < self.end

    def joined(self, other: _Place) -> _Place:
        below = (self.below + other.below) / 2
        return _Place(self.axis, min(self.start, other.start), max(self.end, other.end), below)

    @property
    def strip(self) -> Line:
        """The place as a line without text."""
        top, bottom = self.below - self.axis.line.height / 2, self.below + self.axis.line.height / 2
        ends = ((self.start, top), (self.end, top), (self.end, bottom), (self.start, bottom))
        a, b, c, d = (self.axis.point(*end) for end in ends)
        return Line("", 0.0, (a, b, c, d))


def spots(responses: NDArray[np.floating], boxes: Iterable[Sequence[Point]], size: tuple[int, ...]) -> Corners:
    """The corners of what the map shows outside the boxes, `[spots, 4, 2]`, in the pixels in which the boxes are.

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
    return np.array(found, dtype=np.float32).reshape(-1, 4, 2) * np.array([across, down], dtype=np.float32)


def strips(found: Corners, lines: Sequence[Line]) -> list[Line]:
    """The spots that are in the row of a line, as lines without text, each with the free ground beside it."""
    skew = page_skew(lines)
    axes = [_Axis(line, line.skew if line.length > LONG * line.height else skew) for line in lines]
    places: list[_Place] = []
    for place in filter(None, (_place(corners, axes) for corners in found)):
        while met := next((other for other in places if other.meets(place)), None):
            places.remove(met)
            place = met.joined(place)
        places.append(place)
    return [place.strip for place in places]


def _place(corners: Corners, axes: Iterable[_Axis]) -> _Place | None:
    """The place of one spot. On a page that lies on its side no line is longer than high, and none has a row."""
    (left, top), (right, bottom) = corners.min(axis=0).tolist(), corners.max(axis=0).tolist()
    middle = (left + right) / 2, (top + bottom) / 2
    row = [axis for axis in axes if axis.has(middle)]
    measures = [axis for axis in row if axis.line.length >= axis.line.height]
    if not measures:
        return None
    axis = min(measures, key=lambda axis: abs(axis.position(middle)[0]) - axis.line.length / 2)
    along, below = axis.position(middle)
    reach = (right - left) / 2 + MARGIN * axis.line.height
    start, end = along - reach, along + reach
    for other in row:
        place, half = axis.position(other.line.middle)[0], other.line.length / 2
        start, end = (max(start, place + half), end) if place < along else (start, min(end, place - half))
    return _Place(axis, start, end, below) if start < along < end else None
