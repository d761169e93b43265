"""Gain, merging by field and the cost–quality curve."""

from __future__ import annotations

import pytest

from extraction.domain.escalation.curve import Curve, Measured, points
from extraction.domain.escalation.gain import Checked, accuracy, gain, student_probability
from extraction.domain.escalation.merging import Merged, merge
from extraction.domain.escalation.outcomes import AnswerSource
from extraction.domain.fields import Field
from extraction.domain.pages import Span
from extraction.domain.prediction import FieldValue

TOTAL, COMPANY = Field("total", "money"), Field("company", "text")
ITEMS = Field("items", "group", fields=(Field("description", "text"), Field("amount", "money")))


def said(value: str | None, confidence: float | None = None) -> FieldValue:
    return FieldValue(value, value, confidence)


def merged(field: Field, student: FieldValue | None, teacher: FieldValue | None, probability: float = 0.9) -> Merged:
    """The student is as probably right as it says, the teacher with that probability."""
    own = student_probability(student.confidence, 1.0) if student else 0.0
    found = merge(field, student, teacher, student_probability=own, teacher_probability=probability)
    assert found
    return found


class TestGain:
    def test_it_is_what_the_teacher_would_do_better(self) -> None:
        known = {"total": 0.6, "date": 0.99, "company": student_probability(None, 1.0)}
        expected = {"total": 0.9, "date": 0.9, "company": 0.9, "new": 0.8}
        assert gain(known, expected, {"total": 2.0}) == pytest.approx(2 * 0.3 + 0 + 0.4 + 0.8)
        assert gain(known, expected, {"total": 0, "company": 0, "new": 0}) == 0
        assert gain(known, {}, {}) == 0

    def test_a_student_of_poor_labels_is_no_more_right_than_they_are(self) -> None:
        assert student_probability(0.99, 0.6) == pytest.approx(0.594)
        assert student_probability(0.3, 1.0) == 0.3

    def test_checked_labels_draw_the_accuracy_away_from_what_was_assumed(self) -> None:
        assert accuracy(Checked()) == 0.9
        assert accuracy(Checked(), prior=0.7) == 0.7
        assert accuracy(Checked(0, 10)) == pytest.approx(0.45)
        assert accuracy(Checked(990, 1000)) > 0.98


class TestMerge:
    def test_the_same_after_the_normaliser_is_surer_than_either(self) -> None:
        found = merged(TOTAL, said("RM 3.30", 0.6), said("3.30"))
        assert (found.value.value, found.source, found.doubtful) == ("RM 3.30", AnswerSource.BOTH, False)
        assert found.value.confidence == pytest.approx(0.54 / 0.58)
        assert (merged(TOTAL, said("3.30", 0.1), said("3.30")).value.confidence or 0) >= 0.9
        assert merged(COMPANY, said(None, 0.6), said(None)).source == AnswerSource.BOTH

    def test_of_different_ones_the_more_probable_stands(self) -> None:
        assert merged(TOTAL, said("3.30", 0.5), said("9.90")).source == AnswerSource.TEACHER
        found = merged(TOTAL, said("3.30", 0.99), said("9.90"), 0.7)
        assert (found.value.value, found.source) == ("3.30", AnswerSource.STUDENT)
        assert 0.9 < (found.value.confidence or 0) < 0.99

    def test_too_close_is_for_a_person_and_the_more_probable_one_stands_meanwhile(self) -> None:
        found = merged(TOTAL, said("3.30", 0.91), said("9.90"))
        assert (found.value.value, found.source, found.doubtful) == ("3.30", AnswerSource.STUDENT, True)
        assert (found.value.confidence or 1) < 0.6
        found = merged(TOTAL, said("3.30", 0.89), said("9.90"))
        assert (found.value.value, found.source, found.doubtful) == ("9.90", AnswerSource.TEACHER, True)

    def test_a_value_that_is_none_of_the_type_loses(self) -> None:
        assert merged(TOTAL, said("thank you", 0.95), said("9.90"), 0.8).source == AnswerSource.TEACHER

    @pytest.mark.parametrize(
        ("own", "others", "picture", "source"),
        [
            # The OCR read other letters there, or none that belong together.
            ([Span(0, 4, 4)], [Span(0, 4, 4)], True, AnswerSource.TEACHER),
            ([Span(0, 4, 4)], [], True, AnswerSource.TEACHER),
            # Two amounts that are both printed.
            ([Span(0, 4, 4)], [Span(0, 9, 9)], True, AnswerSource.STUDENT),
            # Who reads the words of the OCR knows no better.
            ([Span(0, 4, 4)], [], False, AnswerSource.STUDENT),
        ],
    )
    def test_who_reads_the_picture_knows_the_letters(
        self, own: list[Span], others: list[Span], picture: bool, source: AnswerSource
    ) -> None:
        student, teacher = FieldValue("194.19", "194.19", 0.95, own), FieldValue("94.19", "94.19", 0.4, others)
        found = merge(TOTAL, student, teacher, student_probability=0.95, teacher_probability=0.4, from_picture=picture)
        assert found is not None
        assert found.source == source

    def test_a_field_that_one_side_left_out_is_the_others(self) -> None:
        assert merged(TOTAL, said("3.30", 0.3), None).source == AnswerSource.STUDENT
        found = merged(TOTAL, None, said("9.90"), 0.8)
        assert (found.source, found.value.confidence) == (AnswerSource.TEACHER, 0.8)
        assert merge(TOTAL, None, None) is None

    def test_a_group_is_merged_as_a_whole(self) -> None:
        one = '[{"description": "Coffee", "amount": "3.00"}]'
        other = '[{"description": "Coffee", "amount": "3.00"}, {"description": "Tea", "amount": "2.00"}]'
        assert merged(ITEMS, said(one, 0.4), said(one)).source == AnswerSource.BOTH
        found = merged(ITEMS, said(one, 0.4), said(other))
        assert (found.value.value, found.source) == (other, AnswerSource.TEACHER)

    @pytest.mark.parametrize("student", [0.0, 0.5, 1.0, None])
    @pytest.mark.parametrize("teacher", [0.0, 0.5, 1.0])
    def test_no_certainty_divides_by_zero(self, student: float | None, teacher: float) -> None:
        for value in ("3.30", "9.90"):
            assert 0 <= (merged(TOTAL, said("3.30", student), said(value), teacher).value.confidence or 0) <= 1


class TestCurve:
    def test_the_largest_gains_come_first_and_random_is_a_line(self) -> None:
        found = points([Measured(0.0, 1.0, 1.0)] * 9 + [Measured(0.8, 0.0, 1.0)], steps=10)
        assert [point.share for point in found[:2]] == [0.0, 0.1]
        assert [point.accuracy for point in found[:2]] == [0.9, 1.0]
        assert found[1].random == pytest.approx(0.91)
        assert found[-1].accuracy == found[-1].random == 1.0
        assert points([]) == ()

    def test_its_json_is_exact_and_says_dollars(self) -> None:
        curve = Curve("first", "acme:reader", 2, 0.95, 0.012, points([Measured(0.1, 0.5, 1.0), Measured(0, 1.0, 1.0)]))
        assert Curve.from_json(curve.to_json()) == curve
        assert curve.dollars(0.1) == pytest.approx(1.2)
        assert curve.at(0.51).share == 0.5
        free = Curve("first", "rules", 0, 0.0, None, ())
        assert (Curve.from_json(free.to_json()), free.dollars(0.5)) == (free, None)
