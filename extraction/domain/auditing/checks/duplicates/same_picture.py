"""Claims with two pictures of one piece of paper."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from extraction.domain.auditing.books import Books, Case
from extraction.domain.auditing.checks.base import Declared, Found
from extraction.domain.auditing.checks.duplicates.likeness import is_same_picture, near, share_of_numbers
from extraction.domain.auditing.checks.duplicates.variants import VARIANTS, variant
from extraction.domain.auditing.finding import Evidence, Severity
from extraction.domain.auditing.values import Receipt

# That pictures which are alike show one purchase, by whether their numbers could be compared, and where the amounts
# that were read differ.
COMPARED, NOT_COMPARED, OTHER_AMOUNT = 0.97, 0.7, 0.3


def pictures(books: Books) -> Mapping[tuple[str, str], float]:
    """The probability of pairs of claimed receipts to show one piece of paper, the earlier one first, by their
    keys."""
    claimed = [receipt for receipt in books.receipts.values() if receipt.document in books.by_document]
    return {
        (one.document, other.document): _probability(one, other)
        for one, other in near(claimed)
        if is_same_picture(one, other)
    }


def _probability(one: Receipt, other: Receipt) -> float:
    sure = NOT_COMPARED if share_of_numbers(one, other) is None else COMPARED
    if one.amount and other.amount and one.amount.value != other.amount.value:
        differ = one.amount.probability * other.amount.probability
        return sure * (1 - differ) + OTHER_AMOUNT * differ
    return sure


class SamePicture(Declared):
    """A claim whose picture shows the same paper as that of an earlier claim."""

    def __init__(self) -> None:
        super().__init__("same_picture", Severity.BLOCK, variants=VARIANTS)

    def find(self, books: Books, tolerances: Mapping[str, Decimal]) -> Iterator[Found]:
        order = {case.claim.reference: place for place, case in enumerate(books.cases)}
        told: set[str] = set()
        for documents, probability in books.prepared(pictures).items():
            first, second = sorted(
                (books.by_document[document][0] for document in documents),
                key=lambda case: order[case.claim.reference],
            )
            # Of many pictures of one paper each is told once, beside the first that it is like.
            if second.claim.reference not in told and min(first.claim.amount, second.claim.amount) > 0:
                told.add(second.claim.reference)
                yield _found(second, first, probability, books)


def _found(case: Case, other: Case, probability: float, books: Books) -> Found:
    claim, earlier = case.claim, other.claim
    documents = [each.receipt.document for each in (case, other) if each.receipt]
    facts = {
        "amount": str(claim.amount),
        "currency": claim.currency,
        "employee": earlier.employee if claim.employee != earlier.employee else "",
        "date": earlier.date.isoformat() if earlier.date else "",
    }
    return Found(
        (claim.reference, earlier.reference),
        probability * case.certainty * other.certainty,
        books.in_base(claim),
        documents[0],
        variant(claim, earlier),
        tuple(Evidence(document, "page") for document in documents),
        facts,
    )
