"""Claims of another day than the receipt's."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from decimal import Decimal

from extraction.domain.auditing.books import Books
from extraction.domain.auditing.checks.base import Declared, Found
from extraction.domain.auditing.checks.dates.posterior import differs
from extraction.domain.auditing.finding import Evidence, Severity
from extraction.domain.auditing.policy import Tolerance, Unit

DAYS = Tolerance("days", Unit.DAYS, Decimal(2), most=Decimal(366))
PLAIN, SWAPPED = "differs", "swapped"


class DateDiffers(Declared):
    """More than `days` from the receipt's day; told apart where day and month were swapped. Nothing is lost by it
    alone."""

    def __init__(self) -> None:
        super().__init__("date_differs", Severity.REVIEW, (DAYS,), (PLAIN, SWAPPED))

    def find(self, books: Books, tolerances: Mapping[str, Decimal]) -> Iterator[Found]:
        most = datetime.timedelta(days=int(tolerances[DAYS.name]))
        for case in books.with_receipts:
            typed, receipt = case.claim.date, case.receipt
            if typed is None or receipt is None or receipt.date is None:
                continue
            probability = differs(typed, receipt.date, receipt.days, most, books.policy.violations)
            if probability:
                printed = receipt.date.value
                variant = SWAPPED if _swapped(typed) == printed else PLAIN
                yield Found(
                    (case.claim.reference,),
                    probability * case.certainty,
                    Decimal(0),
                    receipt.document,
                    variant,
                    (Evidence(receipt.document, "date", receipt.date.boxes),),
                    {
                        "date": typed.isoformat(),
                        "printed": printed.isoformat(),
                        "days": abs((typed - printed).days),
                    },
                )


def _swapped(day: datetime.date) -> datetime.date | None:
    """The day with day and month exchanged, where that is another one."""
    return day.replace(day=day.month, month=day.day) if day.day <= 12 and day.day != day.month else None
