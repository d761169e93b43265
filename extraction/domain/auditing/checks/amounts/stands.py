"""Findings from comparisons of amounts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from extraction.domain.auditing.books import Books, Case
from extraction.domain.auditing.checks.amounts.comparison import Comparison
from extraction.domain.auditing.checks.amounts.likelihoods import Outcome
from extraction.domain.auditing.checks.base import Found
from extraction.domain.auditing.finding import Evidence, Fact


def compared(
    books: Books, comparisons: Mapping[str, Comparison], outcome: Outcome
) -> Iterator[tuple[Case, Comparison]]:
    """The cases of which that outcome is possible."""
    for case in books.with_receipts:
        comparison = comparisons.get(case.claim.reference)
        if comparison and outcome in comparison.stands:
            yield case, comparison


def found(
    case: Case,
    comparison: Comparison,
    outcome: Outcome,
    at_risk: Decimal | None,
    *,
    variant: str = "",
    places: tuple[Evidence, ...] = (),
    more: Mapping[str, Fact] | None = None,
) -> Found:
    """The finding of that outcome, with the place of the amount to pay, further `places` and `more` facts."""
    stand, claim = comparison.stands[outcome], case.claim
    document = case.receipt.document if case.receipt else ""
    facts: dict[str, Fact] = {
        "amount": str(claim.amount),
        "currency": claim.currency,
        "printed": str(stand.amount.value),
        "printed_currency": stand.currency,
        "category": claim.category,
        **(more or {}),
    }
    return Found(
        (claim.reference,),
        comparison.probabilities[outcome] * case.certainty,
        at_risk,
        document,
        variant,
        (Evidence(document, "amount", stand.amount.boxes), *places),
        facts,
    )
