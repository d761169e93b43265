"""Cost of serving: documents a second with the OCR, memory of the process, the student alone on one thread."""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.base import Benchmark, Setting, Table
from benchmarks.quality import student
from benchmarks.speed import reading
from benchmarks.speed.serving_process import DOCUMENTS, NEAREST, TIMES, WARMING, Figures
from extraction.domain.progress import Progress
from extraction.engines.student.layout.inference.description import FULL, ModelDescription


def inputs(setting: Setting) -> Mapping[str, Any]:
    return dict(student.inputs(setting))


def run(setting: Setting, progress: Progress) -> Sequence[Table]:
    folder = reading.any_student(setting, progress)
    progress.report(0, 1, "A process that serves")
    figures = measure_in_process(folder, setting.threads)
    progress.report(1, 1)
    return [table(figures, setting, folder)]


def measure_in_process(folder: Path, threads: int) -> Figures:
    """`serving_process.measure` in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.speed.serving_process", str(folder), str(threads)]
    process = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return Figures(**json.loads(process.stdout.splitlines()[-1]))


def table(figures: Figures, setting: Setting, folder: Path) -> Table:
    quantization = ModelDescription.read(folder).quantization
    served_graph = quantization.served if quantization else FULL
    return Table(
        f"Serving {DOCUMENTS} SROIE dev receipts",
        ("figure", "value", "unit"),
        (
            ("end to end with OCR, as many at once as threads", figures.rate, "documents a second"),
            ("end to end with OCR, one after the other", figures.single, "documents a second"),
            ("memory of the process after them", figures.megabytes, "MB"),
            ("memory of the process at its highest", figures.peak, "MB"),
            ("student alone, one thread, median", figures.median, "ms"),
            ("student alone, one thread, 95th percentile", figures.p95, "ms"),
            ("sub-words of its documents, median", figures.tokens, ""),
        ),
        (
            f"{setting.threads} threads with OCR, after {WARMING} documents to warm up.",
            f"The student alone: from words to answers, the {NEAREST} documents nearest to 300 sub-words,",
            f"{TIMES - 1} times each. It is {reading.origin(folder)},",
            f"served as {served_graph}. The process that decodes files is not counted.",
        ),
    )


BENCHMARK = Benchmark("speed-serving", "Latency, throughput and memory of serving.", inputs, run)
