"""Days on which or from which nothing is paid for."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from decimal import Decimal

from extraction.domain.auditing.books import Books, Case
from extraction.domain.auditing.checks.base import Declared, Found
from extraction.domain.auditing.checks.dates.posterior import differs
from extraction.domain.auditing.finding import Evidence, Fact, Severity
from extraction.domain.auditing.policy import Tolerance, Unit

DAYS = Tolerance("days", Unit.DAYS, Decimal(90), least=Decimal(1), most=Decimal(3660))
SLACK = Tolerance("days", Unit.DAYS, Decimal(0), most=Decimal(366))
WEEKEND, HOLIDAY = "weekend", "holiday"


def day_of(case: Case, wrong: float) -> tuple[datetime.date, float] | None:
    """The day of the purchase with its probability: as the receipt says, else as it was typed. `wrong` is the share of
    claims that are wrong."""
    receipt, typed = case.receipt, case.claim.date
    read = receipt.date if receipt else None
    if receipt is None or read is None:
        return (typed, 1.0) if typed else None
    if typed is None:
        return read.value, read.probability * case.certainty
    # What was typed and what was read confirm each other, or cast doubt on each other.
    apart = differs(typed, read, receipt.days, datetime.timedelta(0), wrong) * case.certainty
    return read.value, 1.0 if typed == read.value else apart


class Future(Declared):
    """A day to come, or one more than `days` after today."""

    def __init__(self) -> None:
        super().__init__("future", Severity.REVIEW, (SLACK,))

    def find(self, books: Books, tolerances: Mapping[str, Decimal]) -> Iterator[Found]:
        last = books.today + datetime.timedelta(days=int(tolerances[SLACK.name]))
        for case in books.cases:
            if case.claim.date is not None and case.claim.date > last:
                facts: dict[str, Fact] = {"date": case.claim.date.isoformat(), "today": books.today.isoformat()}
                yield Found(
                    (case.claim.reference,), 1.0, books.in_base(case.claim), _document(case), "", _place(case), facts
                )


class TooOld(Declared):
    """More than `days` before today."""

    def __init__(self) -> None:
        super().__init__("too_old", Severity.REVIEW, (DAYS,))

    def find(self, books: Books, tolerances: Mapping[str, Decimal]) -> Iterator[Found]:
        most = int(tolerances[DAYS.name])
        for case in books.cases:
            day = day_of(case, books.policy.violations)
            age = (books.today - day[0]).days if day else 0
            if day and age > most:
                facts: dict[str, Fact] = {"date": day[0].isoformat(), "age": age, "days": most}
                amount = books.in_base(case.claim)
                yield Found((case.claim.reference,), day[1], amount, _document(case), "", _place(case), facts)


class FreeDay(Declared):
    """A weekend or a holiday of the policy. Nothing is lost by it alone."""

    def __init__(self) -> None:
        super().__init__("free_day", Severity.INFO, variants=(WEEKEND, HOLIDAY))

    def find(self, books: Books, tolerances: Mapping[str, Decimal]) -> Iterator[Found]:
        holidays = frozenset(books.policy.holidays)
        for case in books.cases:
            day = day_of(case, books.policy.violations)
            if day is None or not (day[0] in holidays or day[0].weekday() in books.policy.weekend):
                continue
            variant = HOLIDAY if day[0] in holidays else WEEKEND
            facts: dict[str, Fact] = {"date": day[0].isoformat(), "weekday": day[0].weekday()}
            yield Found((case.claim.reference,), day[1], Decimal(0), _document(case), variant, _place(case), facts)


def _document(case: Case) -> str:
    return case.receipt.document if case.receipt else ""


def _place(case: Case) -> tuple[Evidence, ...]:
    receipt = case.receipt
    return (Evidence(receipt.document, "date", receipt.date.boxes),) if receipt and receipt.date else ()
