"""Claims, and receipts as they were read: what checks compare."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any, Generic, Self, TypeVar

from extraction.domain.json_types import JsonObject, JsonValue
from extraction.domain.pages import Box, PageBox

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Claim:
    """What an employee typed for an expense.

    `reference` names it within the project. `amount` is exact, negative for a refund, `currency` its code (ISO 4217).
    `attendees` counts the people, the employee included. `file` is the receipt's name as it was given. Texts are empty
    and other values `None` where nothing was typed.
    """

    reference: str
    amount: Decimal
    currency: str
    employee: str = ""
    report: str = ""
    merchant: str = ""
    date: datetime.date | None = None
    category: str = ""
    attendees: int | None = None
    payment: str = ""
    file: str = ""
    comment: str = ""

    def to_json(self) -> JsonObject:
        return {
            "reference": self.reference,
            "amount": str(self.amount),
            "currency": self.currency,
            "employee": self.employee,
            "report": self.report,
            "merchant": self.merchant,
            "date": self.date.isoformat() if self.date else None,
            "category": self.category,
            "attendees": self.attendees,
            "payment": self.payment,
            "file": self.file,
            "comment": self.comment,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        date = value["date"]
        return cls(
            **{
                **value,
                "amount": Decimal(value["amount"]),
                "date": datetime.date.fromisoformat(date) if date else None,
            }
        )


@dataclass(frozen=True, slots=True)
class Candidate(Generic[T]):
    """A value that a document may hold, with its calibrated probability (0–1) and the printed lines that it stands
    on."""

    value: T
    probability: float
    boxes: tuple[PageBox, ...] = ()

    def to_json(self) -> JsonObject:
        return {"value": _written(self.value), "probability": self.probability, "boxes": boxes_to_json(self.boxes)}

    @classmethod
    def from_json(cls, value: Mapping[str, Any], read: Callable[[str], T]) -> Self:
        return cls(read(value["value"]), value["probability"], boxes_from_json(value["boxes"]))


@dataclass(frozen=True, slots=True)
class Reading(Generic[T]):
    """What was read for a field: the most probable value and its rivals. What their probabilities lack to 1 is that
    none of them is right."""

    best: Candidate[T]
    rivals: tuple[Candidate[T], ...] = ()

    @property
    def value(self) -> T:
        return self.best.value

    @property
    def probability(self) -> float:
        return self.best.probability

    @property
    def boxes(self) -> tuple[PageBox, ...]:
        return self.best.boxes

    @property
    def unknown(self) -> float:
        """The probability that it is none of the candidates."""
        return max(1.0 - sum(candidate.probability for candidate in self), 0.0)

    def __iter__(self) -> Iterator[Candidate[T]]:
        yield self.best
        yield from self.rivals

    def probability_that(self, holds: Callable[[T], bool]) -> float:
        """The sum over the candidates of which it holds: a lower bound, since what is unknown counts for nothing."""
        return min(sum(candidate.probability for candidate in self if holds(candidate.value)), 1.0)

    def to_json(self) -> JsonObject:
        return {"best": self.best.to_json(), "rivals": [rival.to_json() for rival in self.rivals]}

    @classmethod
    def from_json(cls, value: Mapping[str, Any], read: Callable[[str], T]) -> Self:
        rivals = tuple(Candidate.from_json(rival, read) for rival in value["rivals"])
        return cls(Candidate.from_json(value["best"], read), rivals)


class AmountKind(StrEnum):
    """What the words beside a printed amount say that it is."""

    CASH = "cash"  # what was handed over
    CHANGE = "change"
    SUBTOTAL = "subtotal"
    TAX = "tax"
    TIP = "tip"
    ROUNDING = "rounding"
    DISCOUNT = "discount"
    ARTICLE = "article"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class PrintedAmount:
    """Another amount of a receipt than the one to pay."""

    value: Decimal
    kind: AmountKind = AmountKind.OTHER
    boxes: tuple[PageBox, ...] = ()

    def to_json(self) -> JsonObject:
        return {"value": str(self.value), "kind": self.kind.value, "boxes": boxes_to_json(self.boxes)}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        return cls(Decimal(value["value"]), AmountKind(value["kind"]), boxes_from_json(value["boxes"]))


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """An article of a receipt; `probability` (0–1) that the row was read right."""

    description: str
    amount: Decimal | None = None
    quantity: Decimal | None = None
    probability: float = 1.0
    boxes: tuple[PageBox, ...] = ()

    def to_json(self) -> JsonObject:
        return {
            "description": self.description,
            "amount": None if self.amount is None else str(self.amount),
            "quantity": None if self.quantity is None else str(self.quantity),
            "probability": self.probability,
            "boxes": boxes_to_json(self.boxes),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        amount, quantity = (None if value[key] is None else Decimal(value[key]) for key in ("amount", "quantity"))
        return cls(value["description"], amount, quantity, value["probability"], boxes_from_json(value["boxes"]))


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was read on a document.

    `document` is its key, `file` its name, `fingerprint` the perceptual hash of its first page (64 hex digits, empty:
    none), `numbers` a min-hash of the printed numbers (empty: none). `employee` handed it in, where that is known.
    `readable` is false where no words were found. `vendor` is the key under which documents of one sender share a
    name, `names` are other names that the head of the page may call it by. `amount` is what was to pay, `printed` are
    the other amounts of the page, `days` the days that are printed anywhere.
    """

    document: str
    sha256: str = ""
    file: str = ""
    employee: str = ""
    fingerprint: str = ""
    numbers: tuple[int, ...] = ()
    readable: bool = True
    vendor: str = ""
    names: tuple[str, ...] = ()
    merchant: Reading[str] | None = None
    amount: Reading[Decimal] | None = None
    date: Reading[datetime.date] | None = None
    currency: Reading[str] | None = None
    number: Reading[str] | None = None
    subtotal: Reading[Decimal] | None = None
    tax: Reading[Decimal] | None = None
    tip: Reading[Decimal] | None = None
    printed: tuple[PrintedAmount, ...] = ()
    days: tuple[datetime.date, ...] = ()
    rows: tuple[ReceiptRow, ...] = field(default=())

    def to_json(self) -> JsonObject:
        plain = ("document", "sha256", "file", "employee", "fingerprint", "readable", "vendor")
        readings = {name: getattr(self, name) for name in _READERS}
        return {
            **{name: getattr(self, name) for name in plain},
            "numbers": list(self.numbers),
            "names": list(self.names),
            **{name: None if reading is None else reading.to_json() for name, reading in readings.items()},
            "printed": [amount.to_json() for amount in self.printed],
            "days": [day.isoformat() for day in self.days],
            "rows": [row.to_json() for row in self.rows],
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        readings = {
            name: None if value[name] is None else Reading.from_json(value[name], read)
            for name, read in _READERS.items()
        }
        return cls(
            **{
                **value,
                **readings,
                "numbers": tuple(value["numbers"]),
                "names": tuple(value["names"]),
                "printed": tuple(map(PrintedAmount.from_json, value["printed"])),
                # Older readings have none.
                "days": tuple(map(datetime.date.fromisoformat, value.get("days", ()))),
                "rows": tuple(map(ReceiptRow.from_json, value["rows"])),
            }
        )


# The fields of a receipt that are read, by what restores their values.
_READERS: Mapping[str, Callable[[str], Any]] = {
    "merchant": str,
    "amount": Decimal,
    "date": datetime.date.fromisoformat,
    "currency": str,
    "number": str,
    "subtotal": Decimal,
    "tax": Decimal,
    "tip": Decimal,
}


def boxes_to_json(boxes: tuple[PageBox, ...]) -> list[JsonValue]:
    """As `PageBox.to_json` writes them."""
    return [box.to_json() for box in boxes]


def boxes_from_json(rows: list[Mapping[str, Any]]) -> tuple[PageBox, ...]:
    """The inverse of `boxes_to_json`."""
    return tuple(PageBox(row["page"], Box(row["x0"], row["y0"], row["x1"], row["y1"])) for row in rows)


def _written(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime.date) else str(value)
