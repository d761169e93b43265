"""Quality of students by the number of labelled documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from benchmarks import sroie
from benchmarks.base import Benchmark, Setting, Table, digest
from benchmarks.quality import student, training_cache
from benchmarks.quality.training_cache import CachedTraining
from extraction.domain.progress import Progress
from extraction.engines.student.base import Example

DOCUMENTS = (25, 50, 100, 200)


def inputs(setting: Setting) -> Mapping[str, Any]:
    common = {
        **student.data(),
        "foundations": training_cache.foundations(setting),
        "config": dict(training_cache.CONFIG),
    }
    return {**common, "documents": DOCUMENTS}


def run(setting: Setting, progress: Progress) -> Sequence[Table]:
    few = [_training(count, setting, progress) for count in DOCUMENTS]
    students = [*training_cache.trained_students(few, setting, progress), student.first(setting, progress)]
    learned = len(sroie.CORPUS.documents("train"))
    dev = student.examples("dev", "truth", setting, progress)
    rows = []
    for count, trained in zip((*DOCUMENTS, learned), students, strict=True):
        score = training_cache.score(sroie.SCHEMA, dev, trained.answers(dev))
        each = [field.anls for field in score.fields.values()]
        rows.append((count, score.mean_anls, *score.mean_anls_ci95, *each, trained.seconds))
    return [
        Table(
            f"Students taught by so many teacher-labelled receipts, on {len(dev)} SROIE dev receipts against truth",
            ("documents", "mean ANLS", "95 % from", "to", *sroie.SCHEMA.names, "training, s"),
            tuple(rows),
            (
                "Of the documents a tenth is held out and calibrates, as in a project; fewer are in more.",
                f"All {learned} are read before, without labels, once for the students of fewer.",
            ),
        )
    ]


def some(examples: Sequence[Example], count: int, seed: int) -> list[Example]:
    """`count` of the documents in an order that the seed gives: fewer are always among more."""
    return sorted(examples, key=lambda example: digest([seed, example.id]))[:count]


def _training(count: int, setting: Setting, progress: Progress) -> CachedTraining:
    corpus = partial(student.examples, "train", "teacher", setting, progress)
    about = f"{count} teacher labels"
    return CachedTraining(
        about, sroie.SCHEMA, lambda: some(corpus(), count, setting.seed), setting.seed, student.data(), corpus=corpus
    )


BENCHMARK = Benchmark("student-curve", "how much labels a student needs", inputs, run)
