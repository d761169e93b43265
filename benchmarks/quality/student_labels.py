"""Whether a student learns as well from a teacher's labels as from the truth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from statistics import fmean
from typing import Any

from benchmarks import sroie
from benchmarks.base import Benchmark, Setting, Table
from benchmarks.quality import student, training_cache
from benchmarks.quality.training_cache import Answers, Course
from extraction.domain.evaluation.scoring import anls, paired_bootstrap
from extraction.domain.progress import Progress
from extraction.engines.student.base import Example


def inputs(setting: Setting) -> Mapping[str, Any]:
    return {**student.data(), "foundations": training_cache.foundations(), "config": dict(training_cache.CONFIG)}


def run(setting: Setting, progress: Progress) -> Sequence[Table]:
    learned = partial(student.examples, "train", "truth", setting, progress)
    by_truth = Course("truth", sroie.SCHEMA, learned, setting.seed, student.data())
    students = [student.first(setting, progress), *training_cache.taught([by_truth], setting, progress)]
    dev = student.examples("dev", "truth", setting, progress)
    answers = [taught.answers(dev) for taught in students]
    teacher, truth = (training_cache.score(sroie.SCHEMA, dev, said) for said in answers)
    difference = paired_bootstrap(*(per_document(dev, said) for said in answers), seed=setting.seed)
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
    """The mean ANLS of each document's fields, all of them wanted as printed."""
    return [
        fmean(anls(value, said[name].value) for name, value in example.labels.items())
        for example, said in zip(examples, answers, strict=True)
    ]


BENCHMARK = Benchmark("student-labels", "labels of a teacher against truth", inputs, run)
