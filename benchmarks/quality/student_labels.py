"""Students that are trained on a teacher's labels and on the truth, compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from statistics import fmean
from typing import Any

from benchmarks import sroie
from benchmarks.base import Benchmark, Setting, Table
from benchmarks.quality import student, training_cache
from benchmarks.quality.training_cache import Answers, CachedTraining
from extraction.domain.evaluation.bootstrap import paired_bootstrap
from extraction.domain.evaluation.similarity import anls
from extraction.domain.progress import Progress
from extraction.engines.student.base import Example


def inputs(setting: Setting) -> Mapping[str, Any]:
    return {**student.data(), "foundations": training_cache.foundations(setting), "config": dict(training_cache.CONFIG)}


def run(setting: Setting, progress: Progress) -> Sequence[Table]:
    labelled = partial(student.examples, "train", "truth", setting, progress)
    by_truth = CachedTraining("truth", sroie.SCHEMA, labelled, setting.seed, student.data())
    students = [student.first(setting, progress), *training_cache.trained_students([by_truth], setting, progress)]
    dev = student.examples("dev", "truth", setting, progress)
    answers = [trained.answers(dev) for trained in students]
    teacher, truth = (training_cache.score(sroie.SCHEMA, dev, of) for of in answers)
    difference = paired_bootstrap(*(per_document(dev, of) for of in answers), seed=setting.seed)
    return [
        Table(
            f"Students taught by a teacher's labels and by the truth, on {len(dev)} SROIE dev receipts against truth",
            ("labels", "mean ANLS", "95 % from", "to"),
            (
                ("teacher", teacher.mean_anls, *teacher.mean_anls_ci95),
                ("truth", truth.mean_anls, *truth.mean_anls_ci95),
                ("difference", *difference),
            ),
            ("The difference is measured on the same receipts, its interval by paired bootstrap.",),
        )
    ]


def per_document(examples: Sequence[Example], answers: Answers) -> list[float]:
    """The mean ANLS of each document's fields, all of them in the format "as printed"."""
    return [
        fmean(anls(value, fields[name].value) for name, value in example.labels.items())
        for example, fields in zip(examples, answers, strict=True)
    ]


BENCHMARK = Benchmark("student-labels", "labels of a teacher against truth", inputs, run)
