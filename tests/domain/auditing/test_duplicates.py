"""Claims that are made twice."""

from __future__ import annotations

import datetime
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extraction.domain.auditing.checks.duplicates.likeness import is_same_picture, near
from extraction.domain.auditing.finding import Finding
from extraction.domain.auditing.values import Receipt
from tests.domain.auditing.cases import DAY, audited, claim, found, reading, receipt

DUPLICATES = ("same_receipt", "same_picture", "same_purchase")
NUMBERS = tuple(range(100, 132))


def twice(one: Receipt, other: Receipt, **values: object) -> list[Finding]:
    """The duplicates among two claims with these receipts, `values` being of the second claim."""
    second = claim(**{"reference": "2", "file": other.file, **values})  # type: ignore[arg-type]
    return found(audited([claim(file=one.file), second], [one, other]), *DUPLICATES)


def shifted(numbers: tuple[int, ...], kept: int) -> tuple[int, ...]:
    """A sketch with so many of its hashes, and others."""
    return (*numbers[:kept], *(number + 1000 for number in numbers[kept:]))


@pytest.mark.parametrize(("employee", "variant"), [("anna", "own"), ("ben", "across")])
def test_the_later_claim_of_one_receipt_is_told_beside_the_earlier(employee: str, variant: str) -> None:
    [finding] = audited([claim(), claim(reference="2", employee=employee)], [receipt()])
    assert (finding.check, finding.variant, finding.claims) == ("same_receipt", variant, ("2", "1"))
    assert finding.at_risk == Decimal("12.50")


def test_claims_that_share_a_receipt_without_exceeding_it_are_none() -> None:
    claims = [claim("8.00"), claim("4.50", "2", category="travel")]
    assert found(audited(claims, [receipt()]), *DUPLICATES) == []
    [finding] = found(audited([*claims, claim("4.50", "3")], [receipt()]), *DUPLICATES)
    assert (finding.claim, finding.at_risk) == ("3", Decimal("4.50"))


def test_claims_of_a_receipt_that_was_not_read_are_duplicates_where_they_are_equal() -> None:
    blank = replace(receipt(), amount=None, readable=False)
    assert found(audited([claim(), claim(reference="2")], [blank]), *DUPLICATES)
    assert not found(audited([claim("8.00"), claim(reference="2")], [blank]), *DUPLICATES)


def test_two_pictures_of_one_paper_are_told_once() -> None:
    one = receipt(fingerprint="f" * 64, numbers=NUMBERS)
    other = receipt(document="b", fingerprint="f" * 60 + "0000", numbers=shifted(NUMBERS, 28))
    [finding] = twice(one, other)
    assert (finding.check, finding.claims, finding.document) == ("same_picture", ("2", "1"), "b")
    assert [place.document for place in finding.evidence] == ["b", "a"]


def test_pictures_alike_with_other_numbers_are_two_receipts() -> None:
    one = receipt(fingerprint="f" * 64, numbers=NUMBERS)
    other = receipt("20.00", "b", fingerprint="f" * 64, numbers=shifted(NUMBERS, 10))
    assert twice(one, other, amount="20.00") == []


def test_two_coffees_of_a_day_are_two_purchases_where_their_receipts_have_other_numbers() -> None:
    one, other = receipt(numbers=NUMBERS), receipt(document="b", numbers=shifted(NUMBERS, 8))
    assert twice(one, other) == []
    [same] = twice(one, replace(other, numbers=NUMBERS))
    assert (same.check, same.doubtful) == ("same_purchase", False)


def test_numbers_of_documents_decide_before_anything_else() -> None:
    one, other = receipt(number=reading("INV-1")), receipt(document="b", number=reading("inv 1"))
    [finding] = twice(one, other)
    assert finding.probability > 0.9
    assert twice(one, replace(other, number=reading("INV-2"))) == []


@pytest.mark.parametrize(("days", "told"), [(0, True), (1, True), (2, False)])
def test_purchases_on_near_days_are_compared(days: int, told: bool) -> None:
    day = DAY + datetime.timedelta(days=days)
    assert bool(twice(receipt(), receipt(document="b", date=reading(day)), date=day)) is told


def test_claims_without_receipts_are_compared_as_they_were_typed() -> None:
    claims = [claim(file=""), claim(reference="2", file="", merchant="HARBOUR CAFÉ")]
    assert [each.claims for each in found(audited(claims, []), *DUPLICATES)] == [("2", "1")]
    assert not found(audited([claims[0], replace(claims[1], merchant="Marine Supplies")], []), *DUPLICATES)


def test_many_claims_of_one_purchase_are_each_told_once() -> None:
    claims = [claim(reference=f"{number:03}", file="") for number in range(200)]
    findings = found(audited(claims, []), *DUPLICATES)
    assert len(findings) == 199
    assert len({finding.claim for finding in findings}) == 199


FINGERPRINTS = st.integers(0, 2**256 - 1).map(lambda bits: f"{bits:064x}")
SKETCHES = st.just(()) | st.integers(0, 32).map(lambda kept: shifted(NUMBERS, kept))


@given(FINGERPRINTS, st.integers(0, 2**20), SKETCHES, SKETCHES)
def test_likeness_does_not_depend_on_the_order(
    fingerprint: str, flipped: int, one: tuple[int, ...], other: tuple[int, ...]
) -> None:
    a = receipt(document="a", fingerprint=fingerprint, numbers=one)
    b = receipt(document="b", fingerprint=f"{int(fingerprint, 16) ^ flipped:064x}", numbers=other)
    assert is_same_picture(a, b) == is_same_picture(b, a)
    together = {frozenset((x.document, y.document)) for x, y in near([a, b])}
    assert together == {frozenset((x.document, y.document)) for x, y in near([b, a])}
    if flipped.bit_count() < 12:
        assert together


def test_negative_claims_are_no_duplicates() -> None:
    assert found(audited([claim("-12.50"), claim("-12.50", "2")], [receipt("-12.50")]), *DUPLICATES) == []
