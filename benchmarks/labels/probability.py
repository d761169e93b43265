"""Whether the probability that a label is right tells right labels from wrong ones, and whether it comes true."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import Any

import numpy as np

from benchmarks import corpora
from benchmarks.base import Benchmark, Cell, Setting, Table
from benchmarks.labels import sources
from benchmarks.labels.sources import RECORDED, RULES, SECOND, Labels
from extraction.domain.evaluation.reliability import auroc, calibration_error
from extraction.domain.label_quality.estimator import Estimator, Judged
from extraction.domain.progress import Progress

TEACHERS = (RULES, SECOND, RECORDED)
PARTS: tuple[corpora.Part, ...] = ("train", "dev")
REVIEWED = (0, 25, 50, 100)
DRAWS = 10
SUREST = 0.8

Scored = Sequence[tuple[float, Judged]]


def inputs(setting: Setting) -> Mapping[str, Any]:
    return sources.inputs()


def run(setting: Setting, progress: Progress) -> Sequence[Table]:
    return [
        table for part in ("train", "dev") for table in _tables(part, sources.labels(part, setting, progress), setting)
    ]


def _tables(part: str, known: Labels, setting: Setting) -> list[Table]:
    judged = [(receipt.name, label) for receipt, label in known.judged(TEACHERS)]
    names = sorted({receipt.name for receipt in known.receipts})
    rows = [_row("all", reviewed, judged, names, setting) for reviewed in REVIEWED if reviewed < len(names)]
    rows += [
        _row(source, 50, [pair for pair in judged if pair[1].source == source], names, setting, judged)
        for source in TEACHERS
    ]
    return [
        Table(
            f"Probability that labels of three teachers are right, on the others of {len(names)} SROIE {part} receipts",
            (
                "teacher",
                "reviewed",
                "labels",
                "wrong",
                "AUROC",
                "calibration error",
                f"wrong among the surest {SUREST:.0%}",
            ),
            tuple(rows),
            (
                f"Means of {DRAWS} draws of the reviewed receipts; the last column: how many of the surest are wrong.",
                "Right: by the oracle of benchmarks.labels.sources. The second labelling has dates and totals alone.",
            ),
        )
    ]


def _row(
    source: str,
    reviewed: int,
    measured: Sequence[tuple[str, Judged]],
    names: Sequence[str],
    setting: Setting,
    fitted: Sequence[tuple[str, Judged]] | None = None,
) -> tuple[Cell, ...]:
    draws = []
    for number in range(DRAWS if reviewed else 1):
        chosen = set(random.Random(f"{setting.seed} {number}").sample(names, reviewed))
        estimator = Estimator.fit([label for name, label in fitted or measured if name in chosen])
        scored = [
            (estimator.probability(label.field, label.source, label.signals), label)
            for name, label in measured
            if name not in chosen
        ]
        draws.append(figures(scored))
    columns = [[value for value in column if value is not None] for column in zip(*draws, strict=True)]
    return source, reviewed, *(fmean(column) if column else None for column in columns)


def figures(scored: Scored) -> tuple[float | None, ...]:
    """Labels, wrong ones, AUROC, calibration error, and the wrong ones among the surest (0–1)."""
    probabilities, right = [value for value, _ in scored], [label.right for _, label in scored]
    order = np.argsort([-value for value in probabilities], kind="stable")[: round(SUREST * len(scored))]
    return (
        float(len(scored)),
        1 - fmean(right),
        auroc(probabilities, right),
        calibration_error(probabilities, right),
        1 - fmean(right[index] for index in order),
    )


BENCHMARK = Benchmark("labels", "how probably labels are right", inputs, run)
