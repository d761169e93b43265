"""Words of a page from its text layer, and by OCR from what the layer leaves out."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from extraction.domain.pages import Box, Word
from extraction.engines.ingest.ocr.base import OcrEngine
from extraction.engines.ingest.ocr.lines import Line, words_of
from extraction.engines.ingest.ocr.strips import read_in_strips
from extraction.engines.ingest.textlayer.comparison import believed
from extraction.engines.ingest.textlayer.dashes import without_their_dash
from extraction.engines.ingest.textlayer.ink import covered, ink_of, overlap, regions, without_rules
from extraction.engines.ingest.textlayer.words import LayerWord, TextLayer

# Least fraction of the page's ink that the words must cover; below it the page is a scan with a printed footer.
LEAST_COVERED = 0.3
# Fraction of a layer's characters that are letters or digits; receipts have 0.8 and more.
ALPHANUMERIC = 0.5
# Regions that are read one by one, and fraction of the page that they may cover; else the page is read at once.
MOST_REGIONS, LARGEST_AREA = 8, 0.4
# Pixels around a region: detectors miss text at the edge of a picture.
MARGIN = 16
# Least confidence (0–1) of text in logos and drawings.
LEAST_CONFIDENCE = 0.7
# Overlap with a word of the layer (of the smaller) from which a word that was read is the same one.
SAME = 0.5


@dataclass(frozen=True, slots=True)
class Joined:
    """The words of a page; `by_ocr`: whether some of it had to be read."""

    words: tuple[Word, ...]
    by_ocr: bool


def joined(image: Image.Image, layer: TextLayer, engine: OcrEngine) -> Joined | None:
    """The words of an RGB page with a text layer; `None` where too little of the page is in the layer."""
    words = believed(image, layer.words, engine) if layer.words else []
    ink = without_rules(ink_of(image))
    inside = covered(ink.shape, (word.box for word in words))
    if short := set(without_their_dash(words, ink & ~inside)):
        words = [word for word in words if word not in short]
        inside = covered(ink.shape, (word.box for word in words))
    if not _holds_text(words) or int((ink & inside).sum()) < LEAST_COVERED * int(ink.sum()):
        return None
    found = regions(ink & ~inside)
    read = list(_read(image, words, found, engine)) if found else []
    lines = [_line(word.text, 1.0, word.box, image) for word in words]
    lines += [_line(word.text, word.confidence, word.box, image) for word in read]
    return Joined(words_of(lines, image.width, image.height, rightward=layer.rightward), bool(found))


def _holds_text(words: Sequence[LayerWord]) -> bool:
    """Whether there are words of letters or digits, not mostly the signs of a font for symbols."""
    characters = [character for word in words for character in word.text]
    return sum(map(str.isalnum, characters)) > ALPHANUMERIC * len(characters)


def _read(image: Image.Image, words: Sequence[LayerWord], found: Sequence[Box], engine: OcrEngine) -> Iterator[Word]:
    """The words of the regions, read from a picture on which the layer's own words are painted over."""
    if len(found) > MOST_REGIONS or sum(box.width * box.height for box in found) > LARGEST_AREA:
        found = [Box(0.0, 0.0, 1.0, 1.0)]
    rest = _painted(image, words)
    for box in found:
        left, top = max(int(box.x0 * image.width) - MARGIN, 0), max(int(box.y0 * image.height) - MARGIN, 0)
        right = min(math.ceil(box.x1 * image.width) + MARGIN, image.width)
        bottom = min(math.ceil(box.y1 * image.height) + MARGIN, image.height)
        part = rest.crop((left, top, right, bottom))
        read = [_moved(word, left, top, part.size, image.size) for word in read_in_strips(part, engine)]
        shown = [word for word in read if _is_text(word)]
        # A letter alone is a piece of a drawing.
        if any(len(word.text) > 1 or not word.text.isalpha() for word in shown):
            yield from (word for word in shown if all(overlap(word.box, other.box) <= SAME for other in words))


def _painted(image: Image.Image, words: Sequence[LayerWord]) -> Image.Image:
    """The page with the colour of its ground in place of the words."""
    pixels = np.asarray(image).copy()
    height, width = pixels.shape[:2]
    for word in words:
        top, bottom = max(int(word.box.y0 * height) - 1, 0), min(math.ceil(word.box.y1 * height) + 1, height)
        left, right = max(int(word.box.x0 * width) - 1, 0), min(math.ceil(word.box.x1 * width) + 1, width)
        area = pixels[top:bottom, left:right]
        if area.size:
            edge = np.concatenate([area[0], area[-1], area[:, 0], area[:, -1]])
            area[:] = np.median(edge, axis=0).astype(np.uint8)
    return Image.fromarray(pixels)


def _moved(word: Word, left: int, top: int, part: tuple[int, int], whole: tuple[int, int]) -> Word:
    box = word.box
    xs = [(left + x * part[0]) / whole[0] for x in (box.x0, box.x1)]
    ys = [(top + y * part[1]) / whole[1] for y in (box.y0, box.y1)]
    return Word(word.text, Box.clamped(xs[0], ys[0], xs[1], ys[1]), word.confidence, word.line)


def _is_text(word: Word) -> bool:
    shown = any(character.isalnum() or unicodedata.category(character) == "Sc" for character in word.text)
    return shown and word.confidence >= LEAST_CONFIDENCE


def _line(text: str, confidence: float, box: Box, image: Image.Image) -> Line:
    """One line for each word: the places are known, so none is split by estimated widths."""
    left, right = box.x0 * image.width, box.x1 * image.width
    top, bottom = box.y0 * image.height, box.y1 * image.height
    return Line(text, confidence, ((left, top), (right, top), (right, bottom), (left, bottom)))
