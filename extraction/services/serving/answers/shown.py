"""One extraction as people look at it: its fields beside what student and teacher say themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from extraction.domain.errors import gettext_noop
from extraction.domain.escalation.outcomes import AnswerSource
from extraction.domain.results.extraction import ExtractionResult, FieldAnswer, Fields, fields_from_json
from extraction.models import Document, Extraction, Project
from extraction.services.errors import NotFound


class Standing(StrEnum):
    """Whether somebody should look at an answer. `OPEN`: the project allows no wrong answers there, so nothing says."""

    ACCEPTED = "accepted"
    DOUBTFUL = "doubtful"
    CHECK = "check"
    OPEN = "open"

    @classmethod
    def of(cls, answer: FieldAnswer) -> Standing:
        if answer.doubtful:
            return cls.DOUBTFUL
        if answer.accepted is None:
            return cls.OPEN
        return cls.ACCEPTED if answer.accepted else cls.CHECK


@dataclass(frozen=True, slots=True)
class ShownField:
    """A field's answer. Where `differ` holds, `student` and `teacher` are what each says itself (`None`: nothing)."""

    name: str
    answer: FieldAnswer
    standing: Standing
    differ: bool = False
    student: FieldAnswer | None = None
    teacher: FieldAnswer | None = None


@dataclass(frozen=True, slots=True)
class ShownExtraction:
    """`document` is what the file became, or already was, in the project."""

    row: Extraction
    result: ExtractionResult
    fields: tuple[ShownField, ...]
    document: Document | None

    @property
    def differ(self) -> bool:
        """Whether student and teacher say something else about any field."""
        return any(field.differ for field in self.fields)


def show(project: Project, pk: int) -> ShownExtraction:
    """Raises `NotFound`."""
    rows = project.extractions.select_related("model", "batch", "token", "author")
    row = rows.filter(pk=pk).first()
    if row is None:
        raise NotFound(gettext_noop("There is no such extraction; it may have been deleted."))
    result = row.as_domain()
    document = project.documents.filter(sha256=row.sha256).only("pk", "name").first() if row.sha256 else None
    return ShownExtraction(row, result, shown_fields(row, result.fields or {}), document)


def shown_fields(row: Extraction, fields: Fields) -> tuple[ShownField, ...]:
    """The fields of an extraction in their order."""
    student, teacher = _own(row.student), _own(row.teacher)
    return tuple(_shown(name, answer, student.get(name), teacher.get(name)) for name, answer in fields.items())


def _own(stored: Mapping[str, Any] | None) -> Fields:
    return {} if stored is None else fields_from_json(stored)


def _shown(name: str, answer: FieldAnswer, student: FieldAnswer | None, teacher: FieldAnswer | None) -> ShownField:
    differ = teacher is not None and answer.source != AnswerSource.BOTH and _meaning(student) != _meaning(teacher)
    if not differ:
        return ShownField(name, answer, Standing.of(answer))
    return ShownField(name, answer, Standing.of(answer), True, student, teacher)


def _meaning(answer: FieldAnswer | None) -> str | None:
    return None if answer is None else answer.normalized or answer.value
