"""One extraction as people look at it: its fields beside what student and teacher say themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from extraction.domain.errors import gettext_noop
from extraction.domain.escalation.outcomes import AnswerSource
from extraction.domain.results.extraction import ExtractionResult, FieldAnswer, Fields, fields_from_json
from extraction.domain.results.review import ReviewedValue
from extraction.models import Extraction, Project
from extraction.services.errors import NotFound
from extraction.services.serving.answers import reviews


class Standing(StrEnum):
    """Whether somebody should look at an answer. `OPEN`: the project allows no wrong answers there, and the confidence
    is not low."""

    ACCEPTED = "accepted"
    DOUBTFUL = "doubtful"
    CHECK = "check"
    OPEN = "open"

    @classmethod
    def of(cls, answer: FieldAnswer) -> Standing:
        if answer.doubtful:
            return cls.DOUBTFUL
        if answer.unsure:
            return cls.CHECK
        return cls.OPEN if answer.accepted is None else cls.ACCEPTED


@dataclass(frozen=True, slots=True)
class ShownField:
    """A field's answer. Where `differ` holds, `student` and `teacher` are what each says itself (`None`: nothing).
    `reviewed` is the value that people accepted, `corrected` whether it means something else."""

    name: str
    answer: FieldAnswer
    standing: Standing
    differ: bool = False
    student: FieldAnswer | None = None
    teacher: FieldAnswer | None = None
    reviewed: ReviewedValue | None = None

    @property
    def corrected(self) -> bool:
        return self.reviewed is not None and _meaning(self.reviewed) != _meaning(self.answer)


@dataclass(frozen=True, slots=True)
class ShownExtraction:
    """`result.review` is about the document that the file became, or already was, in the project."""

    row: Extraction
    result: ExtractionResult
    fields: tuple[ShownField, ...]

    @property
    def differ(self) -> bool:
        """Whether student and teacher say something else about any field."""
        return any(field.differ for field in self.fields)

    @property
    def corrected(self) -> int:
        """How many fields people corrected."""
        return sum(field.corrected for field in self.fields)


def show(project: Project, pk: int) -> ShownExtraction:
    """Raises `NotFound`."""
    rows = project.extractions.select_related("model", "batch", "token", "author")
    row = rows.filter(pk=pk).first()
    if row is None:
        raise NotFound(gettext_noop("There is no such extraction; it may have been deleted."))
    [result] = reviews.results(project, [row])
    return ShownExtraction(row, result, shown_fields(row, result))


def shown_fields(row: Extraction, result: ExtractionResult) -> tuple[ShownField, ...]:
    """The fields of an extraction in their order."""
    student, teacher = _own(row.student), _own(row.teacher)
    reviewed = (result.review and result.review.fields) or {}
    return tuple(
        replace(_shown(name, answer, student.get(name), teacher.get(name)), reviewed=reviewed.get(name))
        for name, answer in (result.fields or {}).items()
    )


def _own(stored: Mapping[str, Any] | None) -> Fields:
    return {} if stored is None else fields_from_json(stored)


def _shown(name: str, answer: FieldAnswer, student: FieldAnswer | None, teacher: FieldAnswer | None) -> ShownField:
    differ = teacher is not None and answer.source != AnswerSource.BOTH and _meaning(student) != _meaning(teacher)
    if not differ:
        return ShownField(name, answer, Standing.of(answer))
    return ShownField(name, answer, Standing.of(answer), True, student, teacher)


def _meaning(answer: FieldAnswer | ReviewedValue | None) -> str | None:
    return None if answer is None else answer.normalized or answer.value
