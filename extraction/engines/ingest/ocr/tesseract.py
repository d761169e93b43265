"""The OCR engine Tesseract, a program, through pytesseract."""

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytesseract
from PIL import Image

from extraction.domain.errors import gettext_noop
from extraction.domain.pages import Word
from extraction.engines.ingest.ocr.base import OcrUnavailable
from extraction.engines.ingest.ocr.lines import Line, words_of

# Page segmentation mode: a receipt is one column of text of varying sizes.
ONE_COLUMN = "--psm 4"
# Lines on a sheet that are all of one size, and their height on it in pixels.
ONE_BLOCK, LINE = "--psm 6", 40
TIMEOUT_SECONDS = 120


class Tesseract:
    """The engine `tesseract`, see `base.OcrEngine`. Thread-safe."""

    name = "tesseract"
    # A receipt was read with 0.80 upright and with 0.32 upside down.
    doubtful = 0.6

    def __init__(self, threads: int | None) -> None:
        """With `threads` None the program chooses, more than two cores can carry. Raises `OcrUnavailable`."""
        try:
            pytesseract.get_tesseract_version()
        except (pytesseract.TesseractNotFoundError, SystemExit):
            raise OcrUnavailable(
                gettext_noop(
                    "Tesseract is not installed; install the system package tesseract-ocr or choose the "
                    "engine rapidocr."
                )
            ) from None
        self._threads = threads
        self._lock = threading.Lock()

    def read(self, image: Image.Image) -> tuple[Word, ...]:
        """The words of a picture in reading order, boxes as fractions of its size.

        Raises `RuntimeError` where the program takes longer than `TIMEOUT_SECONDS`.
        """
        return words_of(self._words(image, ONE_COLUMN), image.width, image.height)

    def recognise(self, lines: Sequence[Image.Image]) -> list[tuple[str, float]]:
        """Texts and confidences of pictures of one line each, which the program reads below each other at once."""
        if not lines:
            return []
        scaled = [line.resize((max(round(line.width * LINE / line.height), 1), LINE)) for line in lines]
        sheet = Image.new("RGB", (max(line.width for line in scaled) + 2 * LINE, 2 * LINE * len(scaled)), "white")
        for number, line in enumerate(scaled):
            sheet.paste(line, (LINE, 2 * LINE * number + LINE // 2))
        found: list[list[Line]] = [[] for _ in lines]
        for word in self._words(sheet, ONE_BLOCK):
            found[min(int(word.middle[1] // (2 * LINE)), len(found) - 1)].append(word)
        return [_joined(words) for words in found]

    def _words(self, image: Image.Image, config: str) -> list[Line]:
        with self._lock, _environment(self._threads):
            rows: dict[str, list[Any]] = pytesseract.image_to_data(
                image, config=config, output_type=pytesseract.Output.DICT, timeout=TIMEOUT_SECONDS
            )
        columns = (rows[name] for name in ("text", "conf", "left", "top", "width", "height"))
        return [_line(*row) for row in zip(*columns, strict=True) if str(row[0]).strip()]


def _joined(words: Sequence[Line]) -> tuple[str, float]:
    """The text of one line, and the confidence of its least certain word."""
    text = "".join(word.text for word in sorted(words, key=lambda word: word.corners[0][0]))
    return text, min((word.confidence for word in words), default=0.0)


def _line(text: str, confidence: float, left: int, top: int, width: int, height: int) -> Line:
    right, bottom = left + width, top + height
    corners = ((left, top), (right, top), (right, bottom), (left, bottom))
    return Line(str(text).strip(), max(float(confidence), 0.0) / 100, corners)


@contextmanager
def _environment(threads: int | None) -> Iterator[None]:
    """Set the OpenMP variables that the program inherits from this process.

    The passive waiting of threads, which suits the student, makes Tesseract five times slower.
    """
    before = {name: os.environ.pop(name, None) for name in ("OMP_THREAD_LIMIT", "OMP_WAIT_POLICY")}
    if threads is not None:
        os.environ["OMP_THREAD_LIMIT"] = str(threads)
    try:
        yield
    finally:
        os.environ.pop("OMP_THREAD_LIMIT", None)
        os.environ.update({name: value for name, value in before.items() if value is not None})
