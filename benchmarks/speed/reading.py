"""Throughput of the product in documents a second, beside Tesseract with a model of LayoutLMv3-base's size."""

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from benchmarks import corpora, sroie
from benchmarks.base import Benchmark, Cell, Setting, Table
from benchmarks.quality import student, training_cache
from extraction.domain.progress import Progress, Silent, check
from extraction.engines.ingest.limits import Limits
from extraction.engines.ingest.ocr.base import OcrEngine
from extraction.engines.ingest.ocr.registry import engine
from extraction.engines.ingest.ocr.tesseract import Tesseract
from extraction.engines.ingest.reading import ReadPage, read_document
from extraction.engines.student.layout.inference.featurizer import Featurizer
from extraction.engines.student.layout.inference.predictor import LayoutPredictor
from extraction.engines.student.model_folder import RESULT

# Every third of the 100 receipts.
EVERY = 3
# LayoutLMv3's input: so many sub-words at most, and the page as one small picture.
TOKENS, SIDE = 512, 224
# A student of so few samples is as fast as any: speed does not depend on its labels.
FEW, FEW_MARK = 8, "-few"


def inputs(setting: Setting) -> Mapping[str, Any]:
    return {"rival reader": corpora.reader_digest("tesseract"), **student.inputs(setting)}


def run(setting: Setting, progress: Progress) -> Sequence[Table]:
    folder = any_student(setting, progress)
    predictor = LayoutPredictor(folder, setting.threads)
    featurizer = predictor.featurizer
    systems = {
        "kdweb": _ours(predictor, setting),
        "Tesseract as it comes + LayoutLMv3 size": _rival(featurizer, setting, Tesseract(None)),
        "Tesseract held to the cores + LayoutLMv3 size": _rival(
            predictor.featurizer, setting, Tesseract(setting.threads)
        ),
    }
    receipts = [receipt.path for receipt in sroie.CORPUS.documents("dev")][::EVERY]
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in systems}
    for system in systems.values():
        system(receipts[0])  # the first document loads and warms up
    for number, path in enumerate(receipts):
        progress.report(number, len(receipts), path.stem)
        check(progress)
        # In turns, so that whatever else the machine does slows both.
        for name, system in systems.items():
            times[name].append(system(path))
    progress.report(len(receipts), len(receipts))
    return [_table(times, setting, folder)]


def _table(times: Mapping[str, Sequence[tuple[float, float]]], setting: Setting, folder: Path) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for name, pairs in times.items():
        total = sum(sum(pair) for pair in pairs)
        reading, model = (median(pair[part] for pair in pairs) for part in (0, 1))
        rows.append((name, len(pairs) / total, reading, model))
    usual, tuned = (float(str(rows[0][1])) / float(str(row[1])) for row in rows[1:])
    return Table(
        f"Decoding, OCR and student over {len(next(iter(times.values())))} SROIE dev receipts",
        ("system", "documents a second", "reading, s (median)", "model, s (median)"),
        tuple(rows),
        (
            f"{setting.threads} threads, the systems in turns; kdweb is {usual:.1f} times as fast as the second, and",
            f"{tuned:.1f} times as the third, whose Tesseract is given as many threads as there are cores.",
            f"The student is {origin(folder)}. The rival: Tesseract's words, and a randomly initialised model of",
            f"LayoutLMv3-base's shape in PyTorch (text, layout and {SIDE} x {SIDE} picture, unpadded), no decoding.",
        ),
    )


def any_student(setting: Setting, progress: Progress) -> Path:
    """A student to measure speed with: the one of `bench student`, else one that is trained for seconds."""
    folder = student.folder(setting)
    if (folder / RESULT).is_file():
        return folder
    folder = folder.with_name(f"{folder.name}{FEW_MARK}")
    if not (folder / RESULT).is_file():
        few = student.examples("dev", "truth", setting, progress)[:FEW]
        training_cache.train_student(sroie.SCHEMA, few, folder, setting.seed, setting, progress, {"epochs": 1})
    return folder


def origin(folder: Path) -> str:
    return "one of the same shape, hardly trained" if folder.name.endswith(FEW_MARK) else "that of `bench student`"


def _read(path: Path, reader: OcrEngine) -> tuple[list[ReadPage], float]:
    started = time.perf_counter()
    pages = read_document(path, reader, Limits(), Silent())
    return pages, time.perf_counter() - started


def _ours(predictor: LayoutPredictor, setting: Setting) -> Callable[[Path], tuple[float, float]]:
    """Seconds for reading and for the student of a document."""

    def measure(path: Path) -> tuple[float, float]:
        pages, seconds = _read(path, engine(student.OCR, setting.threads))
        started = time.perf_counter()
        predictor.predict([page.page for page in pages])
        return seconds, time.perf_counter() - started

    return measure


def _rival(featurizer: Featurizer, setting: Setting, reader: OcrEngine) -> Callable[[Path], tuple[float, float]]:
    import torch
    from transformers import LayoutLMv3Config, LayoutLMv3Model

    torch.set_num_threads(setting.threads)
    model: torch.nn.Module = LayoutLMv3Model(LayoutLMv3Config())
    model.eval()

    def measure(path: Path) -> tuple[float, float]:
        pages, seconds = _read(path, reader)
        started = time.perf_counter()
        tokens = featurizer.tokens([page.page for page in pages])
        picture = np.asarray(pages[0].image.convert("RGB").resize((SIDE, SIDE)), dtype=np.float32) / 127.5 - 1
        with torch.inference_mode():
            model(
                input_ids=torch.from_numpy(tokens.ids[None, :TOKENS]),
                bbox=torch.from_numpy(tokens.boxes[None, :TOKENS]),
                pixel_values=torch.from_numpy(picture.transpose(2, 0, 1)[None]),
            )
        return seconds, time.perf_counter() - started

    return measure


BENCHMARK = Benchmark("speed", "documents a second beside the usual way", inputs, run)
