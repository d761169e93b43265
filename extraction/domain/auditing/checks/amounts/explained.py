"""Differences of amounts that have an honest explanation: a tip, an exchange, less than was paid."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from extraction.domain.auditing.books import Books
from extraction.domain.auditing.checks.amounts.comparison import BAND, EXCHANGE, MOST_TIP, TIP, comparisons
from extraction.domain.auditing.checks.amounts.likelihoods import Outcome
from extraction.domain.auditing.checks.amounts.stands import compared, found
from extraction.domain.auditing.checks.base import Declared, Found
from extraction.domain.auditing.finding import Evidence, Severity


@dataclass(frozen=True, slots=True)
class Explained(Declared):
    """A difference with that outcome; nothing is at risk."""

    outcome: Outcome = Outcome.TIP

    def find(self, books: Books, tolerances: Mapping[str, Decimal]) -> Iterator[Found]:
        for case, comparison in compared(books, books.prepared(comparisons), self.outcome):
            printed, receipt = comparison.printed, case.receipt
            places = (Evidence(receipt.document, "other_amount", printed.boxes),) if printed and receipt else ()
            yield found(case, comparison, self.outcome, Decimal(0), places=places)


EXPLAINED_BY_TIP = Explained(TIP, Severity.INFO, (MOST_TIP,), outcome=Outcome.TIP)
EXPLAINED_BY_EXCHANGE = Explained(EXCHANGE, Severity.INFO, (BAND,), outcome=Outcome.EXCHANGE)
CLAIMED_LESS = Explained("claimed_less", Severity.INFO, outcome=Outcome.LESS)
