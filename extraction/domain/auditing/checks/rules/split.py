"""Purchases that were split so that each part stays under a limit."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from extraction.domain.auditing.books import Books, Case
from extraction.domain.auditing.checks.base import Declared, Found
from extraction.domain.auditing.finding import Evidence, Fact, Severity
from extraction.domain.auditing.policy import Limit, Per, Tolerance, Unit
from extraction.domain.field_types.readers.texts import alike, letters

DAYS = Tolerance("days", Unit.DAYS, Decimal(1), most=Decimal(31))
# That claims of one vendor and time which exceed a limit together were one purchase.
SPLIT = 0.6


class Split(Declared):
    """Claims of one employee, vendor and category, at most `days` apart, each within the limit of a claim and together
    above it. What is above the limit is at risk."""

    def __init__(self) -> None:
        super().__init__("split", Severity.REVIEW, (DAYS,))

    def find(self, books: Books, tolerances: Mapping[str, Decimal]) -> Iterator[Found]:
        limits = [limit for limit in books.policy.limits if limit.per is Per.CLAIM]
        groups: dict[tuple[str, str, str], list[tuple[datetime.date, Decimal, Case]]] = defaultdict(list)
        for case in books.cases if limits else ():
            claim, amount = case.claim, books.in_base(case.claim)
            vendor = case.receipt.vendor if case.receipt and case.receipt.vendor else letters(claim.merchant)
            if claim.employee and vendor and claim.date and amount is not None and amount > 0:
                groups[claim.employee, vendor, alike(claim.category)].append((claim.date, amount, case))
        for (_, _, category), some in groups.items():
            for limit in limits:
                if len(some) > 1 and alike(limit.category) in ("", category):
                    yield from _split(limit, some, int(tolerances[DAYS.name]))


def _split(limit: Limit, some: Sequence[tuple[datetime.date, Decimal, Case]], days: int) -> Iterator[Found]:
    """Runs of claims in which the first and the last are at most `days` apart, each claim in one run."""
    within = sorted((each for each in some if each[1] <= limit.amount), key=lambda each: each[0])
    run: list[tuple[datetime.date, Decimal, Case]] = []
    for each in within:
        if run and (each[0] - run[0][0]).days > days:
            yield from _found(limit, run)
            run = []
        run.append(each)
    yield from _found(limit, run)


def _found(limit: Limit, run: Sequence[tuple[datetime.date, Decimal, Case]]) -> Iterator[Found]:
    total = sum((amount for _, amount, _ in run), Decimal(0))
    if len(run) < 2 or total <= limit.amount:
        return
    cases = [case for _, _, case in run]
    receipts = [case.receipt for case in cases if case.receipt]
    facts: dict[str, Fact] = {
        "claims": len(run),
        "total": str(total),
        "limit": str(limit.amount),
        "category": limit.category,
        "merchant": cases[-1].claim.merchant,
        "date": run[0][0].isoformat(),
    }
    yield Found(
        (cases[-1].claim.reference, *(case.claim.reference for case in cases[:-1])),
        SPLIT,
        total - limit.amount,
        cases[-1].receipt.document if cases[-1].receipt else "",
        "",
        tuple(Evidence(each.document, "amount", each.amount.boxes) for each in receipts if each.amount),
        facts,
    )
