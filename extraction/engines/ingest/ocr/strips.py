"""Reading of rolls: pages so long and narrow that an engine would shrink them until nothing can be read.

They are cut into strips that overlap. What a cut divides stands whole in the neighbouring strip, so words at the inner
edges are left out, and what two strips both read counts once.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from PIL import Image

from extraction.domain.pages import Box, Word
from extraction.engines.ingest.ocr.base import OcrEngine

# Long by short side from which a page of at least so many pixels is a roll; most receipts have up to 3.
ROLL, LONG = 4.0, 1500
# Length of a strip by the short side, at least so many pixels; the overlap as a fraction of the strip.
STRIP, SHORTEST, OVERLAP = 2.0, 960, 0.2
# Pixels from an inner edge within which a word is cut off.
EDGE = 3
# Shared fraction (of the smaller) from which two words are one, and of the height from which they stand in one line.
SAME, LEVEL = 0.5, 0.5


def read_in_strips(image: Image.Image, engine: OcrEngine) -> tuple[Word, ...]:
    """The words of an RGB picture of any shape, in reading order; see `OcrEngine.read`."""
    long, short = max(image.size), min(image.size)
    if long < max(ROLL * short, LONG):
        return engine.read(image)
    tall = image.height > image.width
    merged: list[list[Word]] = []
    for start, end in _cuts(long, max(round(STRIP * short), SHORTEST)):
        box = (0, start, short, end) if tall else (start, 0, end, short)
        words = [_placed(word, box, image.size) for word in engine.read(image.crop(box))]
        merged = _merge(merged, _lines([word for word in words if not _cut_off(word, box, image.size, tall)]))
    return _numbered(merged)


def _cuts(long: int, length: int) -> list[tuple[int, int]]:
    """Beginnings and ends of equal strips that overlap."""
    count = max(math.ceil((long - OVERLAP * length) / ((1 - OVERLAP) * length)), 1)
    step = (long - length) / max(count - 1, 1)
    return [(round(number * step), min(round(number * step) + length, long)) for number in range(count)]


def _placed(word: Word, strip: tuple[int, int, int, int], size: tuple[int, int]) -> Word:
    left, top, right, bottom = strip
    xs = [(left + x * (right - left)) / size[0] for x in (word.box.x0, word.box.x1)]
    ys = [(top + y * (bottom - top)) / size[1] for y in (word.box.y0, word.box.y1)]
    return replace(word, box=Box.clamped(xs[0], ys[0], xs[1], ys[1]))


def _cut_off(word: Word, strip: tuple[int, int, int, int], size: tuple[int, int], tall: bool) -> bool:
    """Whether the word touches an edge at which the strip was cut."""
    long = size[1] if tall else size[0]
    start, end = (strip[1], strip[3]) if tall else (strip[0], strip[2])
    low, high = (word.box.y0, word.box.y1) if tall else (word.box.x0, word.box.x1)
    return (start > 0 and low * long < start + EDGE) or (end < long and high * long > end - EDGE)


def _lines(words: Sequence[Word]) -> list[list[Word]]:
    lines: dict[int, list[Word]] = {}
    for word in words:
        lines.setdefault(word.line, []).append(word)
    return list(lines.values())


def _merge(lines: list[list[Word]], strip: list[list[Word]]) -> list[list[Word]]:
    """The lines so far with those of the next strip, lines that continue each other as one."""
    merged = [list(line) for line in lines]
    for line in strip:
        home = next((other for other in reversed(merged) if _continues(other, line)), None)
        if home is None:
            merged.append(line)
        else:
            home += [word for word in line if not any(_same(word, other) for other in home)]
    return merged


def _continues(line: Sequence[Word], other: Sequence[Word]) -> bool:
    """Whether two lines share a word, or the second goes on beside the first at its height."""
    if any(_same(a, b) for a in line for b in other):
        return True
    a, b = min(
        ((a, b) for a in line for b in other), key=lambda pair: abs(pair[0].box.center[0] - pair[1].box.center[0])
    )
    down = min(a.box.y1, b.box.y1) - max(a.box.y0, b.box.y0)
    beside = a.box.x1 <= b.box.x0 or b.box.x1 <= a.box.x0
    return beside and down > LEVEL * min(a.box.height, b.box.height)


def _same(a: Word, b: Word) -> bool:
    across = min(a.box.x1, b.box.x1) - max(a.box.x0, b.box.x0)
    down = min(a.box.y1, b.box.y1) - max(a.box.y0, b.box.y0)
    smaller = min(a.box.width * a.box.height, b.box.width * b.box.height)
    return across > 0 and down > 0 and across * down > SAME * smaller


def _numbered(lines: Sequence[Sequence[Word]]) -> tuple[Word, ...]:
    """The words in reading order, lines numbered from the top."""
    ordered = sorted(lines, key=lambda line: sum(word.box.center[1] for word in line) / len(line))
    return tuple(
        replace(word, line=number)
        for number, line in enumerate(ordered)
        for word in sorted(line, key=lambda word: word.box.x0)
    )
