"""What is at risk: a claim counts once, with the largest loss that nobody decided, whatever people do."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from extraction.models import DecisionKind, Finding, FindingState, Project
from extraction.services.auditing import claims
from extraction.services.auditing.findings import decisions
from extraction.services.auditing.findings.totals import Totals, totals
from extraction.services.documents import intake
from extraction.services.errors import Conflict
from tests.support import builders

pytestmark = pytest.mark.django_db
CHECKS = ("claimed_more", "no_receipt", "too_old")


def expected(project: Project) -> tuple[Decimal, Decimal, dict[str, dict[str, tuple[Decimal, int]]]]:
    """Found by looking at every finding: at risk, confirmed, and the parts."""
    worst: dict[int, Finding] = {}
    confirmed: dict[int, Decimal] = defaultdict(Decimal)
    for row in Finding.objects.filter(project=project, current=True, doubtful=False).order_by("-expected", "pk"):
        if row.state in (FindingState.OPEN, FindingState.ASKED) and row.expected > 0:
            worst.setdefault(row.claim_id, row)
        elif row.state == FindingState.CONFIRMED:
            confirmed[row.claim_id] = max(confirmed[row.claim_id], row.at_risk or Decimal(0))
    keys: dict[str, Callable[[Finding], str]] = {
        "by_check": lambda row: row.check_name,
        "by_employee": lambda row: row.employee,
        "by_month": lambda row: f"{row.month:%Y-%m}" if row.month else "",
    }
    parts: dict[str, dict[str, tuple[Decimal, int]]] = {}
    for name, key in keys.items():
        sums: dict[str, tuple[Decimal, int]] = defaultdict(lambda: (Decimal(0), 0))
        for row in worst.values():
            loss, count = sums[key(row)]
            sums[key(row)] = loss + row.expected, count + 1
        parts[name] = dict(sums)
    return sum((row.expected for row in worst.values()), Decimal(0)), sum(confirmed.values(), Decimal(0)), parts


def of(found: Totals) -> tuple[Decimal, Decimal, dict[str, dict[str, tuple[Decimal, int]]]]:
    named = {"by_check": found.by_check, "by_employee": found.by_employee, "by_month": found.by_month}
    parts = {name: {part.name: (part.at_risk, part.claims) for part in some} for name, some in named.items()}
    return found.at_risk, found.confirmed, parts


def test_they_are_sums_over_all_findings_after_every_decision(project: Project) -> None:
    drawn = random.Random(1)
    rows = []
    for number in range(12):
        day = drawn.choice((date(2018, 1, 5), date(2018, 2, 5), None))
        claim = builders.claim(project, employee=drawn.choice(("Ann", "Ben")), date=day)
        for check in drawn.sample(CHECKS, drawn.randint(1, 3)):
            loss = f"{drawn.randint(0, 9000) / 100}"
            rows.append(builders.finding(claim, check=check, at_risk=loss, probability=0.9, doubtful=number == 0))
    assert of(totals(project)) == expected(project)
    assert totals(project).claims > 5
    kinds = [kind.value for kind in DecisionKind if kind is not DecisionKind.TAKEN_BACK]
    for _ in range(60):
        row = drawn.choice(rows)
        try:
            if drawn.random() < 0.3:
                decisions.take_back(project, row.pk, actor=None)
            else:
                decisions.decide(project, row.pk, drawn.choice(kinds), reason="small", actor=None)
        except Conflict:
            continue
        assert of(totals(project)) == expected(project)


def test_a_claim_that_is_taken_back_counts_no_more(project: Project) -> None:
    kept, gone = (builders.claim(project) for _ in range(2))
    for claim in (kept, gone):
        builders.finding(claim, at_risk="10.00", probability=1.0)
    assert totals(project).at_risk == 20
    claims.withdraw(project, gone.pk)
    found = totals(project)
    assert (found.at_risk, found.claims) == (10, 1)


def test_of_a_claim_whose_receipt_is_deleted_what_is_found_without_it_counts(project: Project) -> None:
    receipt = builders.document(project, "TOTAL 1.30")
    claim = builders.claim(project, document=receipt)
    builders.finding(claim, at_risk="10.00", probability=1.0)
    late = builders.finding(claim, check="too_old", at_risk="4.00", probability=1.0)
    Finding.objects.filter(pk=late.pk).update(document=None)
    assert totals(project).at_risk == 10
    intake.delete(receipt)
    assert of(totals(project)) == expected(project)
    assert totals(project).at_risk == 4


def test_cents_of_many_claims_add_up_exactly(project: Project) -> None:
    for _ in range(30):
        builders.finding(builders.claim(project), at_risk="0.10", probability=0.7)
    builders.finding(builders.claim(project), at_risk="90000000.01", probability=1.0)
    assert totals(project).at_risk == Decimal("90000002.11")
