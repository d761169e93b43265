"""Words from a PDF page's text layer, where that layer is sound.

A text layer is *sound* when its text is the text that the page shows. All of these must hold:

- there are at least `FEWEST` characters;
- they are readable: letters, digits, punctuation and signs that the file maps to Unicode without error;
- their boxes lie on the page and have a size;
- they run from left to right on the upright page;
- they are drawn: an invisible layer is somebody else's OCR over a scan, of unknown quality;
- there is ink where the words stand, and the words cover a good part of the page's ink, so that a scan with a
  printed footer, text behind a picture or text turned into curves is read by OCR.
"""

import ctypes
import math
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as raw
from numpy.typing import NDArray
from PIL import Image

from extraction.domain.pages import Word
from extraction.engines.ingest.ocr.lines import Line, words_of

# Characters of a page; more would take too long.
FEWEST = 20
MOST = 50_000
# Least fractions of the characters that are readable and on the page; letters or digits; drawn and level.
READABLE_FRACTION = 0.95
ALPHANUMERIC_FRACTION = 0.5
DRAWN_FRACTION = 0.9
# Least fractions of the words over ink, and of the ink under words.
WORDS_WITH_INK = 0.8
INK_COVERED = 0.3
# Ink is found at this long side (pixels), where neighbours differ by more than this (grey levels, 0–255).
INK_SIDE = 1000
CONTRAST = 40

Affine = tuple[float, float, float, float, float, float]


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character with its box in pixels of the picture (y down).

    `readable`: mapped to Unicode; `visible`: drawn; `level`: runs to the right on the picture.
    """

    text: str
    left: float
    top: float
    right: float
    bottom: float
    readable: bool
    visible: bool
    level: bool


def words_of_text_layer(page: pdfium.PdfPage, bitmap: pdfium.PdfBitmap, image: Image.Image) -> tuple[Word, ...] | None:
    """The words of the page as it was rendered to `bitmap` (`image`), or `None` if the layer is not sound."""
    affine = _affine(page, bitmap)
    textpage = page.get_textpage()
    try:
        if not FEWEST <= textpage.count_chars() <= MOST:
            return None
        glyphs = list(_glyphs(textpage, affine))
    finally:
        textpage.close()
    if not sound(glyphs, image.width, image.height):
        return None
    words = words_of(_lines(glyphs), image.width, image.height)
    return words if agrees(words, image) else None


def sound(glyphs: Sequence[Glyph], width: int, height: int) -> bool:
    """Whether the characters of a page of `width` × `height` pixels can be trusted; `agrees` checks the picture."""
    printed = [glyph for glyph in glyphs if not glyph.text.isspace()]
    if len(printed) < FEWEST:
        return False
    return (
        _fraction(glyph.readable for glyph in printed) >= READABLE_FRACTION
        and _fraction(glyph.text.isalnum() for glyph in printed) >= ALPHANUMERIC_FRACTION
        and _fraction(_on_page(glyph, width, height) for glyph in printed) >= READABLE_FRACTION
        and _fraction(glyph.visible for glyph in printed) >= DRAWN_FRACTION
        and _fraction(glyph.level for glyph in printed) >= DRAWN_FRACTION
    )


def agrees(words: Sequence[Word], image: Image.Image) -> bool:
    """Whether the picture has ink under the words, and most of its ink under words."""
    ink = _ink(image)
    height, width = ink.shape
    covered = np.zeros_like(ink)
    inked = 0
    for word in words:
        area = (
            slice(int(word.box.y0 * height), math.ceil(word.box.y1 * height) + 1),
            slice(int(word.box.x0 * width), math.ceil(word.box.x1 * width) + 1),
        )
        covered[area] = True
        inked += bool(ink[area].any())
    total = int(ink.sum())
    return total > 0 and inked >= WORDS_WITH_INK * len(words) and int((ink & covered).sum()) >= INK_COVERED * total


def _ink(image: Image.Image) -> NDArray[np.bool_]:
    """A mask `[height, width]` of strokes and edges, where neighbouring pixels differ; filled areas are not ink."""
    grey = image.convert("L")
    grey.thumbnail((INK_SIDE, INK_SIDE))
    values = np.asarray(grey, dtype=np.int16)
    ink = np.zeros(values.shape, dtype=bool)
    ink[:, 1:] |= np.abs(np.diff(values, axis=1)) > CONTRAST
    ink[1:, :] |= np.abs(np.diff(values, axis=0)) > CONTRAST
    return ink


def _fraction(flags: Iterator[bool]) -> float:
    values = list(flags)
    return sum(values) / len(values)


def _on_page(glyph: Glyph, width: int, height: int) -> bool:
    slack = 0.02 * max(width, height)
    return (
        -slack <= glyph.left < glyph.right <= width + slack
        and -slack <= glyph.top < glyph.bottom <= height + slack
        and glyph.bottom - glyph.top < height / 4
    )


def _affine(page: pdfium.PdfPage, bitmap: pdfium.PdfBitmap) -> Affine:
    """The transform `(a, b, c, d, e, f)` from points of the page to pixels: x = a·X + b·Y + c, y = d·X + e·Y + f.

    pdfium rounds to whole pixels, hence the large arguments.
    """
    far = 10_000
    convert = bitmap.get_posconv(page).to_bitmap
    (ox, oy), (xx, xy), (yx, yy) = convert(0, 0), convert(far, 0), convert(0, far)
    return (xx - ox) / far, (yx - ox) / far, ox, (xy - oy) / far, (yy - oy) / far, oy


def _glyphs(textpage: pdfium.PdfTextPage, affine: Affine) -> Iterator[Glyph]:
    a, b, c, d, e, f = affine
    box = raw.FS_RECTF()
    for index in range(textpage.count_chars()):
        code = raw.FPDFText_GetUnicode(textpage, index)
        # pdfium reports the hyphen at a line's end as the control character 2.
        text = "-" if code == 2 else chr(code)
        raw.FPDFText_GetLooseCharBox(textpage, index, ctypes.byref(box))
        xs = [a * x + b * y + c for x in (box.left, box.right) for y in (box.top, box.bottom)]
        ys = [d * x + e * y + f for x in (box.left, box.right) for y in (box.top, box.bottom)]
        yield Glyph(
            unicodedata.normalize("NFKC", text) if 0xFB00 <= code <= 0xFB06 else text,
            min(xs), min(ys), max(xs), max(ys),
            readable=_readable(text) and raw.FPDFText_HasUnicodeMapError(textpage, index) != 1,
            visible=_visible(textpage, index),
            level=_level(raw.FPDFText_GetCharAngle(textpage, index), affine),
        )  # fmt: skip


def _readable(text: str) -> bool:
    category = unicodedata.category(text)
    return text != "\ufffd" and category[0] not in "C"


def _visible(textpage: pdfium.PdfTextPage, index: int) -> bool:
    drawn = raw.FPDFText_GetTextObject(textpage, index)
    return not drawn or raw.FPDFTextObj_GetTextRenderMode(drawn) != raw.FPDF_TEXTRENDERMODE_INVISIBLE


def _level(angle: float, affine: Affine) -> bool:
    """Whether text at `angle` (radians, counter-clockwise on the page) runs to the right on the picture."""
    a, b, _, d, e, _ = affine
    x, y = math.cos(angle), math.sin(angle)
    return math.hypot(a * x + b * y, d * x + e * y) > 0 and abs(math.atan2(d * x + e * y, a * x + b * y)) < 0.2


def _lines(glyphs: Sequence[Glyph]) -> list[Line]:
    """One `Line` for each word: the layer has every character's place, so no line is split by estimated widths."""
    words: list[list[Glyph]] = [[]]
    for glyph in glyphs:
        if glyph.text.isspace() or not _readable(glyph.text):
            words.append([])
        elif words[-1] and _apart(words[-1][-1], glyph):
            words.append([glyph])
        else:
            words[-1].append(glyph)
    return [_line(word) for word in words if word]


def _apart(before: Glyph, glyph: Glyph) -> bool:
    """Whether `glyph` starts a new word though no space was written between them."""
    size = max(before.bottom - before.top, 1.0)
    return (
        glyph.left - before.right > 0.35 * size
        or glyph.left < before.left - 0.5 * size
        or abs((glyph.top + glyph.bottom) - (before.top + before.bottom)) > size
    )


def _line(word: Sequence[Glyph]) -> Line:
    left, right = min(glyph.left for glyph in word), max(glyph.right for glyph in word)
    top, bottom = min(glyph.top for glyph in word), max(glyph.bottom for glyph in word)
    corners = ((left, top), (right, top), (right, bottom), (left, bottom))
    return Line("".join(glyph.text for glyph in word), 1.0, corners)
