"""Tesseract, the program, through pytesseract."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytesseract
from PIL import Image

from extraction.domain.pages import Word
from extraction.engines.ingest.ocr.base import OcrUnavailable
from extraction.engines.ingest.ocr.lines import Line, words_of

# A receipt is one column of text of varying sizes.
ONE_COLUMN = "--psm 4"
PATIENCE_SECONDS = 120


class Tesseract:
    name = "tesseract"
    # A receipt was read with 0.80 upright and with 0.32 upside down.
    doubtful = 0.6

    def __init__(self, threads: int | None) -> None:
        """`threads` None leaves the number to the program, which takes more than two cores can carry."""
        try:
            pytesseract.get_tesseract_version()
        except (pytesseract.TesseractNotFoundError, SystemExit):
            raise OcrUnavailable(
                "Tesseract is not installed; install the system package tesseract-ocr or choose the engine rapidocr."
            ) from None
        self._threads = threads
        self._lock = threading.Lock()

    def read(self, image: Image.Image) -> tuple[Word, ...]:
        with self._lock, _environment(self._threads):
            rows: dict[str, list[Any]] = pytesseract.image_to_data(
                image, config=ONE_COLUMN, output_type=pytesseract.Output.DICT, timeout=PATIENCE_SECONDS
            )
        columns = (rows[name] for name in ("text", "conf", "left", "top", "width", "height"))
        words = [_line(*row) for row in zip(*columns, strict=True) if str(row[0]).strip()]
        return words_of(words, image.width, image.height)


def _line(text: str, confidence: float, left: int, top: int, width: int, height: int) -> Line:
    right, bottom = left + width, top + height
    corners = ((left, top), (right, top), (right, bottom), (left, bottom))
    return Line(str(text).strip(), max(float(confidence), 0.0) / 100, corners)


@contextmanager
def _environment(threads: int | None) -> Iterator[None]:
    """The program takes its OpenMP settings from the environment that it inherits.

    Threads that sleep while they wait, as the student's should, make it five times slower.
    """
    before = {name: os.environ.pop(name, None) for name in ("OMP_THREAD_LIMIT", "OMP_WAIT_POLICY")}
    if threads is not None:
        os.environ["OMP_THREAD_LIMIT"] = str(threads)
    try:
        yield
    finally:
        os.environ.pop("OMP_THREAD_LIMIT", None)
        os.environ.update({name: value for name, value in before.items() if value is not None})
