"""Which characters of a text layer are drawn: where the page looks different without its text.

The page is rendered a second time with its text switched off. White text on white, text below a picture or a patch,
text outside its clipping path, hidden text and text of a layer that is off change nothing, and so are no words.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as raw
from numpy.typing import NDArray
from PIL import Image

from extraction.engines.ingest.decoding.pdf.glyphs import Glyph

# Grey levels (0–255) by which drawn text differs from its ground; the palest print that people read has about 50.
CONTRAST = 30


def hide_text(objects: Sequence[pdfium.PdfObject]) -> None:
    """Switch the text among these objects of a page off, for the next time it is rendered."""
    for drawn in objects:
        if drawn.type == raw.FPDF_PAGEOBJ_TEXT:
            raw.FPDFPageObj_SetIsActive(drawn, False)


def compared(glyphs: Iterable[Glyph], page: Image.Image, without: Image.Image, smallest: float) -> Iterator[Glyph]:
    """The characters, told which of them are drawn on `page`, of which `without` is the picture without text.

    Print lower than `smallest` pixels is for nobody's eyes.
    """
    counts = _counts(page, without)
    for glyph in glyphs:
        yield glyph if glyph.size >= smallest and _differs(counts, glyph) else replace(glyph, drawn=False)


def _differs(counts: NDArray[np.int64], glyph: Glyph) -> bool:
    left, top, right, bottom = glyph.ink
    x0, x1 = _limited(left, counts.shape[1] - 2), _limited(right, counts.shape[1] - 2) + 1
    y0, y1 = _limited(top, counts.shape[0] - 2), _limited(bottom, counts.shape[0] - 2) + 1
    return bool(counts[y1, x1] - counts[y0, x1] - counts[y1, x0] + counts[y0, x0])


def _counts(page: Image.Image, without: Image.Image) -> NDArray[np.int64]:
    """The number of pixels that differ above and left of each place, `[height + 1, width + 1]`."""
    difference = np.abs(np.asarray(page.convert("L"), np.int16) - np.asarray(without.convert("L"), np.int16))
    counts = np.zeros((difference.shape[0] + 1, difference.shape[1] + 1), dtype=np.int64)
    np.cumsum(np.cumsum(difference > CONTRAST, axis=0, dtype=np.int64), axis=1, out=counts[1:, 1:])
    return counts


def _limited(value: float, most: int) -> int:
    return min(max(math.floor(value) if math.isfinite(value) else 0, 0), most)
