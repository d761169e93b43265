"""Claims of a foreign amount as if it were in a dearer currency."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from extraction.domain.auditing.books import Books
from extraction.domain.auditing.checks.amounts.comparison import comparisons
from extraction.domain.auditing.checks.amounts.likelihoods import Outcome
from extraction.domain.auditing.checks.amounts.stands import compared, found
from extraction.domain.auditing.checks.base import Declared, Found
from extraction.domain.auditing.finding import Severity


class ForeignAsLocal(Declared):
    """The number of the receipt, in another currency than the receipt's, which is worth more."""

    def __init__(self) -> None:
        super().__init__("foreign_as_local", Severity.BLOCK)

    def find(self, books: Books, tolerances: Mapping[str, Decimal]) -> Iterator[Found]:
        for case, comparison in compared(books, books.prepared(comparisons), Outcome.LOCAL):
            yield found(case, comparison, Outcome.LOCAL, comparison.stands[Outcome.LOCAL].excess)
