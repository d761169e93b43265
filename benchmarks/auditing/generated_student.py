"""Claims on generated documents by what OCR and a trained student read of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from benchmarks import corpora
from benchmarks.auditing import generated
from benchmarks.base import Benchmark, Setting, Table
from benchmarks.languages.generated import kept_reading
from benchmarks.quality import student, training_cache
from benchmarks.quality.training_cache import CachedTraining
from extraction.domain.auditing.reading.receipts import Source, receipt
from extraction.domain.auditing.reading.roles import Roles
from extraction.domain.auditing.values import Receipt
from extraction.domain.field_types import Conventions
from extraction.domain.json_types import JsonObject
from extraction.domain.progress import Progress, check
from extraction.engines.ingest.quality import fingerprint
from extraction.engines.student.base import Example, Predictor
from extraction.engines.teacher.rules.vocabulary.amounts import amount_kind

# Documents that the student learns from, with their truth; claims are made for others.
LEARNED = 400


def inputs(setting: Setting) -> Mapping[str, Any]:
    return {**generated.inputs(setting), **_learned_from(), "foundations": training_cache.foundations(setting)}


def _learned_from() -> JsonObject:
    """JSON values that the examples of the training depend on."""
    return {
        "documents": generated.documents_digest(),
        "reader": corpora.reader_digest(student.OCR),
        "learned": LEARNED,
    }


def run(setting: Setting, progress: Progress) -> Sequence[Table]:
    examples = _examples(setting, progress)
    config = training_cache.config_for(generated.LANGUAGES)
    training = CachedTraining("audited", generated.SCHEMA, lambda: examples, setting.seed, _learned_from(), config)
    [trained] = training_cache.trained_students([training], setting, progress)
    known = generated.truths(generated.documents(setting, progress))
    conventions = Conventions(training_cache.day_order(generated.SCHEMA, examples))
    receipts = list(_receipts(trained.predictor, conventions, setting, progress))
    note = f"The student learned from {LEARNED} others in {trained.seconds:.0f} s. {trained.stop}"
    return generated.tables(known, receipts, "what a student read", setting.seed, note)


def _examples(setting: Setting, progress: Progress) -> list[Example]:
    examples = []
    for done in range(LEARNED):
        check(progress)
        progress.report(done, LEARNED, "Reading documents to learn from")
        for key, sample in generated.samples(generated.DOCUMENTS + done, setting.seed):
            if not key.startswith(generated.AGAIN):
                examples.append(kept_reading(sample, generated.LANGUAGES, setting).example)
    return examples


def _receipts(
    predictor: Predictor, conventions: Conventions, setting: Setting, progress: Progress
) -> Iterator[Receipt]:
    """The documents of `generated.documents` as the student reads them."""
    roles = Roles.of(generated.SCHEMA)
    for number in range(generated.DOCUMENTS):
        check(progress)
        progress.report(number, generated.DOCUMENTS, "Reading documents")
        for key, sample in generated.samples(number, setting.seed):
            pages = kept_reading(sample, generated.LANGUAGES, setting).example.pages
            source = Source(key, file=f"{key}.jpg", fingerprint=fingerprint(sample.image))
            answers = predictor.predict(pages)
            yield receipt(source, roles, answers, pages, amount_kind, conventions=conventions)


BENCHMARK = Benchmark(
    "audit-student", "claims of ten wrong kinds on generated documents, by what a student read", inputs, run
)
