"""Rows of receipts, learned from a teacher's rows beside the flat fields, against transcribed ones."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import islice
from statistics import median
from typing import Any

from benchmarks import corpora, sroie
from benchmarks.base import Benchmark, Cell, MissingData, Setting, Table
from benchmarks.quality import student, training_cache
from benchmarks.quality.training_cache import Answers, CachedTraining, TrainedStudent
from extraction.domain.evaluation.line_items import FIGURES
from extraction.domain.evaluation.reliability import auroc, calibration_error
from extraction.domain.field_types import UNKNOWN
from extraction.domain.fields import Field, Schema
from extraction.domain.line_items.alignment import align_rows
from extraction.domain.line_items.matching import match, wrong_cells
from extraction.domain.line_items.rows import rows_of, text_of
from extraction.domain.progress import Progress
from extraction.engines.student.base import Example

ITEMS = Field(
    "items",
    "group",
    "one row for each article, service or discount with its amount; no sums, taxes or payments",
    fields=(
        Field("description", "text", "the name as printed, without number, quantity and prices"),
        Field("quantity", "number", "how many, as printed, without the unit"),
        Field("unit_price", "money", "the price of one"),
        Field("amount", "money", "what the row comes to"),
    ),
)
SCHEMA = Schema(sroie.SCHEMA.name, sroie.SCHEMA.document, (*sroie.SCHEMA.fields, ITEMS))
# Documents whose time is taken, in turns with the student of the flat fields.
TIMED, ROUNDS = 30, 5


def inputs(setting: Setting) -> Mapping[str, Any]:
    return {**student.data(), "foundations": training_cache.foundations(setting), "config": dict(training_cache.CONFIG)}


def run(setting: Setting, progress: Progress) -> Sequence[Table]:
    train, dev = examples("train", "teacher", setting, progress), examples("dev", "truth", setting, progress)
    training = CachedTraining("teacher labels with rows", SCHEMA, lambda: train, setting.seed, student.data())
    [with_rows] = training_cache.trained_students([training], setting, progress)
    without = student.first(setting, progress)
    answers = with_rows.answers(dev)
    return [
        _aligned(train),
        _rows(dev, answers, with_rows),
        _flat(dev, answers, without.answers(dev)),
        _confidence(dev, answers),
        _times(dev, with_rows, without),
    ]


def examples(part: corpora.Part, source: str, setting: Setting, progress: Progress) -> list[Example]:
    """The receipts with the flat labels and the rows of one source."""
    rows = _labels(part, source)
    documents = sroie.CORPUS.documents(part, source)
    flat = student.examples(part, source, setting, progress)
    return [
        replace(
            example, labels={**example.labels, ITEMS.name: rows[f"{document.path.parent.name}/{document.path.name}"]}
        )
        for document, example in zip(documents, flat, strict=True)
    ]


def _labels(part: corpora.Part, source: str) -> dict[str, str]:
    path = sroie.CORPUS.folder / f"{part}.{source}-items.jsonl"
    if not path.is_file():
        raise MissingData(f"There are no rows of receipts in {path}.")
    with path.open(encoding="utf-8") as file:
        return {row["file"]: text_of(row["items"]) for row in map(json.loads, file)}


def _aligned(train: Sequence[Example]) -> Table:
    """How many of the cells that the teacher names are found on the page."""
    names = [part.name for part in ITEMS.fields]
    found, printed = dict.fromkeys(names, 0), dict.fromkeys(names, 0)
    for example in train:
        rows = rows_of(ITEMS, example.labels[ITEMS.name]) or ()
        for row, place in zip(rows, align_rows(ITEMS, rows, example.pages, UNKNOWN), strict=True):
            for name in names:
                printed[name] += row.get(name) is not None
                found[name] += place is not None and name in place.cells
    rows_ = [(name, printed[name], found[name] / max(printed[name], 1)) for name in names]
    total = sum(printed.values())
    return Table(
        f"Cells of the teacher's rows that are found on the page, {len(train)} SROIE train receipts",
        ("field", "cells", "found"),
        (*rows_, ("all", total, sum(found.values()) / max(total, 1))),
    )


def _rows(dev: Sequence[Example], answers: Answers, trained: TrainedStudent) -> Table:
    score = training_cache.score(SCHEMA, dev, answers).groups[ITEMS.name]
    estimates = [(name, score.figure(name)) for name in FIGURES]
    return Table(
        f"Rows of a student taught by a teacher's rows, on {len(dev)} SROIE dev receipts against transcribed ones",
        ("figure", "value", "95 % from", "to"),
        tuple((name, estimate.value, *estimate.ci95) for name, estimate in estimates),
        (f"Training: {trained.seconds:.0f} s. {trained.stop}",),
    )


def _flat(dev: Sequence[Example], with_rows: Answers, without: Answers) -> Table:
    scores = [training_cache.score(sroie.SCHEMA, dev, answers) for answers in (without, with_rows)]
    rows: list[tuple[Cell, ...]] = [
        (name, *(score.fields[name].anls for score in scores)) for name in sroie.SCHEMA.names
    ]
    means = [score.mean_anls for score in scores]
    return Table(
        "The four flat fields of the same receipts, ANLS: rows not trained, and trained beside them",
        ("field", "without rows", "with rows", "difference"),
        (*((*row, float(str(row[2])) - float(str(row[1]))) for row in rows), ("mean", *means, means[1] - means[0])),
    )


def _confidence(dev: Sequence[Example], answers: Answers) -> Table:
    confidences: list[float] = []
    right: list[bool] = []
    for example, fields in zip(dev, answers, strict=True):
        truth, answered = (
            rows_of(ITEMS, text) or () for text in (example.labels[ITEMS.name], fields[ITEMS.name].value)
        )
        partner = {j: i for i, j in match(ITEMS, truth, answered, UNKNOWN)}
        for number, row in enumerate(fields[ITEMS.name].rows or ()):
            confidences.append(row.confidence or 0.0)
            right.append(
                number in partner and not wrong_cells(ITEMS, truth[partner[number]], answered[number], UNKNOWN)
            )
    return Table(
        "Whether a row's confidence tells right rows from wrong ones",
        ("rows", "right", "AUROC", "calibration error"),
        ((len(right), sum(right), auroc(confidences, right), calibration_error(confidences, right)),),
        ("Right: matched to a true row, all cells equal after their fields' normalisers.",),
    )


def _times(dev: Sequence[Example], with_rows: TrainedStudent, without: TrainedStudent) -> Table:
    """Medians of the student alone, both in turns."""
    documents = list(islice(dev, TIMED))
    ratios = []
    for _ in range(ROUNDS):
        for example in documents:
            seconds = [_seconds(trained, example) for trained in (without, with_rows)]
            ratios.append(seconds[1] / seconds[0])
    return Table(
        f"Time of the student alone, {TIMED} receipts in turns {ROUNDS} times",
        ("students", "ratio of the medians"),
        (("with rows by without", median(ratios)),),
    )


def _seconds(trained: TrainedStudent, example: Example) -> float:
    started = time.perf_counter()
    trained.predictor.predict(example.pages)
    return time.perf_counter() - started


BENCHMARK = Benchmark("student-items", "rows learned beside flat fields", inputs, run)
