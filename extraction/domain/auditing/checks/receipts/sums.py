"""Receipts whose amounts do not add up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import combinations

from extraction.domain.auditing.books import Books
from extraction.domain.auditing.checks.base import Declared, Found
from extraction.domain.auditing.finding import Evidence, Severity
from extraction.domain.auditing.policy import Tolerance, Unit
from extraction.domain.auditing.values import Receipt

MONEY = Tolerance("money", Unit.MONEY, Decimal("0.10"))
ROWS, TAX = "rows", "tax"
# Amounts that may stand between the sum of the rows and the amount to pay: taxes, tips, discounts, rounding.
BETWEEN = 3
# That a document on which what was read does not add up was changed, rather than read wrong where no reading shows it.
CHANGED = 0.5


class Sums(Declared):
    """The sum of the rows, or net amount and tax, do not come to the amount to pay, whatever of the printed amounts is
    added or taken off: a sign that the document was changed. The difference is at risk."""

    def __init__(self) -> None:
        super().__init__("sums", Severity.REVIEW, (MONEY,), (ROWS, TAX))

    def find(self, books: Books, tolerances: Mapping[str, Decimal]) -> Iterator[Found]:
        for document, cases in books.by_document.items():
            receipt, claim = books.receipts[document], cases[0].claim
            wrong = _wrong(receipt, tolerances[MONEY.name])
            if wrong is None or receipt.amount is None:
                continue
            variant, total, probability = wrong
            currency = books.currency(receipt)
            code = currency.value if currency else claim.currency
            excess = max(receipt.amount.value - total, Decimal(0))
            facts = {"printed": str(receipt.amount.value), "total": str(total), "currency": code}
            boxes = [box for row in receipt.rows for box in row.boxes] if variant == ROWS else []
            yield Found(
                (claim.reference,),
                probability * CHANGED * cases[0].certainty,
                books.rates.in_base(excess, code, claim.date),
                document,
                variant,
                (Evidence(document, "amount", receipt.amount.boxes), Evidence(document, "rows", tuple(boxes))),
                facts,
            )


def _wrong(receipt: Receipt, tolerance: Decimal) -> tuple[str, Decimal, float] | None:
    """What does not add up, to what it does, and the probability that all of it was read right."""
    if receipt.amount is None:
        return None
    to_pay, sure = receipt.amount.value, receipt.amount.probability
    if receipt.subtotal and receipt.tax:
        total = receipt.subtotal.value + receipt.tax.value + (receipt.tip.value if receipt.tip else 0)
        if not _reached(to_pay, total, _between(receipt, 1), tolerance):
            return TAX, total, sure * receipt.subtotal.probability * receipt.tax.probability
    amounts = [row.amount for row in receipt.rows]
    if not amounts or any(amount is None for amount in amounts):
        return None
    total = sum((amount for amount in amounts if amount is not None), Decimal(0))
    if _reached(to_pay, total, _between(receipt, BETWEEN), tolerance):
        return None
    for row in receipt.rows:
        sure *= row.probability
    return ROWS, total, sure


def _between(receipt: Receipt, most: int) -> Sequence[Decimal]:
    """What may be added or taken off, by the sums of up to `most` printed amounts."""
    values = sorted({abs(each.value) for each in receipt.printed} - {Decimal(0)})[:12]
    return [sum(some, Decimal(0)) for count in range(1, most + 1) for some in combinations(values, count)]


def _reached(to_pay: Decimal, total: Decimal, between: Sequence[Decimal], tolerance: Decimal) -> bool:
    difference = abs(to_pay - total)
    return difference <= tolerance or any(abs(difference - each) <= tolerance for each in between)
