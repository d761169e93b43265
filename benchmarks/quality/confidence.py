"""Tables on the calibration of a student's confidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from benchmarks.base import Cell, Table
from benchmarks.quality import training_cache
from benchmarks.quality.training_cache import Answers
from extraction.domain.evaluation.reliability import BINS, auroc, calibration_error
from extraction.domain.field_types import Conventions, agree, same
from extraction.domain.fields import Schema
from extraction.engines.student.base import Example

RANGES = ((0.0, 0.5), (0.5, 0.8), (0.8, 0.95), (0.95, 1.01))


@dataclass(frozen=True, slots=True)
class Judged:
    """An answer's field and confidence, whether it agrees with the truth, and whether it is the same to the comma."""

    name: str
    confidence: float
    agrees: bool
    same: bool


def judged(schema: Schema, examples: Sequence[Example], students: Sequence[Answers]) -> list[Judged]:
    """Every answer of every student to the documents' labelled fields."""
    conventions = Conventions(training_cache.day_order(schema, examples))
    return [
        Judged(
            name,
            answer.confidence or 0.0,
            agree(schema[name], answer.value, example.labels[name], conventions=conventions),
            same(schema[name], answer.value, example.labels[name], conventions=conventions),
        )
        for answers in students
        for example, fields in zip(examples, answers, strict=True)
        for name, answer in fields.items()
        if name in example.labels
    ]


def tells_apart(
    schema: Schema, examples: Sequence[Example], students: Sequence[Answers], compared_with: str = "truth"
) -> Table:
    """For each field: whether right answers have more confidence than wrong ones, and whether confidences come true.

    `compared_with` says in words what the examples' labels are.
    """
    answers = judged(schema, examples, students)
    rows = [_row(name, [answer for answer in answers if answer.name == name]) for name in schema.names]
    return Table(
        f"Whether confidence tells right from wrong, {len(students)} students together, by {compared_with}",
        ("field", "answers", "wrong", "AUROC", "calibration error", "AUROC, to the comma", "calibration error"),
        (*rows, _row("all together", answers)),
        (
            "Right: equal after the field's normaliser, texts without regard to commas and spaces; then with them.",
            f"Calibration error: expected calibration error over {BINS} equal ranges of confidence.",
        ),
    )


def comes_true(schema: Schema, examples: Sequence[Example], students: Sequence[Answers]) -> Table:
    """The fraction of right answers by range of confidence."""
    answers = judged(schema, examples, students)
    rows: list[tuple[Cell, ...]] = []
    for low, high in RANGES:
        some = [answer for answer in answers if low <= answer.confidence < high]
        if some:
            mean, right = fmean(answer.confidence for answer in some), fmean(answer.agrees for answer in some)
            rows.append((f"{low:.0%} to {min(high, 1):.0%}", len(some), mean, right))
    return Table(
        "How far confidence comes true, all fields of the same receipts",
        ("confidence", "answers", "mean confidence", "right"),
        tuple(rows),
    )


def _row(name: str, answers: Sequence[Judged]) -> tuple[Cell, ...]:
    confidences = [answer.confidence for answer in answers]
    figures: list[Cell] = []
    for right in ([answer.agrees for answer in answers], [answer.same for answer in answers]):
        figures += [auroc(confidences, right), calibration_error(confidences, right)]
    return name, len(answers), sum(not answer.agrees for answer in answers), *figures
