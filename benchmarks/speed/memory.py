"""Memory of web and workers over many extractions of small pages: after a tenth of them, and at the end."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.base import Benchmark, Setting, Table
from benchmarks.quality import training_cache
from benchmarks.speed.temporary_installation import BASE, environment
from extraction.domain.progress import Progress

PARTS = {"web": "web server", "default": "default worker", "scheduler": "scheduler"}


def inputs(setting: Setting) -> Mapping[str, Any]:
    code = training_cache.code("extraction.api", "extraction.services", "extraction.engines.ingest")
    return {"extractions": setting.extractions, "served": code}


def run(setting: Setting, progress: Progress) -> Sequence[Table]:
    progress.report(0, 1, f"{setting.extractions} extractions")
    with TemporaryDirectory(prefix="kdweb-bench-") as folder:
        command = [sys.executable, "-m", "benchmarks.speed.memory_watch", str(setting.extractions)]
        variables = {**environment(folder), "KD_WEBHOOK_PRIVATE": "1", "KD_API_RATE": "60000/m"}
        process = subprocess.run(command, cwd=BASE, env=variables, stdout=subprocess.PIPE, text=True, check=True)
    found = json.loads(process.stdout.splitlines()[-1])
    progress.report(1, 1)
    return [table(found["samples"], setting.extractions, found["failed"])]


def table(samples: Mapping[str, Sequence[float]], extractions: int, failed: int) -> Table:
    """`samples`: MB by part, taken at equal numbers of extractions."""
    rows = []
    for part, title in PARTS.items():
        tenth = max(1, len(samples[part]) // 10)
        first, last = median(samples[part][tenth : 2 * tenth] or samples[part]), median(samples[part][-tenth:])
        rows.append((title, first, last, 100 * (last / first - 1), max(samples[part])))
    return Table(
        f"Memory over {extractions} extractions of small pages",
        ("process with its children", "after a tenth, MB", "at the end, MB", "change, %", "highest, MB"),
        tuple(rows),
        (
            "Proportional set size, medians over a tenth of the extractions. Half of them are answered at once in the",
            f"web process, half by the default worker, whose child is replaced after 500 jobs. Refused: {failed}.",
            f"On SQLite, {os.cpu_count()} cores.",
        ),
    )


BENCHMARK = Benchmark("memory", "memory of web and workers over many extractions (--extractions)", inputs, run)
