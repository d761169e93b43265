"""Claims and receipts find each other, one to one."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import permutations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extraction.domain.auditing.leads import leads
from extraction.domain.auditing.matching import LEAD, Match, MatchBy, Matching, match
from extraction.domain.auditing.policy import Policy
from extraction.domain.auditing.rates import Rate
from extraction.domain.auditing.values import Claim, Receipt
from extraction.domain.evaluation.assignment import assign, best_pairs
from tests.domain.auditing.cases import DAY, claim, reading, receipt


def pairs(claims: Sequence[Claim], receipts: Sequence[Receipt]) -> dict[str, str]:
    return {each.claim: each.document for each in match(claims, receipts, Policy()).matches}


def test_a_file_is_found_by_its_name_its_stem_or_its_content() -> None:
    receipts = [receipt(document="a", file="scans/A.JPG", sha256="f00d"), receipt(document="b")]
    for file in ("a.jpg", "C:\\scans\\a.jpg", "a.pdf", "f00d"):
        [found] = match([claim(file=file)], receipts, Policy()).matches
        assert (found.document, found.by, found.probability) == ("a", MatchBy.FILE, 1.0)


def test_a_file_is_found_by_the_claims_reference() -> None:
    [found] = match([claim(reference="EXP-7", file="")], [receipt(file="exp-7.pdf")], Policy()).matches
    assert found.by is MatchBy.REFERENCE


def test_a_name_that_two_files_have_names_none() -> None:
    receipts = [receipt("12.50", "a", file="x/1.jpg"), receipt("99.00", "b", file="y/1.jpg", merchant=reading("OTHER"))]
    [found] = match([claim(file="1.jpg")], receipts, Policy()).matches
    assert (found.document, found.by) == ("a", MatchBy.VALUES)


def test_two_claims_may_name_one_file_but_values_pair_one_to_one() -> None:
    claims = [claim(), claim(reference="2")]
    assert pairs(claims, [receipt()]) == {"1": "a", "2": "a"}
    without = [replace(each, file="") for each in claims]
    assert len(pairs(without, [receipt()])) <= 1


def test_values_find_the_receipt_among_others() -> None:
    near = [
        receipt("12.50", "right", file="x"),
        receipt("12.50", "other vendor", file="y", merchant=reading("MARINE SUPPLIES"), vendor="marinesupplies"),
        receipt("99.00", "other amount", file="z"),
        receipt("12.50", "other day", file="w", date=reading(DAY + datetime.timedelta(days=40))),
    ]
    matching = match([claim(file="")], near, Policy())
    assert [(each.document, each.by) for each in matching.matches] == [("right", MatchBy.VALUES)]
    assert matching.documents == ("other vendor", "other amount", "other day")


def test_between_two_equal_receipts_nothing_is_guessed() -> None:
    matching = match([claim(file="")], [receipt(document="a"), receipt(document="b")], Policy())
    assert (matching.matches, matching.claims, matching.documents) == ((), ("1",), ("a", "b"))


def test_what_another_claim_fits_better_is_no_rival() -> None:
    """Two lunches at one place, at one price, on two days that follow each other."""
    tomorrow = DAY + datetime.timedelta(days=1)
    receipts = [receipt(document="first", file="x"), receipt(document="second", file="y", date=reading(tomorrow))]
    lunches = [claim(file=""), claim(reference="2", file="", date=tomorrow)]
    assert pairs(lunches, receipts) == {"1": "first", "2": "second"}
    # One alone may have mistaken the day.
    assert pairs(lunches[:1], receipts) == {}


def test_nothing_is_guessed_where_claims_may_move_on_one_after_the_other() -> None:
    """The first lunch may be the second receipt's if the second lunch is the third's; in whatever order they come."""
    days = [DAY + datetime.timedelta(days=number) for number in range(5)]
    receipts = [receipt(document=f"{number}", file=f"{number}", date=reading(days[number])) for number in (0, 2, 4)]
    lunches = [claim(reference=f"lunch {number}", file="", date=days[number]) for number in (1, 3)]
    for some, others in product(permutations(lunches), permutations(receipts)):
        assert pairs(some, others) == {}


def test_receipts_of_the_day_are_looked_at_whatever_their_merchants_are_called() -> None:
    """A name of single letters has no word to be looked up by."""
    shop = receipt("10.00", file="x", merchant=reading("M.R. D.I.Y."), vendor="mrdiy")
    assert pairs([claim("12.00", file="", merchant="Mr. D.I.Y.", category="meals")], [shop]) == {"1": "a"}


def test_an_exchanged_amount_is_found_where_no_currency_was_read() -> None:
    policy = Policy(base="EUR", local="MYR", rates=(Rate("MYR", Decimal("0.2")),))
    shop = receipt("80.00", file="x", currency=reading("SAR", 0.7))
    found = match([claim("16.10", file="", currency="EUR")], [shop], policy).matches
    assert [each.document for each in found] == ["a"]


def test_the_receipt_of_another_employee_is_not_taken() -> None:
    theirs = receipt(employee="ben", file="x.jpg")
    assert pairs([claim(file="")], [theirs]) == {}
    assert pairs([claim(file="", employee="ben")], [theirs]) == {"1": "a"}


def test_day_and_month_may_be_exchanged() -> None:
    typed = datetime.date(DAY.year, DAY.day, DAY.month)
    assert pairs([claim(file="", date=typed)], [receipt(file="x")]) == {"1": "a"}


def test_what_a_person_chose_stays() -> None:
    chosen = Match("1", "b", MatchBy.PERSON)
    found = match([claim()], [receipt(), receipt("3.00", "b")], Policy(), [chosen])
    assert found.matches == (chosen,)
    gone = match([claim()], [receipt()], Policy(), [chosen])
    assert [each.document for each in gone.matches] == ["a"]


CLAIMS = st.lists(st.tuples(st.integers(1, 4), st.integers(0, 3)), max_size=6)


@given(CLAIMS, CLAIMS)
def test_every_claim_and_receipt_is_matched_once_or_left_over(
    some: list[tuple[int, int]], others: list[tuple[int, int]]
) -> None:
    claims = [
        claim(f"{units}.00", str(number), file="", date=DAY + datetime.timedelta(days=days))
        for number, (units, days) in enumerate(some)
    ]
    receipts = [
        receipt(f"{units}.00", str(number), file="", date=reading(DAY + datetime.timedelta(days=days)))
        for number, (units, days) in enumerate(others)
    ]
    matching = match(claims, receipts, Policy())
    matched_claims = [each.claim for each in matching.matches]
    matched_documents = [each.document for each in matching.matches]
    assert sorted([*matched_claims, *matching.claims]) == sorted(each.reference for each in claims)
    assert sorted([*matched_documents, *matching.documents]) == sorted(each.document for each in receipts)
    assert all(0 < each.probability < 1 for each in matching.matches)
    assert matching == match(claims, receipts, Policy())


WORTH = st.lists(st.lists(st.floats(0, 1), min_size=5, max_size=5), min_size=1, max_size=5)


@given(WORTH)
@settings(deadline=None)
def test_assignment_by_parts_is_worth_as_much_as_that_of_the_whole(rows: list[list[float]]) -> None:
    worth = np.array(rows)
    whole = sum(worth[pair] for pair in best_pairs(worth))
    sparse = {(i, j): value for i, row in enumerate(rows) for j, value in enumerate(row) if value > 0}
    found = assign(sparse)
    assert len({row for row, _ in found}) == len({column for _, column in found}) == len(found)
    assert abs(sum(sparse[pair] for pair in found) - whole) < 1e-9


@given(WORTH)
@settings(deadline=None)
def test_a_pair_counts_by_what_the_best_pairs_without_it_lose(rows: list[list[float]]) -> None:
    scores = {(i, j): value for i, row in enumerate(rows) for j, value in enumerate(row) if value > 0.2}
    paired = dict(assign(scores))
    total = sum(scores[pair] for pair in paired.items())
    found = leads(scores, paired, LEAD)
    assert set(found) == set(paired)
    for pair in paired.items():
        without = {other: worth for other, worth in scores.items() if other != pair}
        lead = total - sum(without[other] for other in assign(without))
        assert found[pair[0]] >= lead - 1e-6
        if lead != pytest.approx(LEAD, abs=1e-6):
            assert (found[pair[0]] >= LEAD) == (lead >= LEAD)


def test_a_matching_without_anything_is_empty() -> None:
    assert match([], [], Policy()) == Matching((), (), ())
    assert match([claim()], [], Policy()).claims == ("1",)
    assert (
        match(
            [claim("0", file="", merchant="", date=None)], [Receipt("a", amount=reading(Decimal(0)))], Policy()
        ).matches
        == ()
    )
