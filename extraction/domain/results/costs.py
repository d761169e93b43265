"""Yearly cost of reading documents with each system, as the last column of the paper's Table 3 counts it.

A system outside is paid by the document, a local one by the time it keeps a machine busy. A student also pays, once,
for the labels it learned from, for the time in which people reviewed them and for its training, and for each document
what its escalation to the teacher costs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any, Self

from extraction.domain.json_types import JsonObject

SECONDS_AN_HOUR = 3600
MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens and dollars that a teacher used for `documents` documents."""

    documents: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    usd: Decimal = Decimal(0)

    def to_json(self) -> JsonObject:
        return {
            "documents": self.documents,
            "input_tokens": self.input_tokens,
            "output_tokens": self.output_tokens,
            "usd": float(self.usd),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        return cls(value["documents"], value["input_tokens"], value["output_tokens"], Decimal(str(value["usd"])))


@dataclass(frozen=True, slots=True)
class Prices:
    """Prices in dollars, and documents to read a year.

    `document` is the teacher's price of one document and wins over its prices of a million tokens; where neither is
    given, the teacher costs what was paid per document so far. `person_hour` is that of who reviews.
    """

    documents_a_year: int
    machine_hour: Decimal
    document: Decimal | None = None
    million_input: Decimal | None = None
    million_output: Decimal | None = None
    person_hour: Decimal = Decimal(30)


# Defaults of the report's form: two processor cores cost so much an hour at the common providers.
USUAL = Prices(documents_a_year=100_000, machine_hour=Decimal("0.10"))


@dataclass(frozen=True, slots=True)
class Lineage:
    """One-time effort of a student: documents that were labelled for it, seconds of training, and seconds in which
    people reviewed these documents (`None`: not known)."""

    labelled: int = 0
    training_seconds: float = 0.0
    review_seconds: float | None = None

    def to_json(self) -> JsonObject:
        return asdict(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        return cls(**value)


@dataclass(frozen=True, slots=True)
class YearlyCost:
    """Dollars: `reading` a year's documents and `escalation` of some of them, and once `labelling`, `review` of the
    labels and `training`."""

    reading: Decimal
    labelling: Decimal = Decimal(0)
    training: Decimal = Decimal(0)
    review: Decimal = Decimal(0)
    escalation: Decimal = Decimal(0)

    @property
    def once(self) -> Decimal:
        return self.labelling + self.review + self.training

    @property
    def total(self) -> Decimal:
        return self.reading + self.escalation + self.once

    def of_document(self, documents_a_year: int) -> Decimal:
        """Dollars a document in the first year, with everything."""
        return self.total / documents_a_year


@dataclass(frozen=True, slots=True)
class Effort:
    """What the cost of a system follows from: its speed, the teacher's usage, a student's lineage, and the dollars that
    its escalation costs a document."""

    documents_per_second: float | None
    usage: Usage = Usage()
    lineage: Lineage = Lineage()
    escalated_usd: Decimal = Decimal(0)


def teacher_document(prices: Prices, usage: Usage) -> Decimal | None:
    """The teacher's price of a document in dollars; `None` where neither a price nor a payment is known."""
    if prices.document is not None:
        return prices.document
    if not usage.documents:
        return None
    if prices.million_input is not None or prices.million_output is not None:
        spent = usage.input_tokens * (prices.million_input or Decimal(0))
        spent += usage.output_tokens * (prices.million_output or Decimal(0))
        return spent / MILLION / usage.documents
    return usage.usd / usage.documents if usage.usd else None


def machine_year(prices: Prices, documents_per_second: float | None) -> Decimal | None:
    """Dollars for the time in which one machine reads a year's documents; `None` where the speed is unknown."""
    if not documents_per_second:
        return None
    hours = Decimal(prices.documents_a_year) / Decimal(str(documents_per_second)) / SECONDS_AN_HOUR
    return hours * prices.machine_hour


def of_local(prices: Prices, effort: Effort) -> YearlyCost | None:
    """Machine time alone."""
    reading = machine_year(prices, effort.documents_per_second)
    return None if reading is None else YearlyCost(reading)


def of_teacher(prices: Prices, effort: Effort) -> YearlyCost | None:
    """A price per document; a teacher without one is taken as local and costs machine time."""
    document = teacher_document(prices, effort.usage)
    if document is not None:
        return YearlyCost(document * prices.documents_a_year)
    return of_local(prices, effort)


def of_student(prices: Prices, effort: Effort) -> YearlyCost | None:
    """Machine time and escalation, and once the teacher's labels, their review and the training."""
    reading = machine_year(prices, effort.documents_per_second)
    if reading is None:
        return None
    document = teacher_document(prices, effort.usage) or Decimal(0)
    lineage = effort.lineage
    training = Decimal(str(lineage.training_seconds)) / SECONDS_AN_HOUR * prices.machine_hour
    review = Decimal(str(lineage.review_seconds or 0)) / SECONDS_AN_HOUR * prices.person_hour
    escalation = effort.escalated_usd * prices.documents_a_year
    return YearlyCost(reading, document * lineage.labelled, training, review, escalation)


Formula = Callable[[Prices, Effort], YearlyCost | None]
# By kind of system; all other kinds are local.
FORMULAS: Mapping[str, Formula] = {"teacher": of_teacher, "student": of_student}


def yearly(kind: str, prices: Prices, effort: Effort) -> YearlyCost | None:
    """The cost of a system of that kind; `None` where neither price nor speed is known."""
    return FORMULAS.get(kind, of_local)(prices, effort)
