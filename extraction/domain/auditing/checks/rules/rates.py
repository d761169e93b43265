"""Claims in a currency without a rate of exchange."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from extraction.domain.auditing.books import Books
from extraction.domain.auditing.checks.base import Declared, Found
from extraction.domain.auditing.finding import Severity


class NoRate(Declared):
    """The policy's table has no rate of the claim's currency: what it comes to is not known."""

    def __init__(self) -> None:
        super().__init__("no_rate", Severity.REVIEW)

    def find(self, books: Books, tolerances: Mapping[str, Decimal]) -> Iterator[Found]:
        for case in books.cases:
            claim = case.claim
            if books.rates.rate(claim.currency, claim.date) is None:
                facts = {"amount": str(claim.amount), "currency": claim.currency, "base": books.policy.base}
                yield Found((claim.reference,), 1.0, None, facts=facts)
