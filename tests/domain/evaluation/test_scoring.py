"""The measures against independent implementations of them, and the intervals against what is known of them."""

import anls as reference
import anls_star
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from extraction.domain.evaluation.bootstrap import paired_bootstrap
from extraction.domain.evaluation.scoring import evaluate
from extraction.domain.evaluation.similarity import anls, nls
from extraction.domain.fields import Field, Schema
from extraction.domain.prediction import FieldValue

WORDS = st.text(alphabet="abAB 1.", max_size=12)
TOTAL = Field("total", "money")
SCHEMA = Schema("Receipts", "receipt", (Field("company"), TOTAL))


def answer(value: str | None, normalized: str | None = None) -> FieldValue:
    return FieldValue(value, normalized)


@given(WORDS, WORDS)
def test_agrees_with_anls_star_everywhere(truth: str, guess: str) -> None:
    assume(truth.strip() and guess.strip())
    assert anls(truth, guess) == pytest.approx(anls_star.anls_score(truth, guess))


@given(WORDS, WORDS)
def test_agrees_with_anls_away_from_tau(truth: str, guess: str) -> None:
    assume(truth.strip() and guess.strip() and nls(truth, guess) != 0.5)
    assert anls(truth, guess) == pytest.approx(reference.anls_score(prediction=guess, gold_labels=[truth]))


def test_exactly_tau_counts_tau() -> None:
    assert anls("ab", "ac") == 0.5 == anls_star.anls_score("ab", "ac")
    assert anls("abc", "axy") == 0.0
    assert anls("abcde", "abcxy", tau=0.6) == pytest.approx(0.6)


def test_empty_answers() -> None:
    assert nls(None, None) == nls("", None) == nls(" ", "") == 1.0
    assert nls("a", None) == nls("", "a") == 0.0


def test_groups_score_by_anls_star_in_any_order() -> None:
    truth = [{"description": "tea", "amount": "3.50"}, {"description": "rice", "amount": "8.00"}]
    assert anls(truth, truth[::-1]) == 1.0
    assert anls(truth, truth[:1]) == pytest.approx(0.5)
    assert anls(truth, None) == 0.0
    assert anls(None, truth) == 0.0


def test_an_evaluation_counts_what_has_a_truth() -> None:
    rows = [
        (
            {"company": ["BOOK TA"], "total": ["9.00"]},
            {"company": answer("book ta"), "total": answer("RM 9.00", "9.00")},
        ),
        ({"company": ["ABCDEFGHIJ"], "total": [None]}, {"company": answer("ABCDEFGH")}),
        ({"company": [None]}, {"company": answer("X"), "total": answer("1.00")}),
        ({}, {"company": answer("X")}),
    ]
    result = evaluate(SCHEMA, rows)
    assert result.documents == 3
    company, total = result.fields["company"], result.fields["total"]
    assert (company.n, total.n) == (3, 2)
    assert company.anls == pytest.approx((1 + 0.8 + 0) / 3)
    assert company.exact == company.normalized_exact == pytest.approx(1 / 3)
    assert total.anls == pytest.approx((4 / 7 + 1) / 2)
    assert total.exact == pytest.approx(1 / 2)
    assert total.normalized_exact == 1.0
    assert result.mean_anls == pytest.approx((company.anls + total.anls) / 2)
    assert result.all_fields == pytest.approx(1 / 3)
    low, high = result.mean_anls_ci95
    assert low <= result.mean_anls <= high


def test_the_best_of_several_truths_counts() -> None:
    schema = Schema("Receipts", "receipt", (Field("company"),))
    result = evaluate(schema, [({"company": ["A SDN BHD", "B"]}, {"company": answer("b")})])
    assert result.fields["company"].anls == 1.0


def test_a_field_with_a_format_is_scored_in_it_whichever_form_the_truth_has() -> None:
    field = Field("date", "date", format="yyyymmdd")
    schema = Schema("Receipts", "receipt", (field,))
    for truth in ("20181225", "25/12/2018"):
        result = evaluate(schema, [({"date": [truth]}, {"date": answer("25 DEC 18", "20181225")})])
        assert result.fields["date"].exact == 1.0
    unreadable = evaluate(schema, [({"date": [None]}, {"date": answer("25 DOC 18", None)})])
    assert unreadable.fields["date"].anls == 0.0


def test_groups_are_scored_from_their_json() -> None:
    field = Field("items", "group", fields=(Field("description"), Field("amount", "money")))
    schema = Schema("Receipts", "receipt", (field,))
    rows = '[{"description": "tea", "amount": "3.50"}]'
    assert evaluate(schema, [({"items": [rows]}, {"items": answer(rows)})]).groups["items"].anls_star.value == 1.0
    assert evaluate(schema, [({"items": [rows]}, {})]).groups["items"].anls_star.value == 0.0


def test_the_export_is_plain_json() -> None:
    value = evaluate(SCHEMA, [({"company": ["A"]}, {"company": answer("A")})]).to_json()
    assert value == {
        "documents": 1,
        "mean_anls": 1.0,
        "mean_anls_ci95": [1.0, 1.0],
        "all_fields": 1.0,
        "all_fields_ci95": [1.0, 1.0],
        "fields": {
            "company": {
                "n": 1,
                "anls": 1.0,
                "anls_ci95": [1.0, 1.0],
                "exact": 1.0,
                "normalized_exact": 1.0,
                "exact_ci95": [1.0, 1.0],
                "normalized_exact_ci95": [1.0, 1.0],
            }
        },
    }


def test_nothing_to_score() -> None:
    for rows in ([], [({}, {})]):
        result = evaluate(SCHEMA, rows)
        assert (result.documents, result.fields) == (0, {})


def test_the_interval_is_that_of_the_mean() -> None:
    scores = np.random.default_rng(1).random(400) > 0.3
    rows = [({"company": ["A"]}, {"company": answer("A" if right else "B")}) for right in scores]
    score = evaluate(SCHEMA, rows).fields["company"]
    spread = 1.96 * (score.anls * (1 - score.anls) / 400) ** 0.5
    assert score.anls_ci95 == pytest.approx((score.anls - spread, score.anls + spread), abs=0.012)
    assert evaluate(SCHEMA, rows) == evaluate(SCHEMA, rows)


def test_paired_systems() -> None:
    generator = np.random.default_rng(2)
    first = generator.random(200)
    difference, low, high = paired_bootstrap(first.tolist(), (first - 0.1).tolist())
    assert [difference, low, high] == pytest.approx([0.1, 0.1, 0.1])
    difference, low, high = paired_bootstrap(first.tolist(), generator.random(200).tolist())
    assert low < difference < high
    with pytest.raises(ValueError, match="same documents"):
        paired_bootstrap([1.0], [])
