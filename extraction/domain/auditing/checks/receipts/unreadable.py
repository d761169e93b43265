"""Receipts that cannot be compared with, as their amount was not read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from extraction.domain.auditing.books import Books
from extraction.domain.auditing.checks.base import Declared, Found
from extraction.domain.auditing.finding import Evidence, Severity
from extraction.domain.auditing.policy import Tolerance, Unit

SURE = Tolerance("sure", Unit.SHARE, Decimal("0.2"), most=Decimal(1))
PICTURE, AMOUNT = "picture", "amount"


class Unreadable(Declared):
    """No words were found, or no amount that is at least `sure`. It says nothing against the claim: somebody should
    read the receipt first."""

    def __init__(self) -> None:
        super().__init__("unreadable_receipt", Severity.REVIEW, (SURE,), (PICTURE, AMOUNT))

    def find(self, books: Books, tolerances: Mapping[str, Decimal]) -> Iterator[Found]:
        doubt = max(books.policy.violations, books.policy.least)
        for case in books.with_receipts:
            receipt, claim = case.receipt, case.claim
            if receipt is None or (receipt.amount and receipt.amount.probability >= tolerances[SURE.name]):
                continue
            if receipt.amount and receipt.amount.probability_that(lambda value: value == claim.amount):  # noqa: B023
                continue
            yield Found(
                (claim.reference,),
                doubt,
                books.in_base(claim),
                receipt.document,
                AMOUNT if receipt.readable else PICTURE,
                (Evidence(receipt.document, "amount", receipt.amount.boxes if receipt.amount else ()),),
                {"amount": str(claim.amount), "currency": claim.currency},
            )
