"""Claims and receipts that agree, to change one thing of them."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from extraction.domain.auditing.finding import Finding
from extraction.domain.auditing.matching import Match, MatchBy, match
from extraction.domain.auditing.policy import Policy
from extraction.domain.auditing.running import audit
from extraction.domain.auditing.values import Candidate, Claim, Reading, Receipt

DAY = datetime.date(2026, 3, 4)
TODAY = datetime.date(2026, 3, 20)


def claim(amount: str = "12.50", reference: str = "1", **values: Any) -> Claim:
    known: dict[str, Any] = {
        "currency": "EUR",
        "employee": "anna",
        "merchant": "Harbour Cafe",
        "date": DAY,
        "category": "office",
        "file": "a.jpg",
    }
    return Claim(reference, Decimal(amount), **{**known, **values})


def receipt(amount: str = "12.50", document: str = "a", *, sure: float = 1.0, **values: Any) -> Receipt:
    known: dict[str, Any] = {
        "file": f"{document}.jpg",
        "vendor": "harbourcafe",
        "merchant": reading("HARBOUR CAFE LTD", sure),
        "amount": reading(Decimal(amount), sure),
        "date": reading(DAY, sure),
        "currency": reading("EUR", 1.0),
    }
    return Receipt(document, **{**known, **values})


def reading(value: Any, sure: float = 1.0, *rivals: tuple[Any, float]) -> Reading[Any]:
    return Reading(Candidate(value, sure), tuple(Candidate(*rival) for rival in rivals))


def audited(
    claims: Sequence[Claim], receipts: Sequence[Receipt], policy: Policy | None = None, today: datetime.date = TODAY
) -> list[Finding]:
    """Findings of claims matched by their files."""
    policy = policy or Policy()
    return audit(claims, receipts, match(claims, receipts, policy).matches, policy, today)


def found(findings: Sequence[Finding], *names: str) -> list[Finding]:
    return [finding for finding in findings if finding.check in names]


def matched(claim: Claim, receipt: Receipt, probability: float = 1.0) -> Match:
    return Match(claim.reference, receipt.document, MatchBy.VALUES, probability)
