"""A process that serves and nothing else, measured from inside.

    python -m benchmarks.speed.serving_process MODEL THREADS

Prints one line of JSON, see `Figures`. Alone in its process because memory is asked for, which torch would swell.
"""

import json
import resource
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from benchmarks import corpora, sroie
from extraction.domain.pages import Page
from extraction.domain.progress import Silent
from extraction.engines.ingest.limits import Limits
from extraction.engines.ingest.ocr.registry import engine
from extraction.engines.ingest.reading import read_document
from extraction.engines.student.layout.inference.predictor import LayoutPredictor

DOCUMENTS, WARMING = 60, 5
# The documents nearest to this many sub-words, each answered so often, stand for one of that length.
TOKENS, NEAREST, TIMES = 300, 10, 6


@dataclass(frozen=True, slots=True)
class Figures:
    """`rate` in documents a second with the OCR, as many at once as threads, and `single`, one after the other;
    `megabytes` and `peak` of the process after `DOCUMENTS` receipts, each twice; `median` and `p95` in milliseconds of
    the student alone on one thread over documents of `tokens` sub-words."""

    rate: float
    single: float
    megabytes: float
    peak: float
    tokens: float
    median: float
    p95: float


def measure(folder: Path, threads: int) -> Figures:
    """The figures of the student in `folder`, in this process."""
    predictor, reader = LayoutPredictor(folder, threads), engine("rapidocr", threads)

    def serve(receipt: corpora.Document) -> list[Page]:
        pages = [page.page for page in read_document(receipt.path, reader, Limits(), Silent())]
        predictor.predict(pages)
        return pages

    receipts = sroie.CORPUS.documents("dev")[:DOCUMENTS]
    warming, measured = receipts[:WARMING], receipts[WARMING:]
    read = [serve(receipt) for receipt in warming]
    started = time.perf_counter()
    read += [serve(receipt) for receipt in measured]
    single = len(measured) / (time.perf_counter() - started)
    started = time.perf_counter()
    with ThreadPoolExecutor(threads) as callers:
        list(callers.map(serve, measured))
    rate = len(measured) / (time.perf_counter() - started)
    memory, peak = _megabytes(), _peak()
    tokens, median, p95 = _alone(LayoutPredictor(folder, 1), read)
    return Figures(rate, single, memory, peak, tokens, median, p95)


def _alone(predictor: LayoutPredictor, read: Sequence[list[Page]]) -> tuple[float, float, float]:
    """Sub-words of the documents (median), and milliseconds of the student (median, 95th percentile)."""
    sizes = [len(predictor.featurizer.tokens(pages)) + 2 for pages in read]
    nearest = sorted(range(len(read)), key=lambda at: abs(sizes[at] - TOKENS))[:NEAREST]
    taken = []
    for _ in range(TIMES):
        for at in nearest:
            started = time.perf_counter()
            predictor.predict(read[at])
            taken.append((time.perf_counter() - started) * 1000)
    tokens = float(np.median([sizes[at] for at in nearest]))
    median, p95 = np.percentile(taken[NEAREST:], [50, 95])
    return tokens, float(median), float(p95)


def _megabytes() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asdict(measure(Path(sys.argv[1]), int(sys.argv[2])))) + "\n")
