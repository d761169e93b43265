"""The answers of student and teacher as one, by field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from extraction.domain.alignment import align, own_conventions
from extraction.domain.escalation.gain import student_probability
from extraction.domain.escalation.merging import Merged, merge
from extraction.domain.escalation.outcomes import AnswerSource
from extraction.domain.field_types import Conventions, normalize
from extraction.domain.fields import Field
from extraction.domain.label_quality.estimator import Estimator
from extraction.domain.label_quality.evidence import Stated, evidence
from extraction.domain.label_quality.signals import measures
from extraction.domain.line_items.rows import rows_of
from extraction.domain.pages import Page
from extraction.domain.prediction import FieldValue, RowValue
from extraction.engines.teacher.protocol import Answer
from extraction.models import Project, Source
from extraction.services.labels import conventions, row_places
from extraction.services.quality import assessments, collecting

Values = Mapping[str, FieldValue]
Probabilities = Mapping[str, float]


class Merging:
    """Merging on the documents of a project with the answers of one teacher."""

    def __init__(self, project: Project, teacher: str) -> None:
        self.project, self.teacher = project, teacher
        self._schema, self._printed = project.schema, conventions.of(project)

    @cached_property
    def _estimator(self) -> Estimator:
        return assessments.estimator_of(self.project)

    def probabilities(self, pages: Sequence[Page], answers: Values) -> dict[str, float]:
        """The probability (0–1) that the student's answer is right, for each field in force that it has one for."""
        rules = {} if self.teacher == collecting.RULES else collecting.by_rules(self.project, pages, ())
        found = {}
        for name, answer in answers.items():
            if name in self._schema:
                # Its own doubt is the confidence by which this is multiplied.
                supported = self._supported(self._schema[name], Stated(answer.value), pages, rules.get(name))
                found[name] = student_probability(answer.confidence, supported)
        return found

    def values(self, pages: Sequence[Page], answers: Mapping[str, Answer]) -> dict[str, FieldValue]:
        """The teacher's answers for the fields in force, with their places on the pages and the probability that each
        is right."""
        return {
            name: self._value(self._schema[name], answer, pages)
            for name, answer in answers.items()
            # An answer of that length is none of a field: the teacher copied the page.
            if name in self._schema and len(answer.value or "") <= self._schema[name].kind.longest
        }

    def merged(
        self, pages: Sequence[Page], student: Values, teacher: Values, probabilities: Probabilities
    ) -> dict[str, Merged]:
        """The answers for all fields that either has one for, in the order of the student's; of a field that is no
        longer there the student's. `probabilities` are those of the student's answers."""
        found = {name: Merged(value, AnswerSource.STUDENT) for name, value in student.items()}
        for name in dict.fromkeys((*student, *teacher)):
            if name not in self._schema:
                continue
            field, given = self._schema[name], teacher.get(name)
            result = merge(
                field,
                student.get(name),
                given,
                student_probability=probabilities.get(name, 0.0),
                teacher_probability=given.confidence or 0.0 if given else 0.0,
                from_picture=self.teacher != collecting.RULES,
                conventions=self._conventions(field, pages),
            )
            if result is not None:
                found[name] = result
        return found

    def _conventions(self, field: Field, pages: Sequence[Page]) -> Conventions:
        return own_conventions(pages, (field,), self._printed)

    def _supported(
        self, field: Field, stated: Stated, pages: Sequence[Page], rules: str | None, source: str = Source.STUDENT
    ) -> float:
        """How probably a value of that source is right by the evidence about it."""
        known = evidence(field, stated, pages, rules=rules, conventions=self._conventions(field, pages))
        return self._estimator.probability(field.name, source, measures(known))

    def _value(self, field: Field, answer: Answer, pages: Sequence[Page]) -> FieldValue:
        printed = self._conventions(field, pages)
        stated = Stated(answer.value, answer.unsure, answer.confidence, answer.evidence)
        # What rules read counts for or against the student's answer alone: else it would count twice where they differ.
        probability = self._supported(field, stated, pages, None, self.teacher)
        if not answer.value:
            return FieldValue(None, None, probability)
        normalized = conventions.in_format(field, answer.value, self._printed, pages)
        if field.kind.has_parts:
            rows = _rows(field, answer.value, pages, printed)
            return FieldValue(answer.value, normalized, probability, rows=rows)
        places = align(field, answer.value, pages, conventions=printed) if field.kind.alignable else ()
        return FieldValue(answer.value, normalized, probability, tuple(places[0].spans) if places else ())


def _rows(field: Field, value: str, pages: Sequence[Page], printed: Conventions) -> tuple[RowValue, ...]:
    rows = rows_of(field, value) or ()
    parts = {part.name: part for part in field.fields}
    return tuple(
        RowValue(
            {
                name: FieldValue(
                    cell, normalize(parts[name], cell, conventions=printed), None, tuple(places.get(name, ()))
                )
                for name, cell in row.items()
                if cell is not None
            }
        )
        for row, places in zip(rows, row_places.places(field, rows, pages, printed), strict=True)
    )
