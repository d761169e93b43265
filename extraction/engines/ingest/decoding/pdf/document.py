"""PDF files to pages with the words of their text layers. Only the decoding process imports this package."""

from collections.abc import Sequence
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as raw
from PIL import Image

from extraction.domain.errors import gettext_noop
from extraction.engines.ingest.decoding.pdf.glyphs import affine_of, glyphs
from extraction.engines.ingest.decoding.pdf.placeholders import check_contents
from extraction.engines.ingest.decoding.pdf.visibility import compared, hide_text
from extraction.engines.ingest.decoding.pdf.words import layer_of
from extraction.engines.ingest.decoding.sizes import long_side
from extraction.engines.ingest.limits import Limits, Refused, check_size
from extraction.engines.ingest.textlayer.words import TextLayer

DAMAGED = gettext_noop("The PDF is damaged or cut off.")
NO_PAGES = gettext_noop("The PDF has no pages.")
_SENTENCES = {raw.FPDF_ERR_PASSWORD: gettext_noop("The PDF is protected by a password."), raw.FPDF_ERR_FILE: NO_PAGES}
# Pixels a point (1/72 inch), 400 dpi at most: a stamp-sized page is not enlarged beyond that.
HIGHEST_SCALE = 400 / 72
# Characters of a page whose text layer is used: fewer are a page number on a scan, more would take too long.
FEWEST, MOST = 20, 50_000
# Height of characters in points below which nobody reads them.
SMALLEST_PRINT = 2.0


class Pdf:
    """An open PDF, for one thread: pdfium is not thread-safe.

    Raises `Refused` for a file that is damaged, protected, empty or of too many pages.
    """

    def __init__(self, path: Path, limits: Limits) -> None:
        self._limits = limits
        self._document = _open(path)
        try:
            self._check(path)
        except BaseException:
            self.close()
            raise

    @property
    def pages(self) -> int:
        return len(self._document)

    def page(self, number: int, longest: int) -> tuple[Image.Image, TextLayer | None]:
        """Page `number` (from 0) in RGB, about `longest` pixels on its long side, and its text layer if it has one.

        A narrow page is longer (see `sizes`). Raises `Refused` for a damaged page.
        """
        try:
            page = self._document[number]
            try:
                return self._decoded(page, longest)
            finally:
                page.close()
        except pdfium.PdfiumError as error:
            raise Refused(gettext_noop("Page {number} of the PDF is damaged."), number=number + 1) from error

    def _decoded(self, page: pdfium.PdfPage, longest: int) -> tuple[Image.Image, TextLayer | None]:
        objects = list(page.get_objects())
        _check_pictures(objects, self._limits)
        scale = _scale(page, longest)
        bitmap = page.render(scale=scale, rev_byteorder=True)
        image = bitmap.to_pil().convert("RGB")
        textpage = page.get_textpage()
        try:
            if not FEWEST <= textpage.count_chars() <= MOST:
                return image, None
            found = list(glyphs(textpage, affine_of(page, bitmap)))
        finally:
            textpage.close()
        hide_text(objects)
        without = page.render(scale=scale, rev_byteorder=True).to_pil()
        drawn = compared(found, image, without, SMALLEST_PRINT * scale)
        return image, layer_of(list(drawn), image.width, image.height)

    def _check(self, path: Path) -> None:
        """Raises `Refused` for a file whose pages are too many, or not what it holds."""
        if not self.pages:
            raise Refused(NO_PAGES)
        if self.pages > self._limits.pages:
            raise Refused(
                gettext_noop("The PDF has {pages} pages; at most {most} are read."),
                pages=self.pages,
                most=self._limits.pages,
            )
        check_contents(self._document, path)

    def close(self) -> None:
        self._document.close()


def _scale(page: pdfium.PdfPage, longest: int) -> float:
    width, height = page.get_size()
    if min(width, height) <= 0:
        raise Refused(gettext_noop("The PDF has a page without a size."))
    return float(min(long_side(width, height, longest) / max(width, height), HIGHEST_SCALE))


def _check_pictures(objects: Sequence[pdfium.PdfObject], limits: Limits) -> None:
    """A picture inside the PDF is decoded whole, however small it is drawn."""
    for picture in objects:
        if isinstance(picture, pdfium.PdfImage):
            width, height = picture.get_px_size()
            if width * height > limits.pixels:
                check_size(width, height, limits)


def _open(path: Path) -> pdfium.PdfDocument:
    # pdfium names no error for a file without pages and leaves the last one standing: set one that cannot occur here.
    raw.FPDF_LoadDocument(b"", None)
    try:
        document = pdfium.PdfDocument(path)
    except pdfium.PdfiumError as error:
        raise Refused(_SENTENCES.get(error.err_code, DAMAGED)) from error
    if document.get_formtype():
        # Without this, what was typed into a form's fields is not drawn.
        document.init_forms()
    return document
