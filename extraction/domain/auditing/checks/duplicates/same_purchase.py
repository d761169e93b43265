"""Claims of one purchase, by vendor, amount and day."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from rapidfuzz import fuzz

from extraction.domain.auditing.books import Books, Case
from extraction.domain.auditing.checks.base import Declared, Found
from extraction.domain.auditing.checks.duplicates.likeness import share_of_numbers
from extraction.domain.auditing.checks.duplicates.same_picture import pictures
from extraction.domain.auditing.checks.duplicates.variants import OWN, VARIANTS, variant
from extraction.domain.auditing.finding import Evidence, Severity
from extraction.domain.auditing.policy import Tolerance, Unit
from extraction.domain.field_types.readers.texts import letters

DAYS = Tolerance("days", Unit.DAYS, Decimal(1), most=Decimal(31))
# Likeness (0–100) of two vendors' letters from which they are one, and vendors of an amount and day that are compared.
ALIKE, VENDORS = 88, 30
# That two purchases alike in vendor and amount are one: on one day, on near ones, and where two people claim them.
ONE_DAY, NEAR, ACROSS = 0.6, 0.25, 0.6
# The same where the numbers of both pieces of paper agree, and where they do not: papers of one vendor have up to half
# of them in common, two pictures of one paper seven of ten and more. In between it is less likely than by the day
# alone.
SAME_NUMBERS, OTHER_NUMBERS = 0.97, 0.03
AGREE, DIFFER, BETWEEN = 0.7, 0.5, 0.7


@dataclass(frozen=True, slots=True)
class _Purchase:
    """What a claim is for, as its receipt says, else as it was typed; `sure` (0–1) that this is right."""

    case: Case
    vendor: str
    amount: Decimal
    currency: str
    day: datetime.date
    sure: float


class SamePurchase(Declared):
    """A claim with vendor and amount of an earlier one, at most `days` apart. Where both receipts have numbers these
    decide: two coffees of a day have receipts with different numbers."""

    def __init__(self) -> None:
        super().__init__("same_purchase", Severity.REVIEW, (DAYS,), VARIANTS)

    def find(self, books: Books, tolerances: Mapping[str, Decimal]) -> Iterator[Found]:
        days = int(tolerances[DAYS.name])
        same_paper = books.prepared(pictures)
        earlier: dict[tuple[Decimal, str, datetime.date], dict[str, list[_Purchase]]] = defaultdict(dict)
        for purchase in _purchases(books):
            best: tuple[float, _Purchase] | None = None
            for other in _candidates(purchase, earlier, days):
                probability = _probability(purchase, other, same_paper)
                if best is None or probability > best[0]:
                    best = probability, other
            if best:
                yield _found(purchase, best[1], best[0], books)
            # Of one vendor, amount and day the latest few stand for all, so that time grows with the claims alone.
            key = (purchase.amount, purchase.currency, purchase.day)
            of_vendor = earlier[key].setdefault(purchase.vendor, [])
            of_vendor[:] = [*of_vendor[:1], *of_vendor[1:][-8:], purchase]


def _purchases(books: Books) -> Iterator[_Purchase]:
    for case in books.cases:
        claim, receipt = case.claim, case.receipt
        amount, day, vendor, sure = claim.amount, claim.date, letters(claim.merchant), 1.0
        if receipt is not None:
            for reading in (receipt.amount, receipt.date, receipt.merchant):
                sure *= reading.probability if reading else 1.0
            amount = receipt.amount.value if receipt.amount else amount
            day = receipt.date.value if receipt.date else day
            vendor = receipt.vendor or vendor
        if claim.amount > 0 and amount > 0 and day is not None and vendor:
            yield _Purchase(case, vendor, amount, claim.currency, day, sure)


def _candidates(
    purchase: _Purchase, earlier: Mapping[tuple[Decimal, str, datetime.date], Mapping[str, list[_Purchase]]], days: int
) -> Iterator[_Purchase]:
    own = purchase.case.receipt
    for shift in range(-days, days + 1):
        day = purchase.day + datetime.timedelta(days=shift)
        vendors = earlier.get((purchase.amount, purchase.currency, day), {})
        for number, (vendor, others) in enumerate(vendors.items()):
            if vendor == purchase.vendor or (number < VENDORS and fuzz.ratio(vendor, purchase.vendor) >= ALIKE):
                # Claims that share a receipt are another check's.
                yield from (each for each in others if own is None or each.case.receipt is not own)


def _probability(purchase: _Purchase, other: _Purchase, same_paper: Mapping[tuple[str, str], float]) -> float:
    one, two = purchase.case.receipt, other.case.receipt
    certainty = purchase.sure * other.sure * purchase.case.certainty * other.case.certainty
    if one is not None and two is not None:
        if (one.document, two.document) in same_paper or (two.document, one.document) in same_paper:
            # Told by the pictures already.
            return 0.0
        if one.number and two.number:
            same = letters(one.number.value) == letters(two.number.value)
            return certainty * (SAME_NUMBERS if same else OTHER_NUMBERS)
        share = share_of_numbers(one, two)
        if share is not None and not DIFFER < share < AGREE:
            return certainty * (SAME_NUMBERS if share >= AGREE else OTHER_NUMBERS)
        certainty *= 1.0 if share is None else BETWEEN
    likely = ONE_DAY if purchase.day == other.day else NEAR
    return certainty * likely * (1.0 if variant(purchase.case.claim, other.case.claim) == OWN else ACROSS)


def _found(purchase: _Purchase, other: _Purchase, probability: float, books: Books) -> Found:
    claim, earlier = purchase.case.claim, other.case.claim
    documents = [each.case.receipt for each in (purchase, other) if each.case.receipt]
    facts = {
        "amount": str(claim.amount),
        "currency": claim.currency,
        "merchant": claim.merchant or (documents[0].merchant.value if documents and documents[0].merchant else ""),
        "date": other.day.isoformat(),
        "employee": earlier.employee if claim.employee != earlier.employee else "",
    }
    return Found(
        (claim.reference, earlier.reference),
        probability,
        books.in_base(claim),
        purchase.case.receipt.document if purchase.case.receipt else "",
        variant(claim, earlier),
        tuple(Evidence(each.document, "amount", each.amount.boxes) for each in documents if each.amount),
        facts,
    )
