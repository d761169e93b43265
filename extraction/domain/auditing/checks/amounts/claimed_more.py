"""Claims of more than the receipt says was to pay."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from extraction.domain.auditing.books import Books
from extraction.domain.auditing.checks.amounts.comparison import CLAIMED_MORE, MONEY, SHARE, comparisons
from extraction.domain.auditing.checks.amounts.likelihoods import Outcome
from extraction.domain.auditing.checks.amounts.stands import compared, found
from extraction.domain.auditing.checks.amounts.two_receipts import together
from extraction.domain.auditing.checks.base import Declared, Found
from extraction.domain.auditing.finding import Severity


class ClaimedMore(Declared):
    """More than the receipt's amount by more than `money` or, of large amounts, the `share`; nothing explains it."""

    def __init__(self) -> None:
        super().__init__(CLAIMED_MORE, Severity.BLOCK, (MONEY, SHARE))

    def find(self, books: Books, tolerances: Mapping[str, Decimal]) -> Iterator[Found]:
        explained = books.prepared(together)
        for case, comparison in compared(books, books.prepared(comparisons), Outcome.MORE):
            if comparison.printed is None and case.claim.reference not in explained:
                yield found(case, comparison, Outcome.MORE, comparison.stands[Outcome.MORE].excess)
