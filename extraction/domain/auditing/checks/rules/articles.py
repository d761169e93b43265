"""Articles that are not paid for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from extraction.domain.auditing.books import Books
from extraction.domain.auditing.checks.base import Declared, Found
from extraction.domain.auditing.finding import Evidence, Fact, Severity
from extraction.domain.field_types.readers.texts import alike


class ForbiddenArticle(Declared):
    """A row of the receipt with a forbidden word; its amount is at risk."""

    def __init__(self) -> None:
        super().__init__("forbidden_article", Severity.REVIEW)

    def find(self, books: Books, tolerances: Mapping[str, Decimal]) -> Iterator[Found]:
        kinds = [(kind.kind, _pattern(kind.words), _pattern(kind.exceptions)) for kind in books.policy.forbidden]
        for document, cases in books.by_document.items():
            receipt, case = books.receipts[document], cases[0]
            for number, row in enumerate(receipt.rows):
                text = alike(row.description)
                kind = next((name for name, words, allowed in kinds if is_forbidden(text, words, allowed)), None)
                if kind is None:
                    continue
                currency = books.currency(receipt)
                code = currency.value if currency else case.claim.currency
                amount = max(row.amount or Decimal(0), Decimal(0))
                facts: dict[str, Fact] = {
                    "article": row.description,
                    "kind": kind,
                    "amount": str(amount),
                    "currency": code,
                    "row": number + 1,
                }
                yield Found(
                    (case.claim.reference,),
                    row.probability * case.certainty,
                    books.rates.in_base(amount, code, case.claim.date),
                    document,
                    "",
                    (Evidence(document, "row", row.boxes),),
                    facts,
                )


def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    """Any of the words or phrases as words of their own; `*` stands for letters at either end."""
    spelled = (re.escape(alike(word)).replace(r"\*", r"\w*").replace(r"\ ", r"[\s-]+") for word in words)
    return re.compile("|".join(rf"(?<!\w){word}(?!\w)" for word in spelled) or r"(?!)")


def is_forbidden(text: str, words: re.Pattern[str], allowed: re.Pattern[str]) -> bool:
    """Whether a word is left once the phrases that are allowed are taken out."""
    return bool(words.search(text)) and bool(words.search(allowed.sub(" ", text)))
