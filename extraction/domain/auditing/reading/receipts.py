"""Receipts from the answers of whatever read a document: the best answer with its confidence, others as rivals."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TypeVar

from extraction.domain.auditing.reading import printed
from extraction.domain.auditing.reading.printed import LabelKind
from extraction.domain.auditing.reading.roles import Roles
from extraction.domain.auditing.values import AmountKind, Candidate, PrintedAmount, Reading, Receipt, ReceiptRow
from extraction.domain.field_types import UNKNOWN, Conventions, read
from extraction.domain.field_types.readers import currencies
from extraction.domain.field_types.readers.texts import letters
from extraction.domain.fields import Field
from extraction.domain.line_items.arithmetic import amount_field
from extraction.domain.line_items.rows import rows_of
from extraction.domain.pages import Page, PageBox
from extraction.domain.prediction import FieldValue

T = TypeVar("T")

AMOUNT, DATE = Field("amount", "money"), Field("date", "date")
# The confidence of an answer whose source gives none.
UNSTATED = 0.9
# The share of what an answer lacks to certainty that other answers for its field get.
OTHERS = 0.8


@dataclass(frozen=True, slots=True)
class Source:
    """Which document it is; see `Receipt`."""

    document: str
    sha256: str = ""
    file: str = ""
    employee: str = ""
    fingerprint: str = ""


def receipt(
    source: Source,
    roles: Roles,
    answers: Mapping[str, FieldValue],
    pages: Sequence[Page],
    label_kind: LabelKind,
    *,
    others: Mapping[str, Sequence[FieldValue]] | None = None,
    conventions: Conventions = UNKNOWN,
) -> Receipt:
    """The receipt with these answers by field.

    `others` are answers of further sources for the same fields, the most trusted first. `label_kind` tells by its
    label what an amount is.
    """
    fields = {**roles.fields, **({"merchant": roles.merchant} if roles.merchant else {})}

    def reading(role: str, meanings: Callable[[FieldValue], Sequence[T]]) -> Reading[T] | None:
        part = fields.get(role)
        if part is None or part.name not in answers:
            return None
        return _reading(answers[part.name], (others or {}).get(part.name, ()), pages, meanings)

    def money(answer: FieldValue) -> Sequence[Decimal]:
        return [Decimal(text) for text in _meanings(AMOUNT, answer, conventions)]

    def date(answer: FieldValue) -> Sequence[datetime.date]:
        return [datetime.date.fromisoformat(text) for text in _meanings(DATE, answer, conventions)]

    amount = reading("amount", money)
    places = printed.places(pages, conventions)
    rows = _rows(roles.rows, answers, pages, conventions)
    merchant = reading("merchant", _text)
    return Receipt(
        document=source.document,
        sha256=source.sha256,
        file=source.file,
        employee=source.employee,
        fingerprint=source.fingerprint,
        numbers=printed.sketch(pages),
        readable=any(page.words for page in pages),
        vendor=letters(merchant.value) if merchant else "",
        names=printed.names(pages),
        merchant=merchant,
        amount=amount,
        date=reading("date", date),
        currency=reading("currency", _code) or printed.currency(places),
        number=reading("number", _text),
        subtotal=reading("subtotal", money),
        tax=reading("tax", money),
        tip=reading("tip", money),
        printed=tuple(_others(printed.amounts(places, pages, label_kind), amount, rows)),
        days=printed.days(pages, lambda text: date(FieldValue(text, None))),
        rows=rows,
    )


def _reading(
    answer: FieldValue,
    others: Iterable[FieldValue],
    pages: Sequence[Page],
    meanings: Callable[[FieldValue], Sequence[T]],
) -> Reading[T] | None:
    """The answer's meanings share its confidence; what other sources say shares a part of the rest."""
    sure = UNSTATED if answer.confidence is None else answer.confidence
    found = _candidates(answer, sure, pages, meanings)
    if not found:
        return None
    known = {candidate.value for candidate in found}
    rivals: list[Candidate[T]] = []
    for other in others:
        for candidate in _candidates(other, 1.0, pages, meanings):
            if candidate.value not in known:
                known.add(candidate.value)
                rivals.append(candidate)
    share = (1.0 - sure) * OTHERS / max(len(rivals), 1)
    shared = [Candidate(rival.value, share, rival.boxes) for rival in rivals]
    return Reading(found[0], (*found[1:], *shared))


def _candidates(
    answer: FieldValue, sure: float, pages: Sequence[Page], meanings: Callable[[FieldValue], Sequence[T]]
) -> list[Candidate[T]]:
    values = meanings(answer) if answer.value is not None else ()
    boxes = tuple(answer.boxes(pages))
    return [Candidate(value, sure / len(values), boxes) for value in values]


def _meanings(part: Field, answer: FieldValue, conventions: Conventions) -> list[str]:
    """The plain forms of the answer: one where its source normalised it, several where it has several meanings."""
    texts = [text for text in (answer.normalized, answer.value) if text]
    for text in texts:
        found = read(part, text, conventions=Conventions() if text == answer.normalized else conventions)
        if found.meanings:
            return [meaning.normalized for meaning in found.meanings]
    return []


def _text(answer: FieldValue) -> Sequence[str]:
    return [answer.normalized or answer.value or ""]


def _code(answer: FieldValue) -> Sequence[str]:
    """The currencies that a sign may stand for, the one that is meant most often alone."""
    return currencies.likeliest(answer.normalized or answer.value or "")[:1]


def _rows(
    part: Field | None, answers: Mapping[str, FieldValue], pages: Sequence[Page], conventions: Conventions
) -> tuple[ReceiptRow, ...]:
    if part is None or part.name not in answers:
        return ()
    answer = answers[part.name]
    texts = next((each.name for each in part.fields if each.kind.free_text), None)
    amounts = amount_field(part)
    numbers = next((each.name for each in part.fields if each.type == "number"), None)
    found = []
    for number, row in enumerate(rows_of(part, answer.normalized or answer.value) or ()):
        read_row = answer.rows[number] if answer.rows and number < len(answer.rows) else None
        confidence = read_row.confidence if read_row else answer.confidence
        boxes = [box for cell in (read_row.cells.values() if read_row else ()) for box in cell.boxes(pages)]
        found.append(
            ReceiptRow(
                (row.get(texts) if texts else None) or "",
                _decimal(row.get(amounts) if amounts else None, conventions),
                _decimal(row.get(numbers) if numbers else None, conventions),
                UNSTATED if confidence is None else confidence,
                tuple(boxes),
            )
        )
    return tuple(found)


def _decimal(text: str | None, conventions: Conventions) -> Decimal | None:
    meanings = read(AMOUNT, text, conventions=conventions).meanings if text else ()
    return Decimal(meanings[0].normalized) if len(meanings) == 1 else None


def _others(
    found: Sequence[PrintedAmount], amount: Reading[Decimal] | None, rows: Sequence[ReceiptRow]
) -> list[PrintedAmount]:
    """The printed amounts without those on which the amount to pay stands; those of rows are articles."""
    taken: set[PageBox] = set(amount.boxes) if amount else set()
    articles = {row.amount for row in rows}
    return [
        replace(each, kind=AmountKind.ARTICLE) if each.kind is AmountKind.OTHER and each.value in articles else each
        for each in found
        if not taken.intersection(each.boxes)
    ]
