"""Pages while many work: 50 reviewers and 20 uploads at once, beside the same pages on the idle installation."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.base import Benchmark, Setting, Table
from benchmarks.quality import training_cache
from benchmarks.speed.page_callers import REVIEWERS, SECONDS, UPLOADS
from benchmarks.speed.temporary_installation import BASE, environment
from extraction.domain.progress import Progress

Times = Mapping[str, Sequence[float]]


def inputs(setting: Setting) -> Mapping[str, Any]:
    code = training_cache.code("extraction.web", "extraction.services", "extraction.models")
    return {"reviewers": REVIEWERS, "uploads": UPLOADS, "seconds": SECONDS, "served": code}


def run(setting: Setting, progress: Progress) -> Sequence[Table]:
    progress.report(0, 1, f"{REVIEWERS} reviewers")
    with TemporaryDirectory(prefix="kdweb-bench-") as folder:
        command = [sys.executable, "-m", "benchmarks.speed.page_callers", str(setting.seed)]
        process = subprocess.run(
            command, cwd=BASE, env=environment(folder), stdout=subprocess.PIPE, text=True, check=True
        )
    found = json.loads(process.stdout.splitlines()[-1])
    progress.report(1, 1)
    return [table(found["idle"], found["busy"], found["failed"])]


def table(idle: Times, busy: Times, failed: int) -> Table:
    """`idle` and `busy`: by page, the seconds of each request; `failed`: requests that were refused or broke off."""
    rows = []
    for page, alone in idle.items():
        among = busy[page]
        calm, crowded = _p95(alone), _p95(among)
        rows.append((page, len(among), median(alone), calm, median(among), crowded, crowded / calm))
    return Table(
        f"Pages with {REVIEWERS} reviewers and {UPLOADS} uploads at once",
        ("page", "requests", "idle p50, s", "idle p95, s", "p50, s", "p95, s", "p95 over idle p95"),
        tuple(rows),
        (
            f"A reviewer opens a document, saves a value 5 to 15 s later and goes on, for {SECONDS:.0f} s; meanwhile a",
            f"worker reads the uploads. Requests that failed: {failed}. On SQLite, all processes on one machine.",
        ),
    )


def _p95(seconds: Sequence[float]) -> float:
    return quantiles(seconds, n=20, method="inclusive")[-1]


BENCHMARK = Benchmark("pages", "pages with 50 reviewers and 20 uploads at once, beside the idle ones", inputs, run)
