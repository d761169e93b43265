"""Rows of generated invoices and receipts in every layout, flat and photographed askew and curled."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import synthdocs
from benchmarks import corpora
from benchmarks.base import Benchmark, Cell, Setting, Table, digest, write_json
from benchmarks.line_items.receipts import ITEMS
from benchmarks.quality import student, training_cache
from benchmarks.quality.training_cache import CachedTraining
from extraction.domain import default_schemas
from extraction.domain.fields import Schema
from extraction.domain.line_items.rows import text_of
from extraction.domain.pages import Page
from extraction.domain.progress import Progress, Silent, check
from extraction.engines.ingest.limits import Limits
from extraction.engines.ingest.ocr.registry import engine
from extraction.engines.ingest.reading import read_document
from extraction.engines.student.base import Example
from synthdocs.rendering.capture import Shot

LEARNED, HELD_BACK = 400, 100
FLAT = default_schemas.RECEIPT
SCHEMA = Schema(FLAT.name, FLAT.document, (*(part for part in FLAT.fields if not part.fields), ITEMS))
# A sheet photographed at five degrees, and curled.
ASKEW = Shot("wood", border=0.08, turn=5, tilt=0.02, bend=0.01, shadow=0.3, blur=0.6, noise=4, torn=True)


def inputs(setting: Setting) -> Mapping[str, Any]:
    common = {**data(), "foundations": training_cache.foundations(setting), "config": dict(training_cache.CONFIG)}
    return {**common, "documents": [LEARNED, HELD_BACK]}


def data() -> dict[str, Any]:
    return {"samples": training_cache.code("synthdocs"), "reader": corpora.reader_digest(student.OCR)}


def run(setting: Setting, progress: Progress) -> Sequence[Table]:
    documents = examples(setting, progress, None)
    askew = examples(setting, progress, ASKEW)
    training = CachedTraining("generated rows", SCHEMA, lambda: documents[:LEARNED], setting.seed, data())
    [trained] = training_cache.trained_students([training], setting, progress)
    rows: list[tuple[Cell, ...]] = []
    for name, some in (("as they come", documents[LEARNED:]), ("at 5 degrees, curled", askew)):
        score = training_cache.score(SCHEMA, some, trained.answers(some))
        group = score.groups[ITEMS.name]
        figures = (group.cell_f1, group.row_f1, group.row_count_right, group.nted)
        rows.append((name, len(some), score.mean_anls, *(figure.value for figure in figures)))
    return [
        Table(
            f"Student taught by {LEARNED} generated documents of every layout with their truth, on others",
            ("pictures", "documents", "flat mean ANLS", "cell F1", "row F1", "number of rows right", "tree edit"),
            tuple(rows),
            (f"Training: {trained.seconds:.0f} s with {setting.threads} threads. {trained.stop}",),
        )
    ]


def examples(setting: Setting, progress: Progress, shot: Shot | None) -> list[Example]:
    """Generated documents as OCR reads them, those to be measured on alone where a `shot` is given; what was read is
    kept."""
    path = setting.folder / "generated" / f"{digest([data(), setting.seed, 'rows', repr(shot)])[:16]}.json"
    if setting.fresh or not path.exists():
        rows = [
            {"id": row.id, "pages": [page.to_json() for page in row.pages], "labels": dict(row.labels)}
            for row in _read(setting, progress, shot)
        ]
        write_json(path, rows)
    rows = json.loads(path.read_text("utf-8"))
    return [Example(row["id"], tuple(map(Page.from_json, row["pages"])), row["labels"]) for row in rows]


def _read(setting: Setting, progress: Progress, shot: Shot | None) -> Iterator[Example]:
    reader = engine(student.OCR, setting.threads)
    count = LEARNED + HELD_BACK
    with TemporaryDirectory(prefix="kdweb-bench-") as folder:
        for number, sample in enumerate(synthdocs.generate("mixed", count, setting.seed, tables="varied", shot=shot)):
            progress.report(number, count, "Making and reading documents")
            check(progress)
            if shot and number < LEARNED:
                continue
            path = Path(folder) / sample.name
            path.write_bytes(sample.data)
            pages = tuple(page.page for page in read_document(path, reader, Limits(), Silent()))
            labels = {name: value for name, value in sample.truth.items() if name in SCHEMA.names}
            yield Example(digest(sample.name + str(setting.seed)), pages, {**labels, ITEMS.name: text_of(sample.items)})
            path.unlink()


BENCHMARK = Benchmark("student-items-generated", "rows of generated documents in every layout", inputs, run)
