"""Reading of scans that are rotated by a multiple of 90°.

The page is read as it came. Most words taller than wide mean a page turned by 90° or 270°, low confidence may mean one
upside down (or, with an engine that reports no tall words, any rotation). Only then is a band of its lines read in each
candidate rotation, and the reading with the most confident text wins.

Of 20 receipts in four rotations RapidOCR turned all 80 upright; a page that came upright costs one reading.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image

from extraction.domain.pages import Word
from extraction.engines.ingest.ocr.base import OcrEngine
from extraction.engines.ingest.ocr.strips import read_in_strips

# Characters of words that show the page's direction; "I" or "1" is taller than wide on any page.
TELLING_LENGTH = 3
# Mean confidence (0–1) below which an engine has not even detected the direction of the lines.
GARBAGE = 0.5
# Fraction of the page that is read to compare rotations.
BAND = 0.2
ALL = (0, 90, 180, 270)


@dataclass(frozen=True, slots=True)
class Upright:
    """An upright RGB picture with its words; `rotation` is by how many degrees clockwise it was turned."""

    image: Image.Image
    words: tuple[Word, ...]
    rotation: int


def read_upright(image: Image.Image, engine: OcrEngine) -> Upright:
    """Read an RGB picture, turned by the multiple of 90° that makes it readable. Raises what `engine.read` raises."""
    words = read_in_strips(image, engine)
    candidates = _candidates(image, words, engine.doubtful)
    if len(candidates) == 1:
        return Upright(image, words, 0)
    sample = _sample(image, words)
    rotation = max(candidates, key=lambda degrees: _evidence(read_in_strips(turned(sample, degrees), engine)))
    if rotation == 0:
        return Upright(image, words, 0)
    upright = turned(image, rotation)
    return Upright(upright, read_in_strips(upright, engine), rotation)


def turned(image: Image.Image, degrees: int) -> Image.Image:
    """The picture turned clockwise by `degrees`: 0, 90, 180 or 270."""
    return image if degrees == 0 else image.transpose(_TURNS[degrees])


_TURNS = {
    90: Image.Transpose.ROTATE_270,
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_90,
}


def _candidates(image: Image.Image, words: Sequence[Word], doubtful: float) -> tuple[int, ...]:
    """Rotations in degrees to compare."""
    telling = [word for word in words if len(word.text) >= TELLING_LENGTH]
    if not telling:
        return ALL if words else (0,)
    if _sideways(image, telling):
        return (90, 270)
    confidence = sum(word.confidence for word in telling) / len(telling)
    if confidence < GARBAGE:
        return ALL
    return (0, 180) if confidence < doubtful else (0,)


def _sideways(image: Image.Image, words: Sequence[Word]) -> bool:
    """Whether most words are taller than wide."""
    return sum(word.box.height * image.height > word.box.width * image.width for word in words) > len(words) / 2


def _evidence(words: Sequence[Word]) -> float:
    """The amount of text that was read, weighted by confidence."""
    return sum(len(word.text) * word.confidence**2 for word in words)


def _sample(image: Image.Image, words: Sequence[Word]) -> Image.Image:
    """The band of the picture, `BAND` of its length across the lines, that holds the most text."""
    sideways = _sideways(image, words)
    places = sorted((word.box.center[0 if sideways else 1], len(word.text)) for word in words)
    starts = [place - 0.5 * BAND for place, _ in places]
    start = max(starts, key=lambda start: sum(size for place, size in places if start <= place <= start + BAND))
    low, high = max(start, 0.0), min(start + BAND, 1.0)
    if sideways:
        return image.crop((int(low * image.width), 0, int(high * image.width) + 1, image.height))
    return image.crop((0, int(low * image.height), image.width, int(high * image.height) + 1))
