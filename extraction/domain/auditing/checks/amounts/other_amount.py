"""Claims of another amount that the receipt prints."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from extraction.domain.auditing.books import Books
from extraction.domain.auditing.checks.amounts.comparison import comparisons
from extraction.domain.auditing.checks.amounts.likelihoods import Outcome
from extraction.domain.auditing.checks.amounts.stands import compared, found
from extraction.domain.auditing.checks.amounts.two_receipts import together
from extraction.domain.auditing.checks.base import Declared, Found
from extraction.domain.auditing.finding import Evidence, Severity
from extraction.domain.auditing.values import AmountKind


class OtherAmount(Declared):
    """More than was to pay, and just what stands elsewhere on the receipt: the cash given, an article, …"""

    def __init__(self) -> None:
        super().__init__("other_amount", Severity.BLOCK, variants=tuple(kind.value for kind in AmountKind))

    def find(self, books: Books, tolerances: Mapping[str, Decimal]) -> Iterator[Found]:
        explained = books.prepared(together)
        for case, comparison in compared(books, books.prepared(comparisons), Outcome.MORE):
            printed = comparison.printed
            if printed is not None and case.receipt is not None and case.claim.reference not in explained:
                yield found(
                    case,
                    comparison,
                    Outcome.MORE,
                    comparison.stands[Outcome.MORE].excess,
                    variant=printed.kind.value,
                    places=(Evidence(case.receipt.document, "other_amount", printed.boxes),),
                )
