"""Merging by field: what follows from a student's and a teacher's answers, never the whole of one for the other."""

from __future__ import annotations

from dataclasses import dataclass, replace

from extraction.domain.escalation.gain import UNKNOWN
from extraction.domain.escalation.outcomes import AnswerSource
from extraction.domain.evaluation.similarity import nls
from extraction.domain.field_types import UNKNOWN as UNKNOWN_CONVENTIONS
from extraction.domain.field_types import Conventions, is_invalid, same
from extraction.domain.fields import Field
from extraction.domain.prediction import FieldValue

# Two different answers are too close to trust either where their probabilities differ by less than this.
MARGIN = 0.2
# Probability of a student's value that is none of the field's type, at most.
INVALID = 0.1
# Similarity (0–1) from which two different values were read in the same place, unless they stand in two, and the
# probability, at most, of the student's letters, which are those of the OCR, where the teacher saw others.
ALIKE, MISREAD = 0.6, 0.15
# Probabilities are never more certain than so: neither side is ever beyond doubt.
SUREST = 0.998


@dataclass(frozen=True, slots=True)
class Merged:
    """The answer for a field. `doubtful`: the two differ and are too close, so that a person should look; the more
    probable one stands meanwhile."""

    value: FieldValue
    source: AnswerSource
    doubtful: bool = False


def merge(
    field: Field,
    student: FieldValue | None,
    teacher: FieldValue | None,
    *,
    student_probability: float = UNKNOWN,
    teacher_probability: float = UNKNOWN,
    from_picture: bool = False,
    conventions: Conventions = UNKNOWN_CONVENTIONS,
) -> Merged | None:
    """The answer for a field from those of both; `None` where neither has one. A group is merged as a whole.

    The probabilities (0–1) that each is right are without regard to the other. Both are taken as independent: one may
    be right where the other is wrong. `from_picture`: the teacher reads the picture, not the words of the OCR.
    """
    if teacher is None or student is None:
        return _alone(student, teacher, teacher_probability)
    own, given = _of_student(field, student, student_probability), _bounded(teacher_probability)
    if same(field, student.value, teacher.value, conventions=conventions):
        # As if both, where they are wrong, were wrong in the same way: what both say is at least that probable.
        together = own * given / (own * given + (1 - own) * (1 - given))
        surest = max(student.confidence or 0.0, given, together)
        return Merged(replace(student, confidence=surest), AnswerSource.BOTH)
    if from_picture and not field.kind.has_parts and _in_the_same_place(student, teacher):
        own = min(own, MISREAD)
    ours, theirs = own * (1 - given), given * (1 - own)
    either = ours + theirs + (1 - own) * (1 - given)
    ours, theirs = ours / either, theirs / either
    doubtful = abs(theirs - ours) < MARGIN
    if theirs > ours:
        return Merged(replace(teacher, confidence=theirs), AnswerSource.TEACHER, doubtful)
    return Merged(replace(student, confidence=ours), AnswerSource.STUDENT, doubtful)


def _alone(student: FieldValue | None, teacher: FieldValue | None, probability: float) -> Merged | None:
    if student is not None:
        return Merged(student, AnswerSource.STUDENT)
    if teacher is not None:
        return Merged(replace(teacher, confidence=probability), AnswerSource.TEACHER)
    return None


def _of_student(field: Field, student: FieldValue, probability: float) -> float:
    if student.value and not field.kind.has_parts and is_invalid(field, student.value):
        probability = min(probability, INVALID)
    return _bounded(probability)


def _in_the_same_place(one: FieldValue, other: FieldValue) -> bool:
    if not one.value or not other.value or nls(one.value, other.value) < ALIKE:
        return False
    places, others = _words(one), _words(other)
    return not places or not others or bool(places & others)


def _words(value: FieldValue) -> set[tuple[int, int]]:
    """Page and index of each word of a value."""
    return {(span.page, index) for span in value.spans for index in range(span.first, span.last + 1)}


def _bounded(probability: float) -> float:
    return min(max(probability, 1 - SUREST), SUREST)
