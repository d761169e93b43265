"""Days, merchants, limits, articles, sums, and receipts that are missing or cannot be read."""

from __future__ import annotations

import datetime
from dataclasses import replace
from decimal import Decimal

import pytest

from extraction.domain.auditing.finding import Severity
from extraction.domain.auditing.policy import CheckSetting, Limit, Per, Policy
from extraction.domain.auditing.values import AmountKind, PrintedAmount, ReceiptRow
from tests.domain.auditing.cases import DAY, TODAY, audited, claim, found, reading, receipt


def days(number: int) -> datetime.date:
    return DAY + datetime.timedelta(days=number)


def test_a_claim_without_a_receipt_is_told_above_the_small_amount() -> None:
    [finding] = audited([claim(file="")], [])
    assert (finding.check, finding.at_risk) == ("no_receipt", Decimal("12.50"))
    policy = Policy(checks={"no_receipt": CheckSetting(Severity.REVIEW, {"small": Decimal(15)})})
    assert audited([claim(file="")], [], policy) == []


@pytest.mark.parametrize(("readable", "variant"), [(False, "picture"), (True, "amount")])
def test_a_receipt_that_cannot_be_read_says_nothing_against_the_claim(readable: bool, variant: str) -> None:
    [finding] = audited([claim()], [replace(receipt(), amount=None, readable=readable)])
    assert (finding.check, finding.variant, finding.doubtful) == ("unreadable_receipt", variant, True)


@pytest.mark.parametrize(("shift", "told"), [(2, False), (-2, False), (3, True), (-9, True)])
def test_another_day_is_told_beyond_two_days(shift: int, told: bool) -> None:
    findings = audited([claim(date=days(shift))], [receipt()])
    assert [each.check for each in findings if each.check != "free_day"] == (["date_differs"] if told else [])


def test_day_and_month_exchanged_are_told_as_that() -> None:
    [finding] = audited([claim(date=datetime.date(2026, 4, 3))], [receipt()], today=datetime.date(2026, 4, 5))
    assert (finding.check, finding.variant, finding.facts["days"]) == ("date_differs", "swapped", 30)


def test_a_day_that_can_be_read_in_two_ways_accuses_nobody() -> None:
    either = replace(receipt(), date=reading(DAY, 0.45, (datetime.date(2026, 4, 3), 0.45)))
    assert audited([claim(date=datetime.date(2026, 4, 3))], [either], today=datetime.date(2026, 4, 5)) == []


def test_a_year_that_alone_differs_is_rather_misread() -> None:
    year = audited([claim()], [receipt(date=reading(DAY.replace(year=2023), 0.95))], Policy(least=0.01))
    assert {each.check for each in year} >= {"date_differs", "too_old"}
    assert all(each.doubtful for each in year)
    [other] = audited([claim(date=days(-7))], [receipt(date=reading(DAY, 0.95))])
    assert not other.doubtful


def test_a_day_that_the_receipt_prints_as_well_was_rather_misread() -> None:
    """The day of delivery was read, and that of the purchase was claimed."""
    delivered = days(7)
    sure, unsure = (receipt(date=reading(delivered, each), days=(DAY, delivered)) for each in (1.0, 0.97))
    assert [each.check for each in audited([claim()], [sure])] == ["date_differs"]
    assert not [each for each in audited([claim()], [unsure]) if not each.doubtful]
    [other] = audited([claim(date=days(-3))], [unsure])
    assert (other.check, other.doubtful) == ("date_differs", False)


@pytest.mark.parametrize("claimed", [DAY, days(7).replace(year=DAY.year - 1)])
def test_a_day_that_is_printed_among_many_speaks_no_less_for_a_misread_one(claimed: datetime.date) -> None:
    many = tuple(days(number) for number in range(1, 110))
    found = [
        audited([claim(date=claimed)], [receipt(date=reading(days(7), 0.9), days=printed)])
        for printed in (many, (*many, claimed))
    ]
    without, beside = ([each.probability for each in some if each.check == "date_differs"] for some in found)
    assert beside <= without


def test_days_to_come_and_long_ago_are_told() -> None:
    assert [each.check for each in audited([claim()], [receipt()], today=days(-1))] == ["future"]
    assert audited([claim()], [receipt()], today=days(90)) == []
    [finding] = audited([claim()], [receipt()], today=days(91))
    assert (finding.check, finding.facts["age"]) == ("too_old", 91)


def test_weekends_and_holidays_are_the_policys() -> None:
    saturday = days(3)
    [finding] = audited([claim(date=saturday)], [receipt(date=reading(saturday))])
    assert (finding.check, finding.variant, finding.severity) == ("free_day", "weekend", Severity.INFO)
    [finding] = audited([claim()], [receipt()], Policy(holidays=(DAY,)))
    assert finding.variant == "holiday"


@pytest.mark.parametrize("typed", ["harbour cafe", "Cafe Harbour Ltd.", "HARBOURCAFE", "Habour Cafe", "HC", ""])
def test_a_merchant_may_be_written_in_many_ways(typed: str) -> None:
    assert audited([claim(merchant=typed)], [receipt()]) == []


@pytest.mark.parametrize("typed", ["Marine Supplies", "Seaview Hotel Ltd"])
def test_another_merchant_is_told(typed: str) -> None:
    [finding] = audited([claim(merchant=typed)], [receipt()])
    assert (finding.check, finding.at_risk) == ("merchant_differs", 0)
    head = replace(receipt(), names=("MARINE SUPPLIES", "SEAVIEW HOTEL"))
    assert audited([claim(merchant=typed)], [head]) == []


def test_what_two_employees_call_a_vendor_is_one_of_its_names() -> None:
    claims = [
        claim(reference=str(at), file=f"{at}.jpg", employee=f"e{at}", merchant="The Pier", date=days(-at))
        for at in range(3)
    ]
    receipts = [receipt(document=str(at), date=reading(days(-at))) for at in range(3)]
    assert found(audited(claims[:1], receipts[:1]), "merchant_differs")
    assert not found(audited(claims, receipts), "merchant_differs")


@pytest.mark.parametrize(
    ("limit", "claims", "variant", "at_risk"),
    [
        (Limit(Decimal(10), Per.CLAIM, "office"), ["12.50"], "claim", "2.50"),
        (Limit(Decimal(20), Per.DAY), ["12.50", "9.00"], "day", "1.50"),
        (Limit(Decimal(5), Per.ATTENDEE), ["12.50"], "attendee", "2.50"),
    ],
)
def test_what_is_above_a_limit_is_at_risk(limit: Limit, claims: list[str], variant: str, at_risk: str) -> None:
    typed = [
        claim(amount, str(at), file=f"{at}.jpg", attendees=2, merchant=f"Shop {at}") for at, amount in enumerate(claims)
    ]
    receipts = [
        receipt(amount, str(at), merchant=reading(f"Shop {at}"), vendor=f"shop{at}") for at, amount in enumerate(claims)
    ]
    [finding] = audited(typed, receipts, Policy(limits=(limit,)))
    assert (finding.check, finding.variant, finding.at_risk) == ("limit", variant, Decimal(at_risk))
    assert len(finding.claims) == len(claims)
    assert audited(typed, receipts, Policy(limits=(replace(limit, amount=Decimal(100)),))) == []
    assert audited(typed, receipts, Policy(limits=(replace(limit, category="hotel"),))) == []


def test_a_purchase_in_parts_is_told_where_each_stays_under_the_limit() -> None:
    claims = [claim(f"{90 + at}.00", str(at), file=f"{at}.jpg", date=days(at // 2)) for at in range(3)]
    receipts = [receipt(f"{90 + at}.00", str(at), date=reading(days(at // 2))) for at in range(3)]
    policy = Policy(limits=(Limit(Decimal(100), Per.CLAIM),))
    [finding] = audited(claims, receipts, policy)
    assert (finding.check, set(finding.claims), finding.at_risk) == ("split", {"0", "1", "2"}, Decimal("173.00"))
    apart = [replace(each, employee=f"e{at}") for at, each in enumerate(claims)]
    assert audited(apart, receipts, policy) == []


@pytest.mark.parametrize(
    ("description", "told"),
    [
        ("2 x DRAUGHT BEER 0.5l", True),
        ("Weißbier", True),
        ("Red-Wine", True),
        ("Root Beer", False),
        ("ginger ale", False),
        ("Schwein", False),
        ("Beerenmüsli", False),
        ("Root beer and beer", True),
    ],
)
def test_forbidden_articles_are_found_by_their_words(description: str, told: bool) -> None:
    rows = (ReceiptRow("Sandwich", Decimal("8.00")), ReceiptRow(description, Decimal("4.50"), probability=0.9))
    findings = found(audited([claim()], [receipt(rows=rows)]), "forbidden_article")
    assert [(each.at_risk, each.facts["article"]) for each in findings] == (
        [(Decimal("4.50"), description)] if told else []
    )


def test_rows_that_come_to_another_amount_are_told_unless_a_printed_amount_explains_it() -> None:
    rows = (ReceiptRow("Sandwich", Decimal("8.00")), ReceiptRow("Soup", Decimal("3.00")))
    [finding] = audited([claim()], [receipt(rows=rows)])
    assert (finding.check, finding.variant, finding.at_risk) == ("sums", "rows", Decimal("1.50"))
    taxed = receipt(rows=rows, printed=(PrintedAmount(Decimal("1.50"), AmountKind.TAX),))
    assert audited([claim()], [taxed]) == []
    unread = receipt(rows=(*rows, ReceiptRow("?")))
    assert audited([claim()], [unread]) == []


def test_net_and_tax_that_come_to_another_amount_are_told() -> None:
    changed = receipt(subtotal=reading(Decimal("9.00")), tax=reading(Decimal("1.71")))
    [finding] = audited([claim()], [changed])
    assert (finding.check, finding.variant) == ("sums", "tax")
    assert audited([claim("10.71")], [replace(changed, amount=reading(Decimal("10.71")))]) == []


def test_an_honest_claim_of_today_has_no_finding() -> None:
    assert audited([claim()], [receipt()], today=TODAY) == []
