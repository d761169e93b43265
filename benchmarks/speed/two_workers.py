"""Cost of a second worker machine: documents per CPU-second with two default workers against one.

Two machines beside each other on one would share its cores, so not the time of a clock is compared but the processor
time of all worker processes: what it grows by is what a second machine loses to database, broker and waiting.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from benchmarks.base import Benchmark, MissingData, Setting, Table
from benchmarks.quality import training_cache
from benchmarks.speed.temporary_installation import BASE, environment
from extraction.domain.progress import Progress

DOCUMENTS = 40
# In turns, so that whatever else the machine does slows both.
TIMES = 3


@dataclass(frozen=True, slots=True)
class Figures:
    """So many documents read, in CPU-seconds of all workers and in seconds; bytes of their rows and files."""

    documents: int
    cpu: float
    seconds: float
    rows: int
    files: int

    @property
    def efficiency(self) -> float:
        """Documents per CPU-second."""
        return self.documents / self.cpu


def inputs(setting: Setting) -> Mapping[str, Any]:
    return {"samples": [training_cache.code("synthdocs"), DOCUMENTS], "times": TIMES}


def run(setting: Setting, progress: Progress) -> Sequence[Table]:
    measured: dict[int, list[Figures]] = {1: [], 2: []}
    for number in range(TIMES):
        for workers, found in measured.items():
            progress.report(2 * number + workers - 1, 2 * TIMES, f"{workers} workers")
            found.append(measure(workers, DOCUMENTS, setting.seed))
    progress.report(2 * TIMES, 2 * TIMES)
    return [table(measured)]


def measure(workers: int, documents: int, seed: int) -> Figures:
    """An installation of its own on PostgreSQL and Redis that are started for it. Raises `MissingData`."""
    inner = [sys.executable, "-m", "benchmarks.speed.worker_processes", str(workers), str(documents), str(seed)]
    command = [sys.executable, "-m", "tests.support.servers", *inner]
    variables = {**environment(""), "OMP_NUM_THREADS": "1", "KD_THREADS": "1"}
    process = subprocess.run(command, cwd=BASE, env=variables, stdout=subprocess.PIPE, text=True, check=True)
    if not process.stdout:
        raise MissingData("PostgreSQL or Redis is not installed.")
    return Figures(**json.loads(process.stdout.splitlines()[-1]))


def table(measured: Mapping[int, Sequence[Figures]]) -> Table:
    rows = [
        (
            f"{workers} worker" + "s" * (workers > 1),
            median(one.efficiency for one in found),
            median(one.documents / one.seconds for one in found),
            median(one.rows / one.documents for one in found),
            median(one.files / one.documents for one in found),
        )
        for workers, found in measured.items()
    ]
    ratio = median(2 * two.efficiency / one.efficiency for one, two in zip(*measured.values(), strict=True))
    return Table(
        f"Reading {DOCUMENTS} generated receipts on PostgreSQL and Redis",
        ("workers", "documents per CPU-second", "documents a second", "bytes of rows each", "bytes of files each"),
        tuple(rows),
        (
            f"Two worker machines do {ratio:.2f} times the work of one, by processor time: twice the documents per",
            f"CPU-second of two workers over those of one; medians of {TIMES} pairs on {os.cpu_count()} cores.",
        ),
    )


BENCHMARK = Benchmark("two-workers", "two worker machines beside one, by processor time", inputs, run)
