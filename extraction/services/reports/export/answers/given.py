"""Answers of a project, one after the other, and the cells that tables of them have."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extraction.domain.results.extraction import ExtractionResult, FieldAnswer
from extraction.domain.results.review import ReviewedValue
from extraction.models import Extraction, Project
from extraction.services.serving.answers import reviews
from extraction.services.serving.answers.listing import ALL, Filter, answers
from extraction.services.serving.answers.shown import ShownField, Standing, shown_fields

# Rows of one query: memory does not grow with the export.
PART = 200
# No field can be called `id` or `file`, nor hold a dot, so that no column has the name of another.
OF_ANSWER = ("created", "state", "error", "batch", "model", "pages", "sha256", "escalated", "usd", "ms", "review")
# Columns of a field after its value. `check` is a `Standing`, empty where nothing says; `student` and `teacher` are
# what each says itself where they differ; `reviewed` is the value that people accepted.
OF_FIELD = ("normalized", "confidence", "source", "check", "student", "teacher", "reviewed")


@dataclass(frozen=True, slots=True)
class Given:
    """The answers of a project that fulfil a condition; files that still wait have none."""

    project: Project
    condition: Filter = ALL

    @property
    def stem(self) -> str:
        """The start of the name of a download."""
        batch = self.condition.batch
        return f"{self.project.slug}-answers" + (f"-{batch.public_id}" if batch else "")

    def rows(self) -> Iterator[tuple[Extraction, ExtractionResult]]:
        """The oldest first, in the order of a batch."""
        found = answers(self.project, self.condition).exclude(state=Extraction.State.QUEUED).order_by("pk")
        last = 0
        while part := list(found.filter(pk__gt=last)[:PART]):
            yield from zip(part, reviews.results(self.project, part), strict=True)
            last = part[-1].pk


def header(names: Sequence[str]) -> list[str]:
    """The columns of a table with these fields."""
    of_fields = [column for name in names for column in (name, *(f"{name}.{of}" for of in OF_FIELD))]
    return ["id", "file", *(f"answer.{of}" for of in OF_ANSWER), *of_fields]


def lines(subject: Given) -> Iterator[list[object]]:
    """The header, and a line a file, with the project's present fields."""
    names = subject.project.schema.names
    yield [*header(names)]
    for row, result in subject.rows():
        yield _line(row, result, names)


def _line(row: Extraction, result: ExtractionResult, names: Sequence[str]) -> list[object]:
    shown = {field.name: field for field in shown_fields(row, result)}
    return [
        *(result.id, row.name, row.created.isoformat(), result.state, result.error),
        row.batch and str(row.batch.public_id),
        *(result.model, row.pages, row.sha256 or None),
        result.escalated and result.escalated.value,
        result.usd,
        result.timing and result.timing.total,
        result.review and result.review.state.value,
        *(cell for name in names for cell in _cells(shown.get(name))),
    ]


def _cells(field: ShownField | None) -> list[object]:
    if field is None:
        return [None] * (1 + len(OF_FIELD))
    answer = field.answer
    check = None if field.standing is Standing.OPEN else field.standing.value
    others = (_value(field.student), _value(field.teacher), _value(field.reviewed))
    return [answer.value, answer.normalized, answer.confidence, answer.source, check, *others]


def _value(answer: FieldAnswer | ReviewedValue | None) -> str | None:
    return None if answer is None else answer.value
