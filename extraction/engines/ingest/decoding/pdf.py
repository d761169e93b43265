"""PDF files to pages, and to words where the text layer is sound. Only the decoding process imports this."""

from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as raw
from PIL import Image

from extraction.domain.pages import Word
from extraction.engines.ingest.decoding.textlayer import words_of_text_layer
from extraction.engines.ingest.limits import Limits, Refused, check_size

DAMAGED = "The PDF is damaged or cut off."
NO_PAGES = "The PDF has no pages."
_SENTENCES = {raw.FPDF_ERR_PASSWORD: "The PDF is protected by a password.", raw.FPDF_ERR_FILE: NO_PAGES}
# Pixels a point (1/72 inch), 400 dpi at most: a stamp-sized page is not enlarged beyond that.
HIGHEST_SCALE = 400 / 72


class Pdf:
    """An open PDF, for one thread: pdfium is not thread-safe.

    Raises `Refused` for a file that is damaged, protected, empty or of too many pages.
    """

    def __init__(self, path: Path, limits: Limits) -> None:
        self._limits = limits
        self._document = _open(path)
        if not 0 < self.pages <= limits.pages:
            pages = self.pages
            self.close()
            raise Refused(NO_PAGES if pages == 0 else f"The PDF has {pages} pages; at most {limits.pages} are read.")

    @property
    def pages(self) -> int:
        return len(self._document)

    def page(self, number: int, longest: int) -> tuple[Image.Image, tuple[Word, ...] | None]:
        """Page `number` (from 0) in RGB, about `longest` pixels on its long side; its words if the text layer is sound.

        Raises `Refused` for a damaged page.
        """
        try:
            page = self._document[number]
            try:
                _check_pictures(page, self._limits)
                bitmap = page.render(scale=_scale(page, longest), rev_byteorder=True)
                image = bitmap.to_pil().convert("RGB")
                return image, words_of_text_layer(page, bitmap, image)
            finally:
                page.close()
        except pdfium.PdfiumError as error:
            raise Refused(f"Page {number + 1} of the PDF is damaged.") from error

    def close(self) -> None:
        self._document.close()


def _scale(page: pdfium.PdfPage, longest: int) -> float:
    width, height = page.get_size()
    if min(width, height) <= 0:
        raise Refused("The PDF has a page without a size.")
    return float(min(longest / max(width, height), HIGHEST_SCALE))


def _check_pictures(page: pdfium.PdfPage, limits: Limits) -> None:
    """A picture inside the PDF is decoded whole, however small it is drawn."""
    for picture in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE]):
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
