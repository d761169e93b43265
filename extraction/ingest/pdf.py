"""PDF files to pictures, and to words where their text layer is sound."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as raw
from PIL import Image

from extraction.domain.page import Word
from extraction.ingest.limits import Limits, Refused, check_size
from extraction.ingest.textlayer import words_of_text_layer

# pdfium must not be entered by two threads at once, whatever the document. Reentrant: garbage collection may close a
# document while its own thread is inside.
_pdfium = threading.RLock()

DAMAGED = "The PDF is damaged or cut off."
NO_PAGES = "The PDF has no pages."
_SENTENCES = {raw.FPDF_ERR_PASSWORD: "The PDF is protected by a password.", raw.FPDF_ERR_FILE: NO_PAGES}
# 72 points an inch: a stamp-sized page is not blown up beyond this resolution.
HIGHEST_SCALE = 400 / 72


def inspect(path: Path, limits: Limits) -> int:
    """The number of pages. Raises `Refused`."""
    with _opened(path, limits) as document:
        return len(document)


def pages(path: Path, limits: Limits, longest: int) -> Iterator[tuple[Image.Image, tuple[Word, ...] | None]]:
    """Each page as a picture whose long side is about `longest` pixels, with its words if its text layer is sound.

    Raises `Refused`.
    """
    with _opened(path, limits) as document:
        for number in range(len(document)):
            with _pdfium:
                page = _page(document, number, limits, longest)
            yield page


def _page(
    document: pdfium.PdfDocument, number: int, limits: Limits, longest: int
) -> tuple[Image.Image, tuple[Word, ...] | None]:
    try:
        page = document[number]
        try:
            _check_pictures(page, limits)
            bitmap = page.render(scale=_scale(page, longest), rev_byteorder=True)
            image = bitmap.to_pil().convert("RGB")
            return image, words_of_text_layer(page, bitmap, image)
        finally:
            page.close()
    except pdfium.PdfiumError as error:
        raise Refused(f"Page {number + 1} of the PDF is damaged.") from error


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


@contextmanager
def _opened(path: Path, limits: Limits) -> Iterator[pdfium.PdfDocument]:
    with _pdfium:
        document = _open(path)
    try:
        count = len(document)
        if count == 0:
            raise Refused(NO_PAGES)
        if count > limits.pages:
            raise Refused(f"The PDF has {count} pages; at most {limits.pages} are read.")
        yield document
    finally:
        with _pdfium:
            document.close()


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
