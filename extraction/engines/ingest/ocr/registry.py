"""What reads the words of a picture: one protocol, several engines."""

from functools import lru_cache
from typing import Protocol

from PIL import Image

from extraction.domain.errors import UserError
from extraction.domain.pages import Word

ENGINES = ("rapidocr", "tesseract")


class OcrUnavailable(UserError):
    """The engine cannot work on this machine; the message is one sentence that says what to do."""


class OcrEngine(Protocol):
    """`doubtful` is the mean confidence below which a page may stand on its head."""

    name: str
    doubtful: float

    def read(self, image: Image.Image) -> tuple[Word, ...]:
        """The words of an RGB picture in reading order, boxes as shares of its size. Safe to call from any thread."""


@lru_cache
def engine(name: str, threads: int) -> OcrEngine:
    """The engine of that name, built once a process. Raises `OcrUnavailable`, and `ValueError` for an unknown name."""
    if name == "rapidocr":
        from extraction.engines.ingest.ocr.rapid import RapidOcr

        return RapidOcr(threads)
    if name == "tesseract":
        from extraction.engines.ingest.ocr.tesseract import Tesseract

        return Tesseract(threads)
    raise ValueError(f"There is no OCR engine {name!r}; known are {', '.join(ENGINES)}.")
