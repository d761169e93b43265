"""Evidence and signals: what a page, other answers and a vendor's other documents say about a label."""

import dataclasses

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extraction.domain.fields import Field
from extraction.domain.label_quality import signals
from extraction.domain.label_quality.evidence import Evidence, Stated, StudentAnswer, evidence, is_right, likeness
from extraction.domain.label_quality.vendors import Vendors, meaning, vendor_field
from tests.support import builders

TOTAL, COMPANY, DATE = Field("total", "money"), Field("company", "text"), Field("date", "date")
ITEMS = builders.WITH_ROWS["items"]
PAGES = [builders.page(*builders.LINES)]


def said(part: Field, value: str | None, **known: object) -> dict[str, float]:
    return signals.measures(evidence(part, Stated(value), PAGES, **known))  # type: ignore[arg-type]


def test_a_printed_value_has_nothing_against_it() -> None:
    assert said(TOTAL, "3.30").keys() <= {"poorly_read"}
    assert said(TOTAL, "3.30").get("poorly_read", 0) < 0.05


def test_a_value_that_is_not_on_the_page_and_one_that_is_none() -> None:
    assert said(TOTAL, "9.99")["not_found"] == 1
    assert said(TOTAL, "three")["not_a_value"] == 1
    assert said(TOTAL, None) == {"absent": 1}


def test_other_answers_are_compared_by_meaning() -> None:
    assert said(TOTAL, "3.30", others=["RM 3.3"])["others_agree"] > 0
    assert said(TOTAL, "3.30", others=["3.00"])["others_differ"] > 0
    assert said(TOTAL, "3.30", others=[None])["others_differ"] > 0
    assert said(DATE, "25/12/2018", rules="2018-12-25") == said(DATE, "25/12/2018") | {"rules_agree": 1}


def test_a_text_with_another_letter_is_nearly_the_same() -> None:
    assert 0.5 < likeness(COMPANY, "BEAN THERE SDN BHD", "BEAN THERF SDN BHD") < 1
    assert likeness(COMPANY, "BEAN THERE", "TEA HOUSE") == 0
    assert is_right(COMPANY, "BEAN THERF SDN BHD", "BEAN THERE SDN BHD")
    assert not is_right(TOTAL, "3.30", "3.80")


def test_tables_are_alike_by_their_equal_rows() -> None:
    coffee = '[{"description": "Coffee", "amount": "3.00"}]'
    both = '[{"description": "Coffee", "amount": "3.00"}, {"description": "Tea", "amount": "2.00"}]'
    assert likeness(ITEMS, coffee, both) == 0.5
    assert is_right(ITEMS, coffee, coffee)
    assert not is_right(ITEMS, coffee, both)
    assert "not_found" not in said(ITEMS, coffee)
    assert said(ITEMS, both)["not_found"] > 0.2


def test_a_quoted_text_must_be_printed_and_hold_the_value() -> None:
    def quoting(quote: str) -> float:
        known = evidence(TOTAL, Stated("3.30", quoted=quote), PAGES)
        return signals.measures(known).get("not_quoted", 0)

    assert quoting("Total 3.30") == 0
    assert quoting("Total 3.00") == quoting("Sum 3.30") == 1


def test_a_student_speaks_for_its_own_answer_and_against_others() -> None:
    same, other = (said(TOTAL, "3.30", student=StudentAnswer(value, 0.9)) for value in ("3.30", "3.00"))
    assert (same["student_agrees"], "student_differs" in same) == (0.9, False)
    assert (other["student_differs"], "student_agrees" in other) == (0.9, False)


def test_vendors_keep_some_values() -> None:
    rows = [("bean", "address", "harbour road")] * 5 + [("bean", "address", "hill street")]
    rows += [("bean", "total", str(number)) for number in range(6)] + [("", "address", "nobody's")]
    vendors = Vendors.of(rows)
    assert vendors.constant_fields == {"address"}
    assert vendors.compare("bean", "address", "harbour road", own="harbour road") == (4, 1)
    assert vendors.compare("bean", "address", "hill street", own="hill street") == (0, 5)
    assert vendors.compare("tea", "address", "harbour road", own=None) == (0, 0)


def test_the_field_of_the_vendor_is_known_by_its_name() -> None:
    company = vendor_field(builders.RECEIPT)
    assert company is not None
    assert company.name == "company"
    assert vendor_field(builders.WITH_ROWS) is None
    assert meaning(COMPANY, "Bean-There SDN.BHD") == "beantheresdnbhd"


@pytest.mark.parametrize("signal", signals.known(), ids=lambda signal: str(signal.name))
@settings(suppress_health_check=[HealthCheck.too_slow])  # where many tests run at once
@given(data=st.data())
def test_every_signal_is_from_0_to_1_and_0_where_nothing_is_known(signal: signals.Signal, data: st.DataObject) -> None:
    share = st.floats(0, 1)
    number = st.integers(0, 50)
    known = data.draw(
        st.builds(
            Evidence,
            absent=st.booleans(),
            found=st.none() | share,
            places=number,
            ocr=st.none() | share,
            confidence=st.none() | share,
            others=st.lists(share).map(tuple),
            rules=st.none() | share,
            vendor_same=number,
            vendor_other=number,
            student_agrees=share,
            student_differs=share,
        )
    )
    assert 0 <= signal.measure(known) <= 1
    assert signal.measure(Evidence(absent=False)) == 0
    assert signal.supports == (signal.prior > 0)


def test_a_new_signal_is_one_registration() -> None:
    signals.register("long", -1.0, lambda known: float(known.places > 2))
    try:
        assert signals.measures(dataclasses.replace(Evidence(absent=False), places=3))["long"] == 1
        with pytest.raises(ValueError, match="long"):
            signals.register("long", -1.0, lambda known: 0.0)
    finally:
        signals.unregister("long")
