"""What a teacher adds that reads only what a student is unsure of, as the product escalates, against random choice.

Nothing is known of the truth before scoring: the teacher's accuracy is what is assumed before anybody checked a label,
the probability of its answers that of the estimator's prior.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from statistics import fmean
from typing import Any

from benchmarks.base import Benchmark, Cell, Setting, Table
from benchmarks.labels import sources, training
from benchmarks.labels.sources import RECORDED, RULES, SCHEMA, Labels, Receipt
from benchmarks.quality import student, training_cache
from benchmarks.quality.student_labels import per_document
from benchmarks.quality.training_cache import Answers, CachedTraining
from extraction.domain.escalation.curve import Measured, points
from extraction.domain.escalation.gain import PRIOR, gain
from extraction.domain.escalation.merging import merge
from extraction.domain.evaluation.bootstrap import paired_bootstrap
from extraction.domain.label_quality.estimator import Estimator
from extraction.domain.label_quality.evidence import Stated, evidence
from extraction.domain.label_quality.signals import measures
from extraction.domain.prediction import FieldValue
from extraction.domain.progress import Progress
from extraction.engines.student.base import Example

SHARES = (0.1, 0.2)


@dataclass(frozen=True, slots=True)
class Escalated:
    """ANLS of each document (the mean of its fields): of the student, of the teacher, of both merged, and the gains."""

    student: Sequence[float]
    teacher: Sequence[float]
    merged: Sequence[float]
    gains: Sequence[float]

    @property
    def gap(self) -> float:
        return fmean(self.teacher) - fmean(self.student)

    def at(self, share: float) -> list[float]:
        """With the documents of the largest gains escalated."""
        ranked = sorted(range(len(self.gains)), key=lambda number: -self.gains[number])
        chosen = set(ranked[: round(share * len(ranked))])
        return [self.merged[n] if n in chosen else self.student[n] for n in range(len(ranked))]

    def closed(self, share: float) -> tuple[float, float]:
        """The part of the gap that is closed, by gain and by as many documents at random on average."""
        measured = [Measured(*each) for each in zip(self.gains, self.student, self.merged, strict=True)]
        point = points(measured, round(1 / share))[1]
        start = fmean(self.student)
        return (point.accuracy - start) / self.gap, (point.random - start) / self.gap


def inputs(setting: Setting) -> Mapping[str, Any]:
    return {**student.inputs(setting), **training.inputs(setting), "shares": list(SHARES)}


def run(setting: Setting, progress: Progress) -> Sequence[Table]:
    known = sources.labels("dev", setting, progress)
    dev = student.examples("dev", "truth", setting, progress)
    rows: list[tuple[Cell, ...]] = []
    for taught, trainings in _trainings(setting, progress).items():
        students = training_cache.trained_students(trainings, setting, progress)
        for number, trained in enumerate(students):
            found = escalated(known, dev, trained.answers(dev))
            rows.append((taught, setting.seed + number, *_figures(found, setting.seed)))
    return [
        Table(
            f"Students with the recorded teacher on what they are unsure of, on {len(dev)} SROIE dev receipts",
            (
                "student taught by",
                "seed",
                "student ANLS",
                "teacher ANLS",
                *(f"{share:.0%} escalated" for share in SHARES),
                f"{SHARES[0]:.0%} beside the teacher",
                "95 % from",
                "to",
                *(name for share in SHARES for name in (f"gap closed, {share:.0%}", "at random")),
            ),
            tuple(rows),
            (
                "Mean ANLS against truth. Gap: from the student to the teacher alone, which merging may exceed.",
                f"The teacher's accuracy is taken to be {PRIOR} for every field: nobody has checked a label.",
            ),
        )
    ]


def escalated(known: Labels, dev: Sequence[Example], answers: Answers) -> Escalated:
    """A student's answers beside those of the recorded teacher, document by document."""
    merged = [merged_answers(known, receipt, fields) for receipt, fields in zip(known.receipts, answers, strict=True)]
    teacher = [
        {name: FieldValue(stated.value, None) for name, stated in _all(receipt).items()} for receipt in known.receipts
    ]
    accuracies = dict.fromkeys(SCHEMA.names, PRIOR)
    gains = [gain({name: each.confidence for name, each in fields.items()}, accuracies, {}) for fields in answers]
    return Escalated(per_document(dev, answers), per_document(dev, teacher), per_document(dev, merged), gains)


def merged_answers(known: Labels, receipt: Receipt, answers: Mapping[str, FieldValue]) -> dict[str, FieldValue]:
    """The answers of both for a receipt, as the product merges them."""
    estimator, found = Estimator.prior(), dict(answers)
    for name, stated in receipt.labels[RECORDED].items():
        rules = receipt.labels[RULES].get(name)
        signals = measures(
            evidence(
                SCHEMA[name],
                stated,
                receipt.pages,
                rules=rules.value if rules else None,
                conventions=known.conventions,
            )
        )
        probability = estimator.probability(name, RECORDED, signals)
        given = FieldValue(stated.value, None, probability)
        both = merge(SCHEMA[name], answers.get(name), given, probability=probability, conventions=known.conventions)
        if both is not None:
            found[name] = both.value
    return found


def _all(receipt: Receipt) -> Mapping[str, Stated]:
    """The teacher's answer for every field; none counts as empty."""
    return {name: receipt.labels[RECORDED].get(name, Stated(None)) for name in SCHEMA.names}


def _trainings(setting: Setting, progress: Progress) -> dict[str, list[CachedTraining]]:
    """Strong students and weak ones; other benchmarks train the same."""
    known = lru_cache(partial(training.labels, setting, progress))
    return {
        "the teacher": [student.training(setting, progress, number) for number in range(student.SEEDS)],
        "rules": [
            training.training(known, RULES, training.ALIKE, setting.seed + number, setting, progress)
            for number in range(training.SEEDS)
        ],
    }


def _figures(found: Escalated, seed: int) -> tuple[Cell, ...]:
    documents = [found.at(share) for share in SHARES]
    lead = paired_bootstrap(documents[0], found.teacher, seed=seed)
    closed = [figure for share in SHARES for figure in found.closed(share)] if found.gap > 0 else [None] * 4
    return fmean(found.student), fmean(found.teacher), *map(fmean, documents), *lead, *closed


BENCHMARK = Benchmark("escalation", "a teacher that reads what a student is unsure of", inputs, run)
