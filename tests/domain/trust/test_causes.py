"""Causes of misses: what the words, the answer's place and what is known about the label say."""

import pytest

from extraction.domain.fields import Field
from extraction.domain.pages import Span
from extraction.domain.prediction import FieldValue
from extraction.domain.trust.causes import Cause, LabelEvidence, cause_of, text_at
from tests.support.builders import page

PAGES = (page("BEAN THERE SDN BHD", "Date: 03/04/2018", "Subtotal 3.00", "Total 3.3O", "Cash 5.00"),)
COMPANY, DATE, TOTAL = Field("company", "text"), Field("date", "date"), Field("total", "money")
AT_COMPANY, AT_DATE, AT_SUBTOTAL, AT_TOTAL, AT_CASH = (
    Span(0, 0, 3),
    Span(0, 5, 5),
    Span(0, 7, 7),
    Span(0, 9, 9),
    Span(0, 11, 11),
)
NOTHING = FieldValue(None, None)


def value(text: str, *spans: Span, normalized: str | None = None) -> FieldValue:
    return FieldValue(text, normalized, 0.9, spans)


@pytest.mark.parametrize(
    ("field", "truth", "answer", "cause"),
    [
        # The value is on no word: nothing could have been taken.
        (TOTAL, value("3.30"), NOTHING, Cause.NOT_READ),
        (TOTAL, value("3.30"), value("3.00", AT_SUBTOTAL), Cause.NOT_READ),
        # The words at its place are misread: whoever takes them, or finds no amount there, is not to blame.
        (TOTAL, value("3.30", AT_TOTAL), value("3.3O", AT_TOTAL), Cause.NOT_READ),
        (TOTAL, value("3.30", AT_TOTAL), NOTHING, Cause.NOT_READ),
        # It is there, and other words were taken, too few, or none.
        (TOTAL, value("3.30", AT_TOTAL), value("5.00", AT_CASH), Cause.WRONG_SPAN),
        (TOTAL, value("5.00", AT_CASH), NOTHING, Cause.WRONG_SPAN),
        (COMPANY, value("BEAN THERE SDN BHD", AT_COMPANY), value("BEAN THERE", Span(0, 0, 1)), Cause.WRONG_SPAN),
        # Invented.
        (TOTAL, NOTHING, value("5.00", AT_CASH), Cause.WRONG_SPAN),
        # The right words as another value, also where whoever answered named no words.
        (DATE, value("03/04/2018", AT_DATE), value("03/04/2018", AT_DATE, normalized="2018-03-04"), "wrong_normaliser"),
        (DATE, value("03/04/2018", AT_DATE), value("03/04/2018", normalized="2018-03-04"), Cause.WRONG_NORMALISER),
    ],
)
def test_words_and_places_tell_the_cause(field: Field, truth: FieldValue, answer: FieldValue, cause: str) -> None:
    assert cause_of(field, truth, answer, PAGES, LabelEvidence()) == cause


@pytest.mark.parametrize(
    ("evidence", "cause"),
    [
        (LabelEvidence(probability=0.4), Cause.WRONG_LABEL),
        (LabelEvidence(contradicting=2), Cause.WRONG_LABEL),
        # One source that says the same may have the same habit.
        (LabelEvidence(probability=0.6, contradicting=1), Cause.WRONG_SPAN),
    ],
)
def test_a_label_that_others_contradict_is_to_blame_itself(evidence: LabelEvidence, cause: Cause) -> None:
    truth, answer = value("5.00", AT_CASH), value("3.00", AT_SUBTOTAL)
    assert cause_of(TOTAL, truth, answer, PAGES, evidence) is cause


def test_words_of_an_earlier_reading_are_no_place() -> None:
    assert text_at([AT_CASH], PAGES) == "5.00"
    for gone in (Span(0, 90, 90), Span(3, 0, 0)):
        assert text_at([gone], PAGES) == ""
        assert cause_of(TOTAL, value("5.00", gone), NOTHING, PAGES, LabelEvidence()) is Cause.NOT_READ
