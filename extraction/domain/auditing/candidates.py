"""Receipts that a claim may be of, found by amount, day and words of the merchant, and how well each fits."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Sequence, Set
from decimal import Decimal

from extraction.domain.auditing.money import times
from extraction.domain.auditing.names import category, likeness, words
from extraction.domain.auditing.policy import Policy
from extraction.domain.auditing.rates import Rates
from extraction.domain.auditing.values import Claim, Reading, Receipt

# Days between what was typed and what is printed.
DAYS = 5
# Receipts of one amount on any day, or of one day whatever else they say, that are looked at; the share and the number
# of receipts from which on a word of their merchants tells nothing.
FEW, COMMON, FEWEST = 40, 0.01, 50
SHORTEST_WORD = 3
# The score (0–1) from which a claim and a receipt belong together; what amount, day and merchant weigh in it.
ENOUGH = 0.55
AMOUNT, DAY, MERCHANT = 0.45, 0.25, 0.3
# The score of an amount that is the same, with a tip, exchanged, printed elsewhere; of another one at most.
SAME, TIPPED, EXCHANGED, ELSEWHERE, OTHER = 1.0, 0.8, 0.7, 0.5, 0.4
TIP, BAND = Decimal("1.25"), Decimal("0.03")
# The score of a day that is not known on one side, and of one with day and month exchanged.
UNKNOWN_DAY, SWAPPED_DAY = 0.1, 0.6
# Likeness (0–1) of merchants that counts for nothing, and that of one that is not known on one side.
UNLIKE, UNKNOWN_MERCHANT = 0.5, 0.1


class Index:
    """Receipts by what claims are looked up by; they are known by their place in `receipts`."""

    def __init__(self, receipts: Sequence[Receipt]) -> None:
        self._found: dict[Hashable, list[int]] = defaultdict(list)
        self._same: dict[Decimal | datetime.date, list[int]] = defaultdict(list)
        named = [_words(receipt.merchant.value if receipt.merchant else "") for receipt in receipts]
        counts = Counter(word for each in named for word in each)
        self._common = {word for word, count in counts.items() if count > max(FEWEST, COMMON * len(receipts))}
        self._employees = [receipt.employee for receipt in receipts]
        for place, receipt in enumerate(receipts):
            days = {candidate.value for candidate in receipt.date} if receipt.date else {None}
            amounts = {candidate.value for candidate in receipt.amount} if receipt.amount else set()
            for alone in (*amounts, *days):
                if alone is not None:
                    self._same[alone].append(place)
            for day in days:
                for key in (*amounts, *(named[place] - self._common)):
                    self._found[key, day].append(place)
                if receipt.employee:
                    self._found[receipt.employee, day].append(place)

    def candidates(self, claim: Claim) -> list[int]:
        """The places of the receipts that may be the claim's, in their order."""
        found: set[int] = set()
        keys = (abs(claim.amount), claim.amount, claim.employee, *(_words(claim.merchant) - self._common))
        for day in (*_days(claim.date), None):
            for key in keys:
                if key:
                    found.update(self._found.get((key, day), ()))
        for alone in (abs(claim.amount), claim.date):
            same = self._same.get(alone, ()) if alone is not None else ()
            if len(same) <= FEW:
                found.update(same)
        return sorted(place for place in found if self._employees[place] in ("", claim.employee) or not claim.employee)


def _days(day: datetime.date | None) -> Iterator[datetime.date]:
    if day is not None:
        yield from (day + datetime.timedelta(days=shift) for shift in range(-DAYS, DAYS + 1))
        swapped = _swapped(day)
        if swapped:
            yield swapped


def _swapped(day: datetime.date) -> datetime.date | None:
    return day.replace(day=day.month, month=day.day) if day.day <= 12 and day.day != day.month else None


def _words(name: str) -> frozenset[str]:
    return frozenset(word for word in words(name).split() if len(word) >= SHORTEST_WORD)


def score(claim: Claim, receipt: Receipt, policy: Policy, rates: Rates) -> float:
    """How well a receipt fits a claim, from 0 to 1."""
    worth = AMOUNT * _amount(claim, receipt, policy, rates) + DAY * _day(claim.date, receipt.date)
    # Names take most of the time, and no name makes up for all else.
    return worth + (MERCHANT * _merchant(claim, receipt) if worth + MERCHANT >= ENOUGH else 0.0)


def _amount(claim: Claim, receipt: Receipt, policy: Policy, rates: Rates) -> float:
    if receipt.amount is None:
        return 0.0
    tipping = category(claim.category) in map(category, policy.tips)
    codes = {each.value for each in receipt.currency or ()} | {policy.local or policy.base}
    best = max(_like(claim, each.value, codes, tipping, rates) for each in receipt.amount)
    if best < ELSEWHERE and any(each.value == abs(claim.amount) for each in receipt.printed):
        return ELSEWHERE
    return best


def _like(claim: Claim, printed: Decimal, codes: Set[str], tips: bool, rates: Rates) -> float:
    """`codes` are the currencies that the receipt may be in."""
    claimed, printed = abs(claim.amount), abs(printed)
    if claimed == printed or abs(claimed - printed) <= max(Decimal("0.05"), printed * Decimal("0.005")):
        return SAME
    if tips and printed < claimed <= printed * TIP:
        return TIPPED
    mine = rates.rate(claim.currency, claim.date)
    for code in codes - {claim.currency}:
        its = rates.rate(code, claim.date)
        if mine and its and abs(times(claimed, mine) - times(printed, its)) <= BAND * times(printed, its):
            return EXCHANGED
    larger = max(claimed, printed)
    return OTHER * float(min(claimed, printed) / larger) if larger else 0.0


def _day(typed: datetime.date | None, read: Reading[datetime.date] | None) -> float:
    if typed is None or read is None:
        return UNKNOWN_DAY
    apart = min(abs((candidate.value - typed).days) for candidate in read)
    near = max(1.0 - apart / (DAYS + 1), 0.0)
    return max(near, SWAPPED_DAY if any(candidate.value == _swapped(typed) for candidate in read) else 0.0)


def _merchant(claim: Claim, receipt: Receipt) -> float:
    names = [*(candidate.value for candidate in receipt.merchant or ()), *receipt.names]
    if not claim.merchant or not names:
        return UNKNOWN_MERCHANT
    return max(max(likeness(claim.merchant, name) for name in names) - UNLIKE, 0.0) / (1 - UNLIKE)
