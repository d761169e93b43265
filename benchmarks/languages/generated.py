"""Rules and student on generated documents in each language, against the truth and the best that the words allow."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import synthdocs
from benchmarks import corpora
from benchmarks.base import Benchmark, Cell, Setting, Table, write_json
from benchmarks.corpora import Corpus
from benchmarks.quality import corpora as real
from benchmarks.quality import student, training_cache
from benchmarks.quality.corpora import Systems
from benchmarks.quality.training_cache import CachedTraining, TrainedStudent
from extraction.domain import default_schemas
from extraction.domain.languages import find, names
from extraction.domain.pages import Page
from extraction.domain.progress import Progress, Silent, check
from extraction.engines.ingest.limits import Limits
from extraction.engines.ingest.ocr import registry
from extraction.engines.ingest.reading import read_document
from extraction.engines.student.base import Example
from synthdocs.languages import printable

# Documents of each language, of which every fifth is held back.
DOCUMENTS, EVERY = 50, 5
SCHEMA = default_schemas.RECEIPT
CORPUS = Corpus("world", "generated documents", own_schema=SCHEMA)


@dataclass(frozen=True, slots=True)
class Document:
    """A generated document as it was read by the engine of its language; `seconds` for a page."""

    language: str
    example: Example
    reader: str
    seconds: float


def inputs(setting: Setting) -> Mapping[str, Any]:
    return {
        **data(),
        "foundations": training_cache.foundations(setting),
        "config": dict(training_cache.config_for(printable())),
        "rules": training_cache.code("extraction.engines.teacher.rules"),
    }


def data() -> dict[str, Any]:
    return {
        "samples": training_cache.code("synthdocs"),
        "reader": corpora.reader_digest(student.OCR),
        "languages": [printable(), DOCUMENTS, EVERY],
        "missing": [language.code for language in registry.missing(student.OCR, printable())],
    }


def run(setting: Setting, progress: Progress) -> Sequence[Table]:
    documents = read(setting, progress)
    learned, held = split(documents)
    trained = _trained(learned, setting, progress)
    return [_by_language(documents, held, trained, setting), _by_field(held, trained)]


def split(documents: Sequence[Document]) -> tuple[list[Document], list[Document]]:
    """The documents to learn from, and those that are held back."""
    numbered = list(enumerate(documents))
    return [row for number, row in numbered if number % EVERY], [row for number, row in numbered if not number % EVERY]


def _trained(learned: Sequence[Document], setting: Setting, progress: Progress) -> TrainedStudent:
    examples = [document.example for document in learned]
    training = CachedTraining(
        "languages", SCHEMA, lambda: examples, setting.seed, data(), training_cache.config_for(printable())
    )
    [trained] = training_cache.trained_students([training], setting, progress)
    return trained


def systems(documents: Sequence[Document], trained: TrainedStudent | None = None) -> Systems:
    """The evaluations of whatever answers for these documents."""
    examples = [document.example for document in documents]
    answers = {"best obtainable": real.best(CORPUS, examples), "rules": real.by_rules(SCHEMA, examples)}
    if trained:
        answers["student"] = trained.answers(examples)
    return Systems({name: training_cache.score(SCHEMA, examples, some) for name, some in answers.items()})


def _by_language(
    documents: Sequence[Document], held: Sequence[Document], trained: TrainedStudent, setting: Setting
) -> Table:
    rows: list[tuple[Cell, ...]] = []
    english = _seconds([row for row in documents if row.language == "en"])
    for code in printable():
        of = [row for row in documents if row.language == code]
        own = [row for row in held if row.language == code]
        readers = ", ".join(sorted({row.reader for row in of}))
        rows.append((code, len(own), readers, _seconds(of) / english, *systems(own, trained).total()))
    rows.append(("all", len(held), "", _seconds(documents) / english, *systems(held, trained).total()))
    missing = registry.missing(student.OCR, printable())
    return Table(
        f"Mean ANLS on generated documents of {len(printable())} languages",
        ("language", "documents", "reader", "s a page by English", *real.columns()),
        tuple(rows),
        (
            "Best obtainable: the answers from the words read that score best.",
            f"One student, taught by the other {len(documents) - len(held)}: {trained.seconds:.0f} s with "
            f"{setting.threads} threads. {trained.stop}",
            *([f"Read without data: {names([row.code for row in missing])}."] if missing else []),
        ),
    )


def _by_field(held: Sequence[Document], trained: TrainedStudent) -> Table:
    scored = systems(held, trained)
    return Table(
        "The same documents field by field, ANLS",
        ("field", "documents", *real.columns()),
        tuple((name, field.n, *scored.of(name)) for name, field in scored.evaluations["rules"].fields.items()),
    )


def _seconds(documents: Sequence[Document]) -> float:
    return median(document.seconds for document in documents)


def read(setting: Setting, progress: Progress) -> list[Document]:
    """Generated documents as a project in their language reads them; what was read is kept by content."""
    documents: list[Document] = []
    codes = printable()
    for code in codes:
        for sample in synthdocs.generate("mixed", DOCUMENTS, setting.seed, [code]):
            progress.report(len(documents), DOCUMENTS * len(codes), f"Reading {find(code).name}")
            check(progress)
            documents.append(_read(code, sample, setting))
    progress.report(len(documents), len(documents))
    return documents


def _read(code: str, sample: synthdocs.Sample, setting: Setting) -> Document:
    kept = kept_reading(sample, (code,), setting)
    return Document(code, kept.example, kept.reader, kept.seconds / len(kept.example.pages))


@dataclass(frozen=True, slots=True)
class Kept:
    """A generated document as an engine read it in `seconds`."""

    example: Example
    reader: str
    seconds: float


def kept_reading(sample: synthdocs.Sample, languages: tuple[str, ...], setting: Setting) -> Kept:
    """The document as a project in these languages reads it; what was read is kept by content."""
    reader = registry.engine(student.OCR, setting.threads, languages)
    version = f"{reader.name.replace(', ', '-')}-{setting.threads}-{corpora.reader_digest(student.OCR)[:12]}"
    content = hashlib.sha256(sample.data).hexdigest()
    path = setting.folder / "words" / version / f"{content}.json"
    if setting.fresh or not path.exists():
        write_json(path, _reading(sample, reader))
    kept = json.loads(path.read_text("utf-8"))
    pages = tuple(map(Page.from_json, kept["pages"]))
    return Kept(Example(content, pages, sample.truth), kept["reader"], kept["seconds"])


def _reading(sample: synthdocs.Sample, reader: Any) -> dict[str, Any]:
    with TemporaryDirectory(prefix="kdweb-bench-") as folder:
        path = Path(folder) / sample.name
        path.write_bytes(sample.data)
        pages = read_document(path, reader, Limits(), Silent())
    return {
        "pages": [page.page.to_json() for page in pages],
        "seconds": sum(page.seconds for page in pages),
        "reader": reader.name,
    }


BENCHMARK = Benchmark("languages", "rules and student on generated documents in each language", inputs, run)
