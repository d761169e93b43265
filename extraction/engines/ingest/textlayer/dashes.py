"""Amounts beside which a dash is printed that the text layer lacks: the dash makes a credit of them.

A dash that a file maps to a space is in no word, and alone it is too low to be a region of its own.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from extraction.engines.ingest.textlayer.figures import DIGITS, is_currency
from extraction.engines.ingest.textlayer.ink import Mask
from extraction.engines.ingest.textlayer.words import LayerWord

# All in heights of the word: how far a dash is looked for, its gap to the amount, its width and height at most and
# least, and where its middle is from the top.
REACH, GAP = 1.0, 0.35
NARROWEST, WIDEST, HIGHEST = 0.12, 0.75, 0.2
TOP, BOTTOM = 0.4, 0.75


def without_their_dash(words: Iterable[LayerWord], free: Mask) -> list[LayerWord]:
    """The words that begin or end with a dash on the page alone; `free` is ink that no word covers."""
    return [word for word in words if any(map(_is_dash, _sides(word, free)))]


def _sides(word: LayerWord, free: Mask) -> Iterable[Mask]:
    """The parts of the ink beside an amount, each with the amount on its right and cut to the word's height."""
    height, width = free.shape
    box = word.box
    rows = slice(max(math.floor(box.y0 * height), 0), math.ceil(box.y1 * height))
    reach = math.ceil(REACH * box.height * height)
    left, right = math.floor(box.x0 * width), math.ceil(box.x1 * width)
    if word.text[0] in DIGITS or is_currency(word.text[0]):
        yield free[rows, max(left - reach, 0) : left]
    if word.text[-1] in DIGITS:
        yield free[rows, right : right + reach][:, ::-1]


def _is_dash(beside: Mask) -> bool:
    """Whether the ink in a part is one dash near its right edge."""
    height, width = beside.shape
    ys, xs = np.nonzero(beside)
    if not ys.size or not xs.min():
        return False
    middle = (ys.min() + ys.max() + 1) / 2
    return bool(
        NARROWEST * height <= np.ptp(xs) + 1 <= WIDEST * height
        and np.ptp(ys) + 1 <= max(HIGHEST * height, 3)
        and TOP * height <= middle <= BOTTOM * height
        and width - xs.max() - 1 <= GAP * height
    )
