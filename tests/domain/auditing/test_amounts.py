"""The claimed amount beside what the receipt says."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extraction.domain.auditing.finding import Severity
from extraction.domain.auditing.policy import CheckSetting, Policy
from extraction.domain.auditing.rates import Rate
from extraction.domain.auditing.values import AmountKind, PrintedAmount
from tests.domain.auditing.cases import audited, claim, found, reading, receipt

USD = Policy(rates=(Rate("USD", Decimal("0.90")), Rate("THB", Decimal("0.025"))))
AMOUNTS = st.decimals("0.06", "100000", allow_nan=False, places=2)


@given(AMOUNTS, st.floats(0.3, 1))
def test_an_exact_honest_claim_has_no_finding(amount: Decimal, sure: float) -> None:
    assert audited([claim(str(amount))], [receipt(str(amount), sure=sure)]) == []


@given(AMOUNTS, AMOUNTS)
def test_what_was_claimed_too_much_is_at_risk_to_the_cent(amount: Decimal, more: Decimal) -> None:
    too_much = more > max(Decimal("0.05"), amount * Decimal("0.005"))
    findings = found(audited([claim(str(amount + more))], [receipt(str(amount))]), "claimed_more")
    assert [finding.at_risk for finding in findings] == ([more] if too_much else [])


def test_a_claim_that_is_too_large_is_blocked_with_its_numbers() -> None:
    [finding] = audited([claim("21.50")], [receipt("12.50")])
    assert (finding.check, finding.severity, finding.doubtful) == ("claimed_more", Severity.BLOCK, False)
    assert (finding.claim, finding.document, finding.probability) == ("1", "a", 1.0)
    assert (finding.facts["amount"], finding.facts["printed"]) == ("21.50", "12.50")


def test_the_tolerance_is_the_policys() -> None:
    policy = Policy(checks={"claimed_more": CheckSetting(Severity.REVIEW, {"money": Decimal(10)})})
    assert audited([claim("21.50")], [receipt("12.50")], policy) == []
    off = Policy(checks={"claimed_more": CheckSetting(Severity.OFF)})
    assert audited([claim("21.50")], [receipt("12.50")], off) == []


def test_a_doubtful_reading_accuses_nobody() -> None:
    [sure] = audited([claim("21.50")], [receipt("12.50", sure=0.99)])
    [unsure] = audited([claim("21.50")], [receipt("12.50", sure=0.6)])
    assert not sure.doubtful
    assert (unsure.doubtful, unsure.severity) == (True, Severity.REVIEW)
    assert unsure.probability < 0.5 < sure.probability


@given(st.floats(0.05, 0.95), st.floats(0.05, 0.95))
def test_the_surer_a_reading_the_more_probable_the_finding(one: float, other: float) -> None:
    def probability(sure: float) -> float:
        findings = audited([claim("21.50")], [receipt("12.50", sure=sure)], Policy(least=1e-9))
        return max((each.probability for each in found(findings, "claimed_more")), default=0.0)

    low, high = sorted((one, other))
    assert probability(low) <= probability(high)


def test_a_rival_that_is_the_claimed_amount_clears_it() -> None:
    read = replace(receipt(), amount=reading(Decimal("12.50"), 0.8, (Decimal("21.50"), 0.15)))
    assert [each for each in audited([claim("21.50")], [read]) if not each.doubtful] == []


@pytest.mark.parametrize("kind", [AmountKind.CASH, AmountKind.ARTICLE, AmountKind.TAX])
def test_another_amount_of_the_receipt_is_named(kind: AmountKind) -> None:
    read = receipt(
        "12.50", printed=(PrintedAmount(Decimal("50.00"), kind), PrintedAmount(Decimal("37.50"), AmountKind.CHANGE))
    )
    [finding] = audited([claim("50.00")], [read])
    assert (finding.check, finding.variant, finding.at_risk) == ("other_amount", kind.value, Decimal("37.50"))
    assert [place.role for place in finding.evidence] == ["amount", "other_amount"]


def test_a_subtotal_that_was_read_for_the_total_accuses_nobody() -> None:
    printed = (PrintedAmount(Decimal("13.25")), PrintedAmount(Decimal("0.75"), AmountKind.TAX))
    findings = audited([claim("13.25")], [receipt("12.50", sure=0.95, printed=printed)])
    assert all(finding.doubtful for finding in findings)


def test_cash_less_change_confirms_the_reading() -> None:
    printed = (PrintedAmount(Decimal("20.00"), AmountKind.CASH), PrintedAmount(Decimal("7.50"), AmountKind.CHANGE))
    [finding] = audited([claim("20.00")], [receipt("12.50", sure=0.95, printed=printed)])
    assert (finding.check, finding.doubtful) == ("other_amount", False)


def test_a_tip_is_explained_where_people_tip() -> None:
    [finding] = audited([claim("15.00", category="Meals")], [receipt("12.50")])
    assert (finding.check, finding.severity, finding.at_risk) == ("tip", Severity.INFO, 0)
    [finding] = audited([claim("15.80", category="Meals")], [receipt("12.50")])
    assert finding.check == "claimed_more"


@pytest.mark.parametrize(
    ("amount", "check", "at_risk"),
    [("13.90", "exchange", "0.00"), ("14.10", "exchange", "0.00"), ("16.00", "claimed_more", "1.90")],
)
def test_exchange_explains_what_lies_within_its_band(amount: str, check: str, at_risk: str) -> None:
    [finding] = audited([claim(amount, currency="USD")], [receipt("12.50")], USD)
    assert (finding.check, finding.at_risk) == (check, Decimal(at_risk))


def test_a_foreign_amount_typed_as_local_is_at_risk_by_the_rate() -> None:
    [finding] = audited([claim("900.00")], [receipt("900.00", currency=reading("THB"))], USD)
    assert (finding.check, finding.at_risk) == ("foreign_as_local", Decimal("877.50"))
    cheaper = audited([claim("900.00", currency="THB")], [receipt("900.00")], USD)
    assert [each.check for each in cheaper] == ["claimed_less"]


def test_a_currency_without_a_rate_has_no_amount_at_risk() -> None:
    findings = audited([claim("21.50", currency="JPY")], [receipt("12.50", currency=reading("JPY"))])
    assert {(each.check, each.at_risk) for each in findings} == {("no_rate", None), ("claimed_more", None)}


def test_less_than_the_receipt_says_is_to_know_only() -> None:
    [finding] = audited([claim("10.00")], [receipt("12.50")])
    assert (finding.check, finding.severity, finding.at_risk) == ("claimed_less", Severity.INFO, 0)


def test_a_refund_is_compared_by_what_is_paid_back() -> None:
    assert audited([claim("-12.50")], [receipt("12.50")]) == []
    [finding] = audited([claim("-10.00")], [receipt("-12.50")])
    assert (finding.check, finding.at_risk) == ("claimed_more", Decimal("2.50"))


def test_the_sum_of_two_receipts_is_explained_where_the_other_is_free() -> None:
    first, second = receipt("12.50"), receipt("8.00", "b")
    [finding] = audited([claim("20.50")], [first, second])
    assert (finding.check, finding.severity, finding.facts["other"]) == ("two_receipts", Severity.INFO, "8.00")
    claimed = audited([claim("20.50"), claim("8.00", "2", file="b.jpg")], [first, second])
    assert "claimed_more" in [each.check for each in claimed]


def test_a_match_that_is_not_certain_makes_a_finding_less_probable() -> None:
    named = audited([claim("13.50")], [receipt("12.50", sure=0.99)])
    by_values = audited([replace(claim("13.50"), file="")], [receipt("12.50", sure=0.99)])
    assert 0 < by_values[0].probability < named[0].probability
