"""Verdict of a report from its own numbers: a student against its teacher, by both measures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from extraction.domain.evaluation.bootstrap import Interval
from extraction.domain.results.reports import ReportedSystem, ReportValue


class Standing(Enum):
    """A student's place beside its teacher by one measure."""

    BETTER = "better"
    LEVEL = "level"
    WORSE = "worse"


@dataclass(frozen=True, slots=True)
class Measure:
    """Shares from 0 to 1 by both, and the 95 % interval of the lead where the report has it."""

    student: float
    teacher: float
    interval: Interval | None

    @property
    def standing(self) -> Standing:
        """Level where the interval of the lead holds 0, or, without one, where tables show the same."""
        low, high = self.interval or (round(self.student, 3) - round(self.teacher, 3),) * 2
        return Standing.BETTER if low > 0 else Standing.WORSE if high < 0 else Standing.LEVEL


@dataclass(frozen=True, slots=True)
class Verdict:
    student: str
    teacher: str
    documents: int
    mean: Measure
    all_fields: Measure
    rows: Mapping[str, Measure]
    """F1 of the cells of each group: neither the mean nor whole documents count rows."""

    @property
    def agree(self) -> bool:
        return self.mean.standing is self.all_fields.standing


def verdicts(value: ReportValue) -> Iterator[Verdict]:
    """Of each student of a report; none without a teacher, or where answers are compared with the teacher's own."""
    teacher = value.first("teacher")
    if teacher is None or value.agreement:
        return
    for student in value.systems:
        if student.kind == "student":
            yield _verdict(value, student, teacher)


def _verdict(value: ReportValue, student: ReportedSystem, teacher: ReportedSystem) -> Verdict:
    ours, theirs = student.scores, teacher.scores
    lead = value.difference(student.name, teacher.name)
    return Verdict(
        student.name,
        teacher.name,
        ours.documents,
        Measure(ours.mean_anls, theirs.mean_anls, lead.mean_anls_ci95 if lead else None),
        Measure(ours.all_fields, theirs.all_fields, lead.all_fields_ci95 if lead else None),
        {
            name: Measure(rows.cell_f1.value, theirs.groups[name].cell_f1.value, None)
            for name, rows in ours.groups.items()
            if name in theirs.groups
        },
    )
