"""The part of a page's picture that shows a value with its surroundings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from extraction.domain.pages import Box

# Width by height of the picture of a question.
ASPECT = 2.4
# Width of the part in heights of a printed line, so that letters are large and a line or so is whole.
LINES_WIDE = 26
# How much wider than the value the part is at least, and how many lines stand above and below it.
MARGIN, LINES_AROUND = 1.15, 1.2


@dataclass(frozen=True, slots=True)
class Crop:
    """A part of a page in pixels of its picture."""

    x: int
    y: int
    width: int
    height: int


def crop(boxes: Sequence[Box], width: int, height: int) -> Crop:
    """Around the boxes of a value on a page of that size in pixels; without boxes the whole page."""
    if not boxes:
        return Crop(0, 0, width, height)
    around = Box.around(boxes)
    line = median(box.height for box in boxes) * height
    wide = min(max(LINES_WIDE * line, MARGIN * around.width * width), width)
    high = min(max(wide / ASPECT, around.height * height + 2 * LINES_AROUND * line), height)
    wide = min(max(wide, ASPECT * high), width)
    x, y = around.center
    left = min(max(x * width - wide / 2, 0), width - wide)
    top = min(max(y * height - high / 2, 0), height - high)
    return Crop(round(left), round(top), round(wide), round(high))
