"""Folds of a cross-check: what stays together, how even they are, and that they are the same each time."""

import hashlib
import random
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extraction.domain.evaluation.scoring import Evaluation, FieldScore
from extraction.domain.learning.folds import FoldOutcome, Member, deal, learned, words_of

WORDS = [f"{first}{second}" for first in "bcdfghklmn" for second in ("are", "ill", "ost", "and", "unt", "eck")]


def evaluation(**anls: float) -> Evaluation:
    fields = {name: FieldScore(4, score, (score, score), score, score) for name, score in anls.items()}
    return Evaluation(4, 0.5, (0.5, 0.5), 0.5, fields)


def member(key: int, vendor: str = "", words: Sequence[str] = ()) -> Member:
    return Member(key, hashlib.sha256(str(key).encode()).hexdigest(), vendor, words_of(" ".join(words)))


def fold_of(dealt: list[list[int]], key: int) -> int:
    return next(number for number, part in enumerate(dealt) if key in part)


@given(st.text(" abcde", min_size=6, max_size=60), st.integers(2, 5))
def test_every_document_is_in_one_fold_and_any_order_gives_the_same(vendors: str, folds: int) -> None:
    members = [member(key, vendor.strip()) for key, vendor in enumerate(vendors)]
    dealt = deal(members, folds)
    assert sorted(key for part in dealt for key in part) == list(range(len(members)))
    shuffled = random.Random(1).sample(members, len(members))
    assert deal(shuffled, folds) == dealt


def test_documents_of_a_vendor_stay_together_and_folds_are_even() -> None:
    members = [member(key, f"vendor {key // 4}") for key in range(40)]
    dealt = deal(members, 2)
    assert [len(part) for part in dealt] == [20, 20]
    for key in range(40):
        assert fold_of(dealt, key) == fold_of(dealt, key // 4 * 4)


def test_documents_with_nearly_the_same_words_stay_together() -> None:
    draw = random.Random(3)
    members = []
    for key in range(0, 60, 2):
        words = draw.sample(WORDS, 20)
        members += [member(key, words=words), member(key + 1, f"shop {key}", [*words[1:], f"copy{key}"])]
    dealt = deal(members, 3)
    assert all(fold_of(dealt, key) == fold_of(dealt, key + 1) for key in range(0, 60, 2))
    assert {len(part) for part in dealt} == {20}


@pytest.mark.parametrize("words", [(), ("invoice", "total", "date")])
def test_a_project_of_one_vendor_is_divided_all_the_same(words: Sequence[str]) -> None:
    dealt = deal([member(key, "the only one", words) for key in range(30)], 2)
    assert [len(part) for part in dealt] == [15, 15]


def test_numbers_are_no_words() -> None:
    assert words_of("Total 12.50 A1 Straße 7 a").tolist() == words_of("strasse 13 TOTAL").tolist()
    assert len(words_of("Total 12.50 A1 Straße 7 a")) == 2


def test_a_field_counts_where_it_was_learned() -> None:
    assert learned(evaluation(total=0.9, date=0.3)) == ("total",)
    assert learned(evaluation(total=0.3)) == learned(None) == learned(Evaluation(0, 0.0, (0.0, 0.0), 0.0, {})) == ()


def test_an_outcome_survives_json() -> None:
    outcome = FoldOutcome(20, 61, 12.5, ("company", "total"))
    assert FoldOutcome.from_json(outcome.to_json()) == outcome
