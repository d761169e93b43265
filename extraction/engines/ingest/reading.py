"""Files to pages with words: the path that training and serving share."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from extraction.domain.errors import gettext_noop
from extraction.domain.pages import Page
from extraction.domain.progress import Progress, check
from extraction.domain.work import deadlines, spans
from extraction.engines.ingest.files import RawPage, inspect, open_document
from extraction.engines.ingest.limits import Limits
from extraction.engines.ingest.ocr.base import OcrEngine
from extraction.engines.ingest.ocr.orientation import Upright, read_upright
from extraction.engines.ingest.quality import focus
from extraction.engines.ingest.textlayer.joining import joined

TEXT_LAYER = "text layer"


# What progress says.
READING = gettext_noop("Reading")


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A page after reading.

    `image` is the upright RGB picture, `rotation` by how many degrees clockwise it was turned, `reader` the OCR engine,
    `TEXT_LAYER` or both. `seconds` are for decoding and reading, of which `ocr_seconds` for finding the words.
    """

    page: Page
    image: Image.Image
    rotation: int
    focus: float
    reader: str
    seconds: float
    ocr_seconds: float


def read_document(path: Path, engine: OcrEngine, limits: Limits, progress: Progress) -> list[ReadPage]:
    """All pages of the file. Raises `Refused` and `Cancelled`."""
    return list(read_pages(path, engine, limits, progress))


def read_pages(path: Path, engine: OcrEngine, limits: Limits, progress: Progress) -> Iterator[ReadPage]:
    """The pages of `read_document`, one at a time: two hundred decoded pages would not fit into memory."""
    total = inspect(path, limits).pages
    progress.report(0, total, READING)
    started = time.perf_counter()
    for number, raw in enumerate(open_document(path, limits), 1):
        yield _read(raw, engine, started)
        progress.report(number, total, READING)
        check(progress)
        deadlines.check()
        started = time.perf_counter()


def _read(raw: RawPage, engine: OcrEngine, started: float) -> ReadPage:
    decoded = time.perf_counter()
    with spans.span("words of a page") as span:
        words = joined(raw.image, raw.layer, engine) if raw.layer is not None else None
        if words is None:
            upright, reader = read_upright(raw.image, engine), engine.name
        else:
            upright, reader = (
                Upright(raw.image, words.words, 0),
                f"{TEXT_LAYER}, {engine.name}" if words.by_ocr else TEXT_LAYER,
            )
        span.set(reader=reader, words=len(upright.words))
    ended = time.perf_counter()
    image = upright.image
    page = Page(image.width, image.height, upright.words)
    return ReadPage(page, image, upright.rotation, focus(image), reader, ended - started, ended - decoded)
