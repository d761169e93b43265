"""Claims of the sum of two receipts, of which one is attached and the other is in the project."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from extraction.domain.auditing.books import Books, Case
from extraction.domain.auditing.checks.amounts.comparison import comparisons
from extraction.domain.auditing.checks.amounts.likelihoods import Outcome
from extraction.domain.auditing.checks.amounts.stands import compared, found
from extraction.domain.auditing.checks.base import Declared, Found
from extraction.domain.auditing.finding import Evidence, Severity
from extraction.domain.auditing.values import Receipt

# Days between the two purchases, and how sure both amounts are to have been read right.
DAYS, SURE = 5, 0.8


def together(books: Books) -> Mapping[str, Receipt]:
    """The receipt that no claim has and that adds up to a claim with the claim's own, by the claim's reference."""
    left = _left(books)
    added = {}
    for case, comparison in compared(books, books.prepared(comparisons), Outcome.MORE):
        stand = comparison.stands[Outcome.MORE]
        if stand.currency == case.claim.currency and stand.amount.probability >= SURE:
            rest = case.claim.amount - stand.amount.value
            other = next((each for each in left.get(rest, ()) if _belongs(each, case)), None)
            if other is not None:
                added[case.claim.reference] = other
    return added


def _left(books: Books) -> Mapping[Decimal, Sequence[Receipt]]:
    """The receipts that no claim has, by amount."""
    left: dict[Decimal, list[Receipt]] = defaultdict(list)
    for receipt in books.receipts.values():
        amount = receipt.amount
        if amount and amount.probability >= SURE and receipt.document not in books.by_document:
            left[amount.value].append(receipt)
    return left


def _belongs(receipt: Receipt, case: Case) -> bool:
    """Whether it may be of the claim's employee, and is of about the same time."""
    if receipt.employee and case.claim.employee and receipt.employee != case.claim.employee:
        return False
    own = case.receipt.date.value if case.receipt and case.receipt.date else case.claim.date
    days = [day for day in (receipt.date.value if receipt.date else None, own) if day is not None]
    return len(days) == 2 and abs(days[0] - days[1]) <= datetime.timedelta(days=DAYS)


class TwoReceipts(Declared):
    """The sum of the attached receipt and of another one that no claim has."""

    def __init__(self) -> None:
        super().__init__("two_receipts", Severity.INFO)

    def find(self, books: Books, tolerances: Mapping[str, Decimal]) -> Iterator[Found]:
        added = books.prepared(together)
        for case, comparison in compared(books, books.prepared(comparisons), Outcome.MORE):
            other = added.get(case.claim.reference)
            if other is not None and other.amount is not None:
                place = Evidence(other.document, "amount", other.amount.boxes)
                more = {"other": str(other.amount.value)}
                yield found(case, comparison, Outcome.MORE, Decimal(0), places=(place,), more=more)
