"""Claims without a receipt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from extraction.domain.auditing.books import Books
from extraction.domain.auditing.checks.base import Declared, Found
from extraction.domain.auditing.finding import Severity
from extraction.domain.auditing.policy import Tolerance, Unit

SMALL = "small"


class NoReceipt(Declared):
    """No receipt belongs to the claim, which is larger than `small`, the amount up to which none is asked for."""

    def __init__(self) -> None:
        super().__init__("no_receipt", Severity.REVIEW, (Tolerance(SMALL, Unit.MONEY, Decimal(0)),))

    def find(self, books: Books, tolerances: Mapping[str, Decimal]) -> Iterator[Found]:
        for case in books.cases:
            amount = books.in_base(case.claim)
            if case.receipt is None and (amount is None or amount > tolerances[SMALL]):
                facts = {"amount": str(case.claim.amount), "currency": case.claim.currency, "file": case.claim.file}
                yield Found((case.claim.reference,), 1.0, amount, facts=facts)
