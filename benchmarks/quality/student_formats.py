"""A project with formats: few-word names, yyyymmdd, plain amounts, a choice, a number, as in the TAIL paper."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from statistics import fmean
from typing import Any

from benchmarks import corpora, sroie
from benchmarks.base import Benchmark, Cell, MissingData, Setting, Table
from benchmarks.quality import student, training_cache
from benchmarks.quality.training_cache import CachedTraining
from extraction.domain.fields import Field, Schema
from extraction.domain.progress import Progress
from extraction.engines.student.base import Example

SCHEMA = Schema(
    "Receipts in formats",
    "receipt",
    (
        Field("merchant_name", "text", "the merchant in as few words as possible"),
        Field("transaction_date", "date", "the date of the purchase", format="yyyymmdd"),
        Field("total_amount", "money", "the amount to pay", format="plain"),
        Field("tax_amount", "money", "the tax in it", format="plain"),
        Field("payment_method", "choice", "how it was paid", options=("cash", "card", "other")),
        Field("document_number", "text", "the number of the receipt, as printed"),
    ),
)


def inputs(setting: Setting) -> Mapping[str, Any]:
    common = {
        **student.data(),
        "foundations": training_cache.foundations(setting),
        "config": dict(training_cache.CONFIG),
    }
    return {**common, "schema": SCHEMA.to_json()}


def run(setting: Setting, progress: Progress) -> Sequence[Table]:
    labelled = partial(examples, "train", setting, progress)
    training = CachedTraining("formats", SCHEMA, labelled, setting.seed, student.data())
    [trained] = training_cache.trained_students([training], setting, progress)
    dev = examples("dev", setting, progress)
    score = training_cache.score(SCHEMA, dev, trained.answers(dev))
    rows: list[tuple[Cell, ...]] = [
        (name, field.anls, *field.anls_ci95, field.exact, field.normalized_exact)
        for name, field in score.fields.items()
    ]
    exact = (fmean(float(str(row[column])) for row in rows) for column in (4, 5))
    rows.append(("mean", score.mean_anls, *score.mean_anls_ci95, *exact))
    return [
        Table(
            f"Six fields in the wanted formats, on {len(dev)} SROIE dev receipts against the teacher's labels",
            ("field", "ANLS", "95 % from", "to", "exact", "normalised exact"),
            tuple(rows),
            (f"Training: {trained.seconds:.0f} s with {setting.threads} threads. {trained.stop}",),
        )
    ]


def examples(part: corpora.Part, setting: Setting, progress: Progress) -> list[Example]:
    """The receipts of a part with their labels in the formats of `SCHEMA`. Raises `MissingData`."""
    path = sroie.CORPUS.folder / f"{part}.teacher-formats.jsonl"
    if not path.is_file():
        raise MissingData(f"There are no labels in formats at {path}.")
    rows = {row["file"]: row for row in map(json.loads, path.read_text("utf-8").splitlines())}
    formatted = []
    for receipt, example in zip(
        sroie.CORPUS.documents(part), student.examples(part, "truth", setting, progress), strict=True
    ):
        row = rows[f"{part}/{receipt.path.name}"]
        labels = {name: row[name] for name in SCHEMA.names if name in row}
        formatted.append(replace(example, labels=labels, field_weights=student.unsure(row.get("unsure", ()))))
    return formatted


BENCHMARK = Benchmark("student-formats", "a student of the paper's formats", inputs, run)
