"""Words and times of each OCR engine on real receipts, and the cost of putting pages upright."""

import time
from collections.abc import Mapping, Sequence
from statistics import mean, median
from typing import Any

from PIL import Image

from benchmarks import corpora, sroie
from benchmarks.base import Benchmark, Cell, Setting, Table
from benchmarks.quality import ocr_upper_bound
from extraction.domain.progress import Progress
from extraction.engines.ingest.files import open_document
from extraction.engines.ingest.limits import Limits
from extraction.engines.ingest.ocr.base import OcrEngine
from extraction.engines.ingest.ocr.orientation import read_upright, turned
from extraction.engines.ingest.ocr.registry import engine, names

TURNS = (0, 90, 180, 270)
# Every fifth of the 100 receipts, each in four rotations.
EVERY = 5


def inputs(setting: Setting) -> Mapping[str, Any]:
    return {"data": sroie.CORPUS.digest(), **{name: corpora.reader_digest(name) for name in names()}}


def run(setting: Setting, progress: Progress) -> Sequence[Table]:
    return [_engines(setting, progress), _orientation(setting, progress)]


def _engines(setting: Setting, progress: Progress) -> Table:
    return Table(
        "Best obtainable ANLS and time by OCR engine, 100 SROIE dev receipts",
        ("engine", "mean ANLS", *sroie.SCHEMA.names, "words", "s a page (median)"),
        tuple(_engine(name, setting, progress) for name in names()),
        (
            f"Time for decoding, orientation and OCR with {setting.threads} threads.",
            "Best obtainable: the highest ANLS that any run of the words read can give.",
        ),
    )


def _engine(name: str, setting: Setting, progress: Progress) -> tuple[Cell, ...]:
    readings = sroie.CORPUS.read("dev", name, setting, progress, fresh=setting.fresh)
    labels = [receipt.labels for receipt in sroie.CORPUS.documents("dev")]
    overall, fields = ocr_upper_bound.mean_anls(labels, [reading.pages for reading in readings])
    words = mean(sum(len(page.words) for page in reading.pages) for reading in readings)
    seconds = median(reading.seconds for reading in readings)
    return name, overall, *(fields[field] for field in sroie.SCHEMA.names), round(words), seconds


def _orientation(setting: Setting, progress: Progress) -> Table:
    """RapidOCR only: the default, and Tesseract would take half an hour for the same result."""
    reader = engine("rapidocr", setting.threads)
    pictures = [next(open_document(receipt.path, Limits())).image for receipt in sroie.CORPUS.documents("dev")[::EVERY]]
    rows = []
    for number, turn in enumerate(TURNS):
        progress.report(number, len(TURNS), f"turned by {turn}°")
        rows.append(_turned(reader, pictures, turn))
    progress.report(len(TURNS), len(TURNS))
    return Table(
        f"Pages put upright by rapidocr, {len(pictures)} SROIE dev receipts",
        ("turned by", "put right", "of", "reading alone, s", "reading upright, s", "extra, %"),
        tuple(rows),
        ("Medians; reading alone is OCR of the upright page without a look at its orientation.",),
    )


def _turned(reader: OcrEngine, pictures: Sequence[Image.Image], turn: int) -> tuple[Cell, ...]:
    right, alone, upright = 0, [], []
    for picture in pictures:
        alone.append(_seconds(lambda picture=picture: reader.read(picture)))
        started = time.perf_counter()
        upright_page = read_upright(turned(picture, turn), reader)
        upright.append(time.perf_counter() - started)
        right += (turn + upright_page.rotation) % 360 == 0
    extra = 100 * (median(upright) / median(alone) - 1)
    return f"{turn}°", right, len(pictures), median(alone), median(upright), f"{extra:+.0f}"


def _seconds(work: Any) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


BENCHMARK = Benchmark("ocr", "What each OCR engine finds on real receipts, and how long it takes.", inputs, run)
