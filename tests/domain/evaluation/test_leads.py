"""The lead of one student over another, and what follows from it."""

import pytest

from extraction.domain.evaluation.leads import Doubt, Lead, Leads, Margins, Standing, leads, standing, worse_parts
from extraction.domain.evaluation.scoring import Row
from extraction.domain.prediction import FieldValue
from tests.support.builders import RECEIPT, WITH_ROWS

MARGINS = Margins()


def said(value: str) -> FieldValue:
    return FieldValue(value, None)


def rows(documents: int, wrong: int = 0, field: str = "company") -> list[Row]:
    """Answers for `field` and the total, of which the first `wrong` of that field are wrong."""
    return [
        (
            {"company": ["Bean There"], "total": [f"{number}.00"]},
            {
                "company": said("Bean There" if field != "company" or number >= wrong else "x"),
                "total": said(f"{number}.00" if field != "total" or number >= wrong else "0.01"),
            },
        )
        for number in range(documents)
    ]


def lead(value: float, low: float, high: float, n: int = 40) -> Leads:
    mean = Lead(n, 0.9 + value, 0.9, (low, high))
    return Leads(mean, {"total": mean}, {})


def test_the_same_answers_have_no_lead() -> None:
    found = leads(RECEIPT, rows(40), rows(40))
    assert found is not None
    assert (found.documents, found.mean.value, found.mean.ci95) == (40, 0.0, (0.0, 0.0))
    assert set(found.fields) == {"company", "total"}
    assert standing(found, MARGINS) == (Standing.NOT_WORSE, ())


def test_each_field_has_a_lead_of_its_own() -> None:
    found = leads(RECEIPT, rows(40, wrong=4), rows(40))
    assert found is not None
    assert found.fields["company"].value == pytest.approx(-0.1)
    assert found.fields["total"].value == 0
    assert found.mean.value == pytest.approx(-0.05)
    low, high = found.mean.ci95
    assert low < -0.05 < high < 0
    assert worse_parts(found, MARGINS) == ["company"]
    assert standing(found, MARGINS) == (Standing.WORSE, ())


def test_documents_are_drawn_as_pairs() -> None:
    """What both read wrong moves neither bound."""
    found = leads(RECEIPT, rows(40, wrong=20), rows(40, wrong=20))
    assert found is not None
    assert found.mean.ci95 == (0.0, 0.0)


def test_rows_of_groups_are_compared_too() -> None:
    items = '[{"description": "Coffee", "amount": "3.00"}]'
    truth = {"total": ["3.30"], "items": [items]}
    good = {"total": said("3.30"), "items": said(items)}
    found = leads(WITH_ROWS, [(truth, {"total": said("3.30")})] * 40, [(truth, good)] * 40)
    assert found is not None
    assert (found.mean.value, found.groups["items"].value) == (0.0, -1.0)
    assert standing(found, MARGINS) == (Standing.OPEN, (Doubt.FIELDS,))


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (None, (Standing.OPEN, (Doubt.FEW_DOCUMENTS,))),
        (lead(0.1, 0.05, 0.15, n=29), (Standing.OPEN, (Doubt.FEW_DOCUMENTS,))),
        (lead(-0.1, -0.2, -0.01, n=29), (Standing.OPEN, (Doubt.FEW_DOCUMENTS,))),
        (lead(0.0, -0.005, 0.01), (Standing.NOT_WORSE, ())),
        (lead(0.0, -0.006, 0.01), (Standing.OPEN, (Doubt.MEAN,))),
        (lead(-0.03, -0.06, 0.0), (Standing.OPEN, (Doubt.MEAN, Doubt.FIELDS))),
        (lead(-0.03, -0.06, -0.001), (Standing.WORSE, ())),
    ],
)
def test_what_follows(found: Leads | None, expected: object) -> None:
    assert standing(found, MARGINS) == expected


def test_nothing_scored_is_no_lead() -> None:
    assert leads(RECEIPT, [({}, {})], [({}, {})]) is None
    assert leads(RECEIPT, [], []) is None


def test_it_is_stored_as_it_is() -> None:
    found = leads(RECEIPT, rows(40, wrong=3), rows(40))
    assert found is not None
    assert Leads.from_json(found.to_json()) == found
