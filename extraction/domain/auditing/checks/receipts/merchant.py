"""Claims that name another merchant than the receipt."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal

from extraction.domain.auditing.books import Books, Case
from extraction.domain.auditing.checks.base import Declared, Found
from extraction.domain.auditing.finding import Evidence, Severity
from extraction.domain.auditing.names import is_called
from extraction.domain.auditing.policy import Tolerance, Unit
from extraction.domain.field_types.readers.texts import alike, letters

LIKENESS = Tolerance("likeness", Unit.SHARE, Decimal("0.7"), most=Decimal(1))
# Employees who call a vendor so, until it counts as one of its names.
CALLED = 2
# Of an honest claim, that it calls the merchant by a name that is not on the receipt; of one that is wrong, that it
# names just anybody; where the receipt's was misread, that its own name is on none of the lines of the head either.
BRAND, OTHER, MISSED = 0.02, 0.5, 0.1


def spellings(books: Books) -> Mapping[str, frozenset[str]]:
    """What at least two employees call a vendor on claims of just the amount of its receipts, by the vendor's key."""
    called: dict[str, Counter[str]] = defaultdict(Counter)
    seen: set[tuple[str, str, str]] = set()
    for case in books.with_receipts:
        claim, receipt = case.claim, case.receipt
        if receipt is None or not receipt.vendor or not receipt.amount or receipt.amount.value != claim.amount:
            continue
        key = (receipt.vendor, alike(claim.merchant), claim.employee)
        if claim.merchant and key not in seen:
            seen.add(key)
            called[receipt.vendor][key[1]] += 1
    return {
        vendor: frozenset(name for name, count in names.items() if count >= CALLED) for vendor, names in called.items()
    }


class MerchantDiffers(Declared):
    """A name whose likeness to all names of the receipt is smaller than `likeness`. Nothing is lost by it alone."""

    def __init__(self) -> None:
        super().__init__("merchant_differs", Severity.REVIEW, (LIKENESS,))

    def find(self, books: Books, tolerances: Mapping[str, Decimal]) -> Iterator[Found]:
        least, known = float(tolerances[LIKENESS.name]), books.prepared(spellings)
        for case in books.with_receipts:
            receipt = case.receipt
            if receipt is None or receipt.merchant is None or not letters(case.claim.merchant):
                continue
            if is_called(case.claim.merchant, _names(case, known), least):
                continue
            facts = {"merchant": case.claim.merchant, "printed": receipt.merchant.value}
            yield Found(
                (case.claim.reference,),
                _probability(receipt.merchant.probability, books.policy.violations) * case.certainty,
                Decimal(0),
                receipt.document,
                "",
                (Evidence(receipt.document, "merchant", receipt.merchant.boxes),),
                facts,
            )


def _names(case: Case, known: Mapping[str, frozenset[str]]) -> Iterator[str]:
    receipt = case.receipt
    if receipt is not None:
        yield from (candidate.value for candidate in receipt.merchant or ())
        yield from receipt.names
        yield from known.get(receipt.vendor, ())


def _probability(read: float, wrong: float) -> float:
    differs, honest = read * wrong * OTHER, (1 - wrong) * (read * BRAND + (1 - read) * MISSED)
    return differs / (differs + honest)
