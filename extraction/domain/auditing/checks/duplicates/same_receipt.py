"""Claims that share a receipt and together exceed it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from extraction.domain.auditing.books import Books, Case
from extraction.domain.auditing.checks.amounts.comparison import MONEY, MOST_TIP, SHARE
from extraction.domain.auditing.checks.base import Declared, Found
from extraction.domain.auditing.checks.duplicates.variants import ACROSS, VARIANTS, variant
from extraction.domain.auditing.finding import Evidence, Fact, Severity
from extraction.domain.auditing.money import times
from extraction.domain.field_types.readers.texts import alike

# That two claims of equal amounts for a receipt whose amount was not read are one claim made twice.
EQUAL = 0.9


class SameReceipt(Declared):
    """A claim for a receipt that earlier claims have used up. Claims that share a receipt without exceeding it, such as
    bed and breakfast of one bill, are none."""

    def __init__(self) -> None:
        super().__init__("same_receipt", Severity.BLOCK, (MONEY, SHARE), VARIANTS)

    def find(self, books: Books, tolerances: Mapping[str, Decimal]) -> Iterator[Found]:
        for cases in books.by_document.values():
            claims = [case for case in cases if case.claim.amount > 0]
            for number, case in enumerate(claims[1:], 1):
                if found := _found(case, claims[:number], books, tolerances):
                    yield found


def _found(case: Case, earlier: Sequence[Case], books: Books, tolerances: Mapping[str, Decimal]) -> Found | None:
    claim, receipt = case.claim, case.receipt
    amounts = [books.in_base(each.claim) for each in (*earlier, case)]
    if receipt is None or any(amount is None for amount in amounts):
        return None
    total = sum((amount for amount in amounts if amount is not None), Decimal(0))
    own = amounts[-1] or Decimal(0)
    equal = next((each for each in earlier if each.claim.amount == claim.amount), None)
    excess, probability = own, EQUAL if equal else 0.0
    currency = books.currency(receipt)
    rate = books.rates.rate(currency.value if currency else claim.currency, claim.date)
    if receipt.amount is not None and rate is not None:
        tips = {alike(category) for category in books.policy.tips}
        tipped = any(alike(each.claim.category) in tips for each in (*earlier, case))
        most = 1 + (MOST_TIP.default if tipped else Decimal(0))
        over = {candidate: total - times(candidate.value, rate) * most for candidate in receipt.amount}
        slack = {each: max(tolerances["money"], tolerances["share"] * abs(each.value)) for each in over}
        exceeding = [each for each in over if over[each] > slack[each]]
        probability = sum(each.probability for each in exceeding) + (receipt.amount.unknown * EQUAL if equal else 0.0)
        if exceeding:
            best = max(exceeding, key=lambda each: each.probability)
            excess = min(own, total - times(best.value, rate))
    other = equal or earlier[0]
    certainty = min(each.certainty for each in (*earlier, case))
    if not probability:
        return None
    facts: dict[str, Fact] = {
        "amount": str(claim.amount),
        "currency": claim.currency,
        "claims": len(earlier) + 1,
        "total": str(total),
        "base": books.policy.base,
        "employee": other.claim.employee if variant(claim, other.claim) == ACROSS else "",
        "date": other.claim.date.isoformat() if other.claim.date else "",
    }
    place = Evidence(receipt.document, "amount", receipt.amount.boxes if receipt.amount else ())
    claims = (claim.reference, other.claim.reference)
    return Found(
        claims, probability * certainty, excess, receipt.document, variant(claim, other.claim), (place,), facts
    )
