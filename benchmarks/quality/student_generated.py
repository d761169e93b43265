"""Quality of a student that is trained on generated receipts and invoices, on others from the same generator."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import synthdocs
from benchmarks import corpora
from benchmarks.base import Benchmark, Setting, Table, digest, write_json
from benchmarks.quality import student, training_cache
from benchmarks.quality.training_cache import CachedTraining
from extraction.domain import default_schemas
from extraction.domain.pages import Page
from extraction.domain.progress import Progress, Silent, check
from extraction.engines.ingest.limits import Limits
from extraction.engines.ingest.ocr.registry import engine
from extraction.engines.ingest.reading import read_document
from extraction.engines.student.base import Example

LEARNED, HELD_BACK = 400, 100
SCHEMA = default_schemas.RECEIPT


def inputs(setting: Setting) -> Mapping[str, Any]:
    common = {**data(), "foundations": training_cache.foundations(setting), "config": dict(training_cache.CONFIG)}
    return {**common, "documents": [LEARNED, HELD_BACK]}


def data() -> dict[str, Any]:
    return {"samples": training_cache.code("synthdocs"), "reader": corpora.reader_digest(student.OCR)}


def run(setting: Setting, progress: Progress) -> Sequence[Table]:
    documents = examples(setting, progress)
    training = CachedTraining("generated", SCHEMA, lambda: documents[:LEARNED], setting.seed, data())
    [trained] = training_cache.trained_students([training], setting, progress)
    others = documents[LEARNED:]
    score = training_cache.score(SCHEMA, others, trained.answers(others))
    rows = [(name, field.anls, *field.anls_ci95, field.normalized_exact) for name, field in score.fields.items()]
    return [
        Table(
            f"Student taught by {LEARNED} generated documents with their truth, on {len(others)} others",
            ("field", "ANLS", "95 % from", "to", "normalised exact"),
            (*rows, ("mean", score.mean_anls, *score.mean_anls_ci95, score.all_fields)),
            (
                "The last figure of the mean is the share of documents with every field right.",
                f"Training: {trained.seconds:.0f} s with {setting.threads} threads. {trained.stop}",
            ),
        )
    ]


def examples(setting: Setting, progress: Progress) -> list[Example]:
    """Generated documents as OCR reads them; what was read is kept."""
    count = LEARNED + HELD_BACK
    path = setting.folder / "generated" / f"{digest([data(), setting.seed, count])[:16]}.json"
    if setting.fresh or not path.exists():
        rows = [
            {"id": row.id, "pages": [page.to_json() for page in row.pages], "labels": row.labels}
            for row in _read(count, setting, progress)
        ]
        write_json(path, rows)
    rows = json.loads(path.read_text("utf-8"))
    return [Example(row["id"], tuple(map(Page.from_json, row["pages"])), row["labels"]) for row in rows]


def _read(count: int, setting: Setting, progress: Progress) -> Iterator[Example]:
    reader = engine(student.OCR, setting.threads)
    with TemporaryDirectory(prefix="kdweb-bench-") as folder:
        for number, sample in enumerate(synthdocs.generate("mixed", count, setting.seed), 1):
            progress.report(number - 1, count, "Making and reading documents")
            check(progress)
            path = Path(folder) / sample.name
            path.write_bytes(sample.data)
            pages = tuple(page.page for page in read_document(path, reader, Limits(), Silent()))
            yield Example(digest(sample.name + str(setting.seed)), pages, sample.truth)
            path.unlink()


BENCHMARK = Benchmark("student-generated", "a student of generated documents", inputs, run)
