"""The registry of checks, and running all of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

import pytest

from extraction.domain.auditing.books import Books
from extraction.domain.auditing.checks import registry
from extraction.domain.auditing.checks.base import Check, Declared, Found
from extraction.domain.auditing.finding import Severity
from extraction.domain.auditing.policy import CheckSetting, Policy, Tolerance, Unit
from extraction.domain.auditing.rates import Rate
from extraction.domain.auditing.running import at_risk, audit
from extraction.domain.progress import Cancelled
from tests.domain.auditing.cases import TODAY, audited, claim, matched, reading, receipt


class Odd(Declared):
    """Every claim of more than `most`."""

    def __init__(self) -> None:
        super().__init__("odd", Severity.BLOCK, (Tolerance("most", Unit.MONEY, Decimal(10)),))

    def find(self, books: Books, tolerances: Mapping[str, Decimal]) -> Iterator[Found]:
        for case in books.cases:
            if case.claim.amount > tolerances["most"]:
                yield Found((case.claim.reference,), 0.8, case.claim.amount)


@pytest.fixture
def odd() -> Iterator[None]:
    registry.register(Odd())
    yield
    registry.unregister("odd")


@pytest.mark.parametrize("check", registry.known(), ids=lambda check: check.name)
def test_every_check_declares_itself_and_finds_nothing_in_nothing(check: Check) -> None:
    assert registry.find(check.name) is check
    assert (check.name.isidentifier(), check.version > 0, bool(check.variants)) == (True, True, True)
    tolerances = {each.name: each.default for each in check.tolerances}
    assert list(check.find(Books([], [], [], Policy(), TODAY), tolerances)) == []
    bare = Books([claim(date=None, merchant="", employee="")], [receipt()], [], Policy(), TODAY)
    assert [each.claims for each in check.find(bare, tolerances)] in ([], [("1",)])


@pytest.mark.usefixtures("odd")
def test_a_new_check_runs_with_the_settings_of_a_policy() -> None:
    [finding] = audited([claim()], [receipt()])
    assert (finding.check, finding.severity, finding.at_risk) == ("odd", Severity.BLOCK, Decimal("12.50"))
    lenient = Policy(checks={"odd": CheckSetting(Severity.INFO, {"most": Decimal(20)})})
    assert audited([claim()], [receipt()], lenient) == []
    strict = Policy(threshold=0.9)
    [finding] = audited([claim()], [receipt()], strict)
    assert (finding.severity, finding.doubtful) == (Severity.REVIEW, True)
    assert audited([claim()], [receipt()], Policy(threshold=0.95, least=0.9)) == []


def test_a_name_is_taken_once() -> None:
    with pytest.raises(ValueError, match="already"):
        registry.register(registry.known()[0])
    with pytest.raises(LookupError):
        registry.find("astrology")


def test_findings_come_by_expected_loss_with_doubtful_ones_last() -> None:
    claims = [claim(f"{more}.00", str(more), file=f"{more}.jpg", merchant=f"Shop {more}") for more in (20, 90, 40)]
    receipts = [
        receipt("12.50", str(more), sure=sure, merchant=reading(f"Shop {more}"), vendor=f"shop{more}")
        for more, sure in ((20, 1.0), (90, 0.7), (40, 1.0))
    ]
    findings = audited(claims, receipts)
    assert [(each.claim, each.doubtful) for each in findings] == [("40", False), ("20", False), ("90", True)]
    assert audited(claims, receipts) == findings


def test_an_amount_is_lost_once() -> None:
    findings = audited([claim(), claim("30.00", "2")], [receipt()])
    assert {each.check for each in findings if each.claim == "2"} == {"claimed_more", "same_receipt"}
    assert at_risk(findings) == max(each.expected_loss for each in findings)


def test_receipts_that_print_no_currency_are_in_the_usual_one() -> None:
    others = [receipt(document=str(number), currency=reading("MYR", 0.95)) for number in range(9)]
    unknown = receipt(currency=None)
    policy = Policy(base="USD")
    books = Books([claim()], [*others, unknown], [matched(claim(), unknown)], policy, TODAY)
    currency = books.currency(unknown)
    assert currency is not None
    assert (currency.value, currency.probability > 0.8) == ("MYR", True)
    local = Books([claim()], [unknown], [], Policy(base="USD", local="SGD"), TODAY).currency(unknown)
    assert local is not None
    assert (local.value, local.probability) == ("SGD", 1.0)


def test_codes_of_taxes_are_no_currency_where_the_policy_names_the_local_one() -> None:
    """`SR` behind the amounts of every receipt: the sign of the riyal, and Malaysia's code of the standard rate."""
    receipts = [receipt(document=str(number), currency=reading("SAR", 0.8)) for number in range(9)]

    def currency(policy: Policy) -> str:
        found = Books([claim()], receipts, [], policy, TODAY).currency(receipts[0])
        assert found is not None
        return found.value

    assert currency(Policy(base="MYR", local="MYR")) == "MYR"
    # Who has a rate of it, or names no local currency, may well have receipts in it.
    assert currency(Policy(base="MYR", local="MYR", rates=(Rate("SAR", Decimal("1.1")),))) == "SAR"
    assert currency(Policy(base="MYR")) == "SAR"


def test_a_run_can_be_cancelled() -> None:
    class Stopped:
        def report(self, done: int, total: int, message: str = "") -> None:
            pass

        def cancelled(self) -> bool:
            return True

    with pytest.raises(Cancelled):
        audit([claim()], [receipt()], [], Policy(), TODAY, Stopped())
