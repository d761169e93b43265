"""Claims above the policy's limits."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from extraction.domain.auditing.books import Books
from extraction.domain.auditing.checks.base import Declared, Found
from extraction.domain.auditing.finding import Fact, Severity
from extraction.domain.auditing.policy import Limit, Per
from extraction.domain.auditing.values import Claim
from extraction.domain.field_types.readers.texts import alike

# A claim with its amount in the base currency.
Counted = tuple[Claim, Decimal]


class Limits(Declared):
    """More than a limit of the policy for a claim, a day of an employee, or each of the attendees. What is above the
    limit is at risk."""

    def __init__(self) -> None:
        super().__init__("limit", Severity.REVIEW, variants=tuple(per.value for per in Per))

    def find(self, books: Books, tolerances: Mapping[str, Decimal]) -> Iterator[Found]:
        counted = [(case.claim, amount) for case in books.cases if (amount := books.in_base(case.claim)) is not None]
        for limit in books.policy.limits:
            own = alike(limit.category)
            of_category = [each for each in counted if not own or alike(each[0].category) == own]
            yield from _of_day(limit, of_category) if limit.per is Per.DAY else _of_claim(limit, of_category)


def _of_claim(limit: Limit, counted: Sequence[Counted]) -> Iterator[Found]:
    for claim, amount in counted:
        people = max(claim.attendees or 1, 1) if limit.per is Per.ATTENDEE else 1
        if amount > limit.amount * people:
            facts = {**_facts(limit), "amount": str(claim.amount), "currency": claim.currency, "people": people}
            yield Found((claim.reference,), 1.0, amount - limit.amount * people, "", limit.per.value, facts=facts)


def _of_day(limit: Limit, counted: Sequence[Counted]) -> Iterator[Found]:
    """The claim that exceeds the limit of its day, in the order of the claims, and those before it."""
    days: dict[tuple[str, datetime.date], list[Counted]] = defaultdict(list)
    for each in counted:
        if each[0].employee and each[0].date:
            days[each[0].employee, each[0].date].append(each)
    for (_, day), some in days.items():
        total = sum((amount for _, amount in some), Decimal(0))
        if total > limit.amount:
            *before, (claim, _) = some
            references = (claim.reference, *(each.reference for each, _ in before))
            facts = {**_facts(limit), "total": str(total), "date": day.isoformat(), "claims": len(some)}
            yield Found(references, 1.0, total - limit.amount, "", limit.per.value, facts=facts)


def _facts(limit: Limit) -> dict[str, Fact]:
    return {"limit": str(limit.amount), "category": limit.category}
