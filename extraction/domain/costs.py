"""What a year of reading costs with each system, as the last column of the paper's Table 3 counts it.

A system outside is paid by the document, a local one by the time it keeps a machine busy. A student also pays, once,
for the labels it learned from and for its training.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

SECONDS_AN_HOUR = 3600
MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Usage:
    """What a teacher used for `documents` documents."""

    documents: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    usd: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Prices:
    """Dollars, and how much there is to read. `document` is the teacher's price of one document and wins over the
    prices of a million tokens; where neither is given the price is what was paid so far."""

    documents_a_year: int
    machine_hour: Decimal
    document: Decimal | None = None
    million_input: Decimal | None = None
    million_output: Decimal | None = None


# What is counted with until somebody says otherwise: two processor cores cost so much an hour at the common providers.
USUAL = Prices(documents_a_year=100_000, machine_hour=Decimal("0.10"))


@dataclass(frozen=True, slots=True)
class Lineage:
    """What a student cost once: documents that were labelled for it, and seconds of training."""

    labelled: int = 0
    training_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class YearlyCost:
    """Dollars: `reading` a year's documents, and once `labelling` and `training`."""

    reading: Decimal
    labelling: Decimal = Decimal(0)
    training: Decimal = Decimal(0)

    @property
    def total(self) -> Decimal:
        return self.reading + self.labelling + self.training


def teacher_document(prices: Prices, usage: Usage) -> Decimal | None:
    """Dollars that the teacher takes for a document; `None` where nothing tells."""
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


def of_teacher(prices: Prices, usage: Usage, documents_per_second: float | None) -> YearlyCost | None:
    """A teacher is paid by the document; one without a price is taken as local and costs machine time."""
    document = teacher_document(prices, usage)
    if document is not None:
        return YearlyCost(document * prices.documents_a_year)
    return of_local(prices, documents_per_second)


def of_local(prices: Prices, documents_per_second: float | None) -> YearlyCost | None:
    reading = machine_year(prices, documents_per_second)
    return None if reading is None else YearlyCost(reading)


def of_student(
    prices: Prices, usage: Usage, documents_per_second: float | None, *, labelled: int, training_seconds: float
) -> YearlyCost | None:
    """`labelled` documents were labelled once by the teacher, and training kept a machine busy once."""
    reading = machine_year(prices, documents_per_second)
    if reading is None:
        return None
    document = teacher_document(prices, usage) or Decimal(0)
    training = Decimal(str(training_seconds)) / SECONDS_AN_HOUR * prices.machine_hour
    return YearlyCost(reading, document * labelled, training)


def usage_of(value: Mapping[str, Any]) -> Usage:
    """What the teacher used, as a report keeps it."""
    return Usage(
        documents=int(value.get("documents") or 0),
        input_tokens=int(value.get("input_tokens") or 0),
        output_tokens=int(value.get("output_tokens") or 0),
        usd=Decimal(str(value.get("usd") or 0)),
    )


def yearly(system: Mapping[str, Any], prices: Prices, usage: Usage, lineage: Lineage) -> YearlyCost | None:
    """The cost of one system of a report; `None` where neither price nor speed tells."""
    speed = system.get("documents_per_second")
    if system["kind"] == "teacher":
        return of_teacher(prices, usage, speed)
    if system["kind"] == "student":
        return of_student(prices, usage, speed, labelled=lineage.labelled, training_seconds=lineage.training_seconds)
    return of_local(prices, speed)
