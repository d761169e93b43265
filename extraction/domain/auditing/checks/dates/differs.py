"""Claims of another day than the receipt's."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from decimal import Decimal

from extraction.domain.auditing.books import Books
from extraction.domain.auditing.checks.base import Declared, Found
from extraction.domain.auditing.finding import Evidence, Severity
from extraction.domain.auditing.policy import Tolerance, Unit
from extraction.domain.auditing.values import Reading

DAYS = Tolerance("days", Unit.DAYS, Decimal(2), most=Decimal(366))
PLAIN, SWAPPED = "differs", "swapped"
# Of a claim that is wrong, that it has just this day; of an honest one whose receipt was misread, the same, and where
# the year alone differs.
INVENTED, MISREAD, YEAR_MISREAD = 1 / 40, 1 / 120, 1 / 4


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
            probability = _probability(typed, receipt.date, most, books.policy.violations)
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


def _probability(typed: datetime.date, read: Reading[datetime.date], most: datetime.timedelta, wrong: float) -> float:
    """A posterior as that of amounts: of the days that may be printed, and that none of them is."""
    differs = read.probability_that(lambda day: abs(day - typed) > most) * wrong * INVENTED
    agrees = read.probability_that(lambda day: abs(day - typed) <= most) * (1 - wrong)
    year = (typed.month, typed.day) == (read.value.month, read.value.day)
    unknown = read.unknown * (1 - wrong) * (YEAR_MISREAD if year else MISREAD)
    return differs / (differs + agrees + unknown) if differs else 0.0


def _swapped(day: datetime.date) -> datetime.date | None:
    """The day with day and month exchanged, where that is another one."""
    return day.replace(day=day.month, month=day.day) if day.day <= 12 and day.day != day.month else None
