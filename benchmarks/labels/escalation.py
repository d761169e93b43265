"""What a teacher adds that reads only what a student is unsure of, as the product escalates, against random choice.

Nothing is known of the truth before scoring: the teacher's accuracy is what is assumed before anybody checked a label,
the probability of its answers that of the estimator's prior.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import lru_cache, partial
from statistics import fmean
from typing import Any

from benchmarks import corpora
from benchmarks.base import Benchmark, Cell, Setting, Table, digest
from benchmarks.labels import sources, training
from benchmarks.labels.sources import RECORDED, RULES, SCHEMA, Labels, Receipt
from benchmarks.quality import student, training_cache
from benchmarks.quality.student_labels import per_document
from benchmarks.quality.training_cache import Answers, CachedTraining
from extraction.domain.alignment import align
from extraction.domain.escalation.curve import Measured, points
from extraction.domain.escalation.gain import PRIOR, gain, student_probability
from extraction.domain.escalation.merging import merge
from extraction.domain.evaluation.bootstrap import paired_bootstrap
from extraction.domain.label_quality.estimator import Estimator
from extraction.domain.label_quality.evidence import Stated, evidence
from extraction.domain.label_quality.signals import measures
from extraction.domain.prediction import FieldValue
from extraction.domain.progress import Progress
from extraction.engines.student.base import Example

SHARES, FOLDS = (0.1, 0.2), 5


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
    return {**student.inputs(setting), **training.inputs(setting), "shares": list(SHARES), "folds": FOLDS}


def run(setting: Setting, progress: Progress) -> Sequence[Table]:
    rows = [("the teacher, cross-fitted", None, *_figures(cross_fitted(setting, progress), setting.seed))]
    known = sources.labels("dev", setting, progress)
    dev = student.examples("dev", "truth", setting, progress)
    weak = training_cache.trained_students(_of_rules(setting, progress), setting, progress)
    for seed, trained in enumerate(weak, setting.seed):
        found = escalated(known, dev, trained.answers(dev))
        rows.append(("rules", seed, *_figures(found, setting.seed)))
    return [
        Table(
            "Students with the recorded teacher on what they are unsure of, on SROIE receipts",
            (
                "student taught by",
                "seed",
                "receipts",
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
                f"Cross-fitted: {FOLDS} students of the train and dev receipts, each asked about those that it did not"
                " learn from; they share the encoder, which was pre-trained on the words of all.",
                "Mean ANLS against truth. Gap: from the student to the teacher alone, which merging may exceed.",
                f"The teacher's accuracy is taken to be {PRIOR} for every field: nobody has checked a label.",
            ),
        )
    ]


def cross_fitted(setting: Setting, progress: Progress) -> Escalated:
    """The receipts of train and dev, each answered by the student of the other folds."""
    parts: tuple[corpora.Part, ...] = ("train", "dev")
    labelled = [each for part in parts for each in student.examples(part, "teacher", setting, progress)]
    students = training_cache.trained_students(
        [_fold(labelled, number, setting) for number in range(FOLDS)], setting, progress
    )
    found = []
    for part in parts:
        known, truth = sources.labels(part, setting, progress), student.examples(part, "truth", setting, progress)
        for number, trained in enumerate(students):
            chosen = [n for n, example in enumerate(truth) if _fold_of(example) == number]
            some = [truth[n] for n in chosen]
            receipts = replace(known, receipts=[known.receipts[n] for n in chosen])
            found.append(escalated(receipts, some, trained.answers(some)))
    return Escalated(*([score for each in found for score in getattr(each, part.name)] for part in fields(Escalated)))


def _fold(labelled: Sequence[Example], number: int, setting: Setting) -> CachedTraining:
    """The training on all but one fold."""
    others = [example for example in labelled if _fold_of(example) != number]
    return CachedTraining(
        f"fold {number} of {FOLDS}", SCHEMA, lambda: others, setting.seed, student.data(), corpus=lambda: labelled
    )


def _fold_of(example: Example) -> int:
    return int(digest(["fold", example.id]), 16) % FOLDS


def escalated(known: Labels, dev: Sequence[Example], answers: Answers) -> Escalated:
    """A student's answers beside those of the recorded teacher, document by document."""
    probabilities = [_probabilities(known, *each) for each in zip(known.receipts, answers, strict=True)]
    merged = [_merged(known, *each) for each in zip(known.receipts, answers, probabilities, strict=True)]
    teacher = [
        {name: FieldValue(stated.value, None) for name, stated in _all(receipt).items()} for receipt in known.receipts
    ]
    accuracies = dict.fromkeys(SCHEMA.names, PRIOR)
    gains = [gain(each, accuracies, {}) for each in probabilities]
    return Escalated(per_document(dev, answers), per_document(dev, teacher), per_document(dev, merged), gains)


def _probabilities(known: Labels, receipt: Receipt, answers: Mapping[str, FieldValue]) -> dict[str, float]:
    """That a student's answers are right, as the product tells them."""
    rules = receipt.labels[RULES]
    return {
        name: student_probability(
            answer.confidence,
            _supported(known, receipt, name, Stated(answer.value), rules[name].value if name in rules else None),
        )
        for name, answer in answers.items()
    }


def _merged(
    known: Labels, receipt: Receipt, answers: Mapping[str, FieldValue], probabilities: Mapping[str, float]
) -> dict[str, FieldValue]:
    """The answers of both for a receipt, as the product merges them."""
    found = dict(answers)
    for name, stated in receipt.labels[RECORDED].items():
        both = merge(
            SCHEMA[name],
            answers.get(name),
            _located(known, receipt, name, stated),
            student_probability=probabilities.get(name, 0.0),
            teacher_probability=_supported(known, receipt, name, stated, None),
            from_picture=True,
            conventions=known.conventions,
        )
        if both is not None:
            found[name] = both.value
    return found


def _located(known: Labels, receipt: Receipt, name: str, stated: Stated) -> FieldValue:
    """The teacher's answer with its place on the pages."""
    found = align(SCHEMA[name], stated.value, receipt.pages, conventions=known.conventions) if stated.value else []
    return FieldValue(stated.value, None, None, tuple(found[0].spans) if found else ())


def _supported(known: Labels, receipt: Receipt, name: str, stated: Stated, rules: str | None) -> float:
    signals = measures(evidence(SCHEMA[name], stated, receipt.pages, rules=rules, conventions=known.conventions))
    return Estimator.prior().probability(name, RECORDED, signals)


def _all(receipt: Receipt) -> Mapping[str, Stated]:
    """The teacher's answer for every field; none counts as empty."""
    return {name: receipt.labels[RECORDED].get(name, Stated(None)) for name in SCHEMA.names}


def _of_rules(setting: Setting, progress: Progress) -> list[CachedTraining]:
    """Weak students; another benchmark trains the same."""
    known = lru_cache(partial(training.labels, setting, progress))
    seeds = range(setting.seed, setting.seed + training.SEEDS)
    return [training.training(known, RULES, training.ALIKE, seed, setting, progress) for seed in seeds]


def _figures(found: Escalated, seed: int) -> tuple[Cell, ...]:
    documents = [found.at(share) for share in SHARES]
    lead = paired_bootstrap(documents[0], found.teacher, seed=seed)
    closed = [figure for share in SHARES for figure in found.closed(share)] if found.gap > 0 else [None] * 4
    return len(found.gains), fmean(found.student), fmean(found.teacher), *map(fmean, documents), *lead, *closed


BENCHMARK = Benchmark("escalation", "a teacher that reads what a student is unsure of", inputs, run)
