"""Scans that lie on their side or stand on their head, put right.

The page is read as it came. Only where that reading looks wrong is anything more done: most words taller than wide mean
a page on its side, low confidence may mean one on its head. A few of its lines are then read both ways, and the more
convincing way decides.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image

from extraction.domain.page import Box, Word
from extraction.ingest.ocr import OcrEngine

# Words that say something about the page's direction; "I" or "1" is taller than wide on any page.
TELLING_LENGTH = 3
DOUBTFUL_CONFIDENCE = 0.9
SAMPLE_LINES = 6


@dataclass(frozen=True, slots=True)
class Upright:
    """An upright picture with its words; `rotation` is by how many degrees clockwise it was turned."""

    image: Image.Image
    words: tuple[Word, ...]
    rotation: int


def read_upright(image: Image.Image, engine: OcrEngine) -> Upright:
    """Read `image`, turned by whatever multiple of 90° makes it readable."""
    words = engine.read(image)
    candidates = _candidates(image, words)
    if len(candidates) == 1:
        return Upright(image, words, 0)
    strip = _strip(image, words)
    rotation = max(candidates, key=lambda degrees: _conviction(engine.read(turned(strip, degrees))))
    if rotation == 0:
        return Upright(image, words, 0)
    upright = turned(image, rotation)
    return Upright(upright, engine.read(upright), rotation)


def turned(image: Image.Image, degrees: int) -> Image.Image:
    """The picture turned clockwise by a multiple of 90°."""
    return image if degrees == 0 else image.transpose(_TURNS[degrees])


_TURNS = {
    90: Image.Transpose.ROTATE_270,
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_90,
}


def _candidates(image: Image.Image, words: Sequence[Word]) -> tuple[int, ...]:
    """Rotations that are worth a try."""
    telling = [word for word in words if len(word.text) >= TELLING_LENGTH]
    if not telling:
        return (0, 90, 180, 270) if words else (0,)
    tall = sum(word.box.height * image.height > word.box.width * image.width for word in telling)
    if tall > len(telling) / 2:
        return (90, 270)
    confidence = sum(word.confidence for word in telling) / len(telling)
    return (0, 180) if confidence < DOUBTFUL_CONFIDENCE else (0,)


def _conviction(words: Sequence[Word]) -> float:
    """How much text was read, and how surely."""
    return sum(len(word.text) * word.confidence**2 for word in words)


def _strip(image: Image.Image, words: Sequence[Word]) -> Image.Image:
    """A part of the picture that holds its longest words."""
    longest = sorted(words, key=lambda word: len(word.text), reverse=True)[:SAMPLE_LINES]
    box = Box.around(word.box for word in longest)
    return image.crop(
        (
            int(box.x0 * image.width),
            int(box.y0 * image.height),
            int(box.x1 * image.width) + 1,
            int(box.y1 * image.height) + 1,
        )
    )
