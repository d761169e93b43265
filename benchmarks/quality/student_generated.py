"""What a student learns from generated receipts and invoices, on others of the same making."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import synthdocs
from benchmarks import sroie
from benchmarks.base import Benchmark, Setting, Table, digest, keep
from benchmarks.quality import student, training_cache
from benchmarks.quality.training_cache import Course
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
    common = {**data(), "foundations": training_cache.foundations(), "config": dict(training_cache.CONFIG)}
    return {**common, "documents": [LEARNED, HELD_BACK]}


def data() -> dict[str, Any]:
    return {"samples": training_cache.code("synthdocs"), "reader": sroie.reader_digest(student.OCR)}


def run(setting: Setting, progress: Progress) -> Sequence[Table]:
    documents = examples(setting, progress)
    course = Course("generated", SCHEMA, lambda: documents[:LEARNED], setting.seed, data())
    [taught] = training_cache.taught([course], setting, progress)
    others = documents[LEARNED:]
    score = training_cache.score(SCHEMA, others, taught.answers(others))
    rows = [(name, field.anls, *field.anls_ci95, field.normalized_exact) for name, field in score.fields.items()]
    return [
        Table(
            f"Student taught by {LEARNED} generated documents with their truth, on {len(others)} others",
            ("field", "ANLS", "95 % from", "to", "normalised exact"),
            (*rows, ("mean", score.mean_anls, *score.mean_anls_ci95, score.all_fields)),
            (
                "The last figure of the mean is the share of documents with every field right.",
                f"Training: {taught.seconds:.0f} s with {setting.threads} threads. {taught.because}",
            ),
        )
    ]


def examples(setting: Setting, progress: Progress) -> list[Example]:
    """Generated documents as OCR reads them; what was read is kept."""
    count = LEARNED + HELD_BACK
    path = setting.folder / "generated" / f"{digest([data(), setting.seed, count])[:16]}.json"
    if setting.fresh or not path.exists():
        keep(path, _made(count, setting, progress))
    return [
        Example(row["id"], tuple(Page.from_json(page) for page in row["pages"]), row["labels"])
        for row in json.loads(path.read_text("utf-8"))
    ]


def _made(count: int, setting: Setting, progress: Progress) -> list[dict[str, Any]]:
    reader = engine(student.OCR, setting.threads)
    rows = []
    with TemporaryDirectory(prefix="kdweb-bench-") as folder:
        for number, sample in enumerate(synthdocs.generate("mixed", count, setting.seed), 1):
            progress.report(number - 1, count, "Making and reading documents")
            check(progress)
            path = Path(folder) / sample.name
            path.write_bytes(sample.data)
            pages = [page.page.to_json() for page in read_document(path, reader, Limits(), Silent())]
            rows.append({"id": digest(sample.name + str(setting.seed)), "pages": pages, "labels": sample.truth})
            path.unlink()
    return rows


BENCHMARK = Benchmark("student-generated", "a student of generated documents", inputs, run)
