"""Ink of a page, and the parts of it that no word of the text layer covers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from extraction.domain.pages import Box
from extraction.engines.ingest.components import components

Mask = NDArray[np.bool_]

# Ink is looked for at a half of the page's size, where neighbours differ by more than this (grey levels, 0–255).
SHRINK = 2
CONTRAST = 40
# All below in pixels of the shrunk page, on which type of 10 points is about 12 high.
# Straight strokes this long are rules and frames.
RULE_ACROSS, RULE_DOWN = 60, 45
# The page is divided into squares. One with so much ink is part of a region; regions this many squares apart are one.
SQUARE, INK_OF_SQUARE = 8, 3
REACH_ACROSS, REACH_DOWN = 2, 1
# Height, width and ink of the smallest region: a character of 5 points. Dashes and dots are lower.
LOWEST, NARROWEST, LEAST_INK = 6, 4, 15


def ink_of(image: Image.Image) -> Mask:
    """A mask of strokes and edges, where neighbouring pixels differ; filled areas are not ink."""
    values = np.asarray(image.convert("L").reduce(SHRINK))
    ink = np.zeros(values.shape, dtype=bool)
    ink[:, 1:] |= _differ(values[:, 1:], values[:, :-1])
    ink[1:, :] |= _differ(values[1:], values[:-1])
    return ink


def _differ(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> Mask:
    # In bytes, which never pass below nought.
    differ: Mask = np.maximum(a, b) - np.minimum(a, b) > CONTRAST
    return differ


def without_rules(ink: Mask) -> Mask:
    """The ink without long straight strokes."""
    return ink & ~_strokes(ink, RULE_DOWN) & ~_strokes(ink.T, RULE_ACROSS).T


def covered(shape: tuple[int, ...], boxes: Iterable[Box]) -> Mask:
    """A mask of a page that is true inside the boxes."""
    height, width = shape
    mask = np.zeros((height, width), dtype=bool)
    for box in boxes:
        mask[
            max(math.floor(box.y0 * height) - 1, 0) : math.ceil(box.y1 * height) + 1,
            max(math.floor(box.x0 * width) - 1, 0) : math.ceil(box.x1 * width) + 1,
        ] = True
    return mask


def regions(ink: Mask) -> list[Box]:
    """Boxes around what may be text in the ink; none of them overlap."""
    height, width = ink.shape
    squares = _squares(ink)
    found = []
    for top, left, bottom, right in components(_grown(squares)):
        rows, columns = slice(top * SQUARE, bottom * SQUARE), slice(left * SQUARE, right * SQUARE)
        ys, xs = np.nonzero(ink[rows, columns])
        if ys.size < LEAST_INK or np.ptp(ys) + 1 < LOWEST or np.ptp(xs) + 1 < NARROWEST:
            continue
        y, x = top * SQUARE + int(ys.min()), left * SQUARE + int(xs.min())
        y1, x1 = top * SQUARE + int(ys.max()) + 1, left * SQUARE + int(xs.max()) + 1
        found.append(Box.clamped(x / width, y / height, x1 / width, y1 / height))
    return _merged(found)


def _strokes(ink: Mask, length: int) -> Mask:
    """The runs of at least `length` pixels in the columns of `ink`."""
    strokes = np.zeros_like(ink)
    if ink.shape[0] < length:
        return strokes
    # Runs are found, and filled, in steps of twice the size: each pass takes neighbouring rows of memory at once.
    begins = ink
    for step in _steps(length):
        begins = begins[:-step] & begins[step:]
    if begins.any():
        strokes[: begins.shape[0]] = begins
        for step in _steps(length):
            strokes[step:] |= strokes[:-step]
    return strokes


def _steps(length: int) -> Iterator[int]:
    """Steps that sum up to one less than the length, none longer than one more than those before it."""
    reach = 1
    while reach < length:
        step = min(reach, length - reach)
        yield step
        reach += step


def _squares(ink: Mask) -> Mask:
    rows, columns = (math.ceil(size / SQUARE) for size in ink.shape)
    padded = np.zeros((rows * SQUARE, columns * SQUARE), dtype=bool)
    padded[: ink.shape[0], : ink.shape[1]] = ink
    counts = padded.reshape(rows, SQUARE, columns, SQUARE).sum(axis=(1, 3))
    filled: Mask = counts >= INK_OF_SQUARE
    return filled


def _grown(squares: Mask) -> Mask:
    grown = squares.copy()
    for axis, reach in ((1, REACH_ACROSS), (0, REACH_DOWN)):
        before = grown.copy()
        for step in range(1, reach + 1):
            ahead, behind = (slice(step, None), slice(None, -step)), (slice(None, -step), slice(step, None))
            for to, source in (ahead, behind):
                index = (slice(None), to) if axis else (to, slice(None))
                other = (slice(None), source) if axis else (source, slice(None))
                grown[index] |= before[other]
    return grown


def _merged(boxes: list[Box]) -> list[Box]:
    """The boxes, those that overlap as one."""
    merged: list[Box] = []
    for box in boxes:
        while touching := [other for other in merged if overlap(box, other) > 0]:
            merged = [other for other in merged if other not in touching]
            box = Box.around([box, *touching])
        merged.append(box)
    return merged


def overlap(a: Box, b: Box) -> float:
    """The area that two boxes share, as a fraction of the smaller one."""
    across = min(a.x1, b.x1) - max(a.x0, b.x0)
    down = min(a.y1, b.y1) - max(a.y0, b.y0)
    smaller = min(a.width * a.height, b.width * b.height)
    return across * down / smaller if across > 0 and down > 0 and smaller > 0 else 0.0
