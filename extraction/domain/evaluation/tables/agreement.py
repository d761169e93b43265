"""Agreement of a student with its teacher: where each is right, and whether the student repeats the teacher's errors.

A student that learned from a teacher's answers may have learned its errors too. It repeats one where it gives the same
wrong answer in the same field of the same document. By chance that happens as often as two systems would agree that
give these wrong answers on documents at random: of each field the number of a wrong answer with the one times that with
the other, over the number of answers, summed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

import numpy as np

from extraction.domain.evaluation.bootstrap import Drawing, Draws, Floats, Interval, interval, over, percentiles
from extraction.domain.evaluation.proportions import Proportion
from extraction.domain.evaluation.scoring import answer_anls
from extraction.domain.evaluation.similarity import plain
from extraction.domain.evaluation.tables.rows import FrozenRow
from extraction.domain.field_types import Conventions
from extraction.domain.fields import Field, Schema
from extraction.domain.json_types import JsonObject
from extraction.domain.line_items.rows import flat
from extraction.domain.prediction import FieldValue


@dataclass(frozen=True, slots=True)
class Cells:
    """Answers of both for one field: so many right with both, with one alone and with neither; of the latter `same`
    are equal, `chance` would be by chance."""

    both_right: int
    student_only: int
    teacher_only: int
    both_wrong: int
    same: int
    chance: float

    @property
    def count(self) -> int:
        return self.both_right + self.student_only + self.teacher_only + self.both_wrong

    @property
    def teacher_wrong(self) -> int:
        return self.student_only + self.both_wrong

    def to_json(self) -> JsonObject:
        return asdict(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        return cls(**value)


@dataclass(frozen=True, slots=True)
class Agreement:
    """A student beside a teacher, by names. `anls` (0–1) takes the teacher's answers as truth; `None` where nothing is
    compared. `fields` are the flat ones."""

    student: str
    teacher: str
    anls: float | None
    anls_ci95: Interval | None
    fields: Mapping[str, Cells]

    @property
    def total(self) -> Cells:
        cells = self.fields.values()
        return Cells(
            both_right=sum(each.both_right for each in cells),
            student_only=sum(each.student_only for each in cells),
            teacher_only=sum(each.teacher_only for each in cells),
            both_wrong=sum(each.both_wrong for each in cells),
            same=sum(each.same for each in cells),
            chance=sum(each.chance for each in cells),
        )

    @property
    def repeated(self) -> Proportion | None:
        """The share of the teacher's wrong answers that the student gives too; `None` where the teacher has none."""
        total = self.total
        return Proportion(total.same, total.teacher_wrong) if total.teacher_wrong else None

    @property
    def expected(self) -> float:
        """The same share by chance."""
        total = self.total
        return total.chance / total.teacher_wrong if total.teacher_wrong else 0.0

    @property
    def repeats(self) -> bool:
        """Whether it surely repeats more of them than by chance (95 %)."""
        return self.repeated is not None and self.repeated.ci95[0] > self.expected

    def to_json(self) -> JsonObject:
        return {
            "student": self.student,
            "teacher": self.teacher,
            "anls": self.anls,
            "anls_ci95": None if self.anls_ci95 is None else list(self.anls_ci95),
            "fields": {name: cells.to_json() for name, cells in self.fields.items()},
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        bounds = value["anls_ci95"]
        return cls(
            value["student"],
            value["teacher"],
            value["anls"],
            None if bounds is None else interval(bounds),
            {name: Cells.from_json(cells) for name, cells in value["fields"].items()},
        )


class AgreementCount:
    """Counts one student beside one teacher, a document after the other."""

    def __init__(self, schema: Schema, conventions: Conventions, student: str, teacher: str) -> None:
        self._fields, self._conventions = flat(schema).fields, conventions
        self.student, self.teacher = student, teacher
        self._anls: list[list[float]] = []
        self._counts: dict[str, Counter[str]] = defaultdict(Counter)
        self._wrong: dict[str, tuple[Counter[str], Counter[str]]] = defaultdict(lambda: (Counter(), Counter()))

    def add(self, row: FrozenRow, student: Floats, teacher: Floats) -> None:
        """`student` and `teacher` are their scores of the document, as `Sheet.add` gives them."""
        alike = []
        for column, field in enumerate(self._fields):
            if np.isnan(student[0, column]):
                alike.append(np.nan)
                continue
            ours, theirs = row.answer(self.student, field.name), row.answer(self.teacher, field.name)
            said = theirs.value if field.as_printed else theirs.normalized or theirs.value
            alike.append(answer_anls(field, said, ours, self._conventions))
            self._count(field, ours, theirs, bool(student[2, column]), bool(teacher[2, column]))
        self._anls.append(alike)

    def _count(self, field: Field, ours: FieldValue, theirs: FieldValue, right: bool, taught: bool) -> None:
        counts, (students, teachers) = self._counts[field.name], self._wrong[field.name]
        if not right:
            students[_said(ours)] += 1
        if not taught:
            teachers[_said(theirs)] += 1
        counts["count"] += 1
        if right:
            counts["both_right" if taught else "student_only"] += 1
            return
        counts["teacher_only" if taught else "both_wrong"] += 1
        counts["same"] += not taught and _said(ours) == _said(theirs)

    def result(self, draws: Drawing = Draws) -> Agreement:
        fields = {name: self._cells(name) for name in self._counts}
        table = np.array(self._anls).reshape(len(self._anls), len(self._fields))
        scores = table[~np.isnan(table).all(axis=1)] if table.size else table
        if not scores.size:
            return Agreement(self.student, self.teacher, None, None, fields)
        known = scores[:, ~np.isnan(scores).all(axis=0)]
        bounds = percentiles(over(draws(len(scores)).means(scores))[:, None])[0]
        return Agreement(self.student, self.teacher, float(np.nanmean(known, axis=0).mean()), bounds, fields)

    def _cells(self, name: str) -> Cells:
        counts, (students, teachers) = self._counts[name], self._wrong[name]
        chance = sum(number * teachers[said] for said, number in students.items()) / counts["count"]
        return Cells(
            both_right=counts["both_right"],
            student_only=counts["student_only"],
            teacher_only=counts["teacher_only"],
            both_wrong=counts["both_wrong"],
            same=counts["same"],
            chance=chance,
        )


def _said(answer: FieldValue) -> str:
    return plain(answer.normalized or answer.value)
