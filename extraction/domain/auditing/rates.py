"""Rates of exchange that the user supplies, by currency and day."""

from __future__ import annotations

import datetime
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Self

from extraction.domain.auditing.money import times
from extraction.domain.json_types import JsonObject


@dataclass(frozen=True, slots=True)
class Rate:
    """What one unit of `currency` (ISO 4217) was worth in the base currency from `day` on (`None`: ever)."""

    currency: str
    value: Decimal
    day: datetime.date | None = None

    def to_json(self) -> JsonObject:
        return {
            "currency": self.currency,
            "value": str(self.value),
            "day": self.day.isoformat() if self.day else None,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        day = value["day"]
        return cls(value["currency"], Decimal(value["value"]), datetime.date.fromisoformat(day) if day else None)


@dataclass(frozen=True, slots=True)
class Rates:
    """A table of rates in `base`, looked up by day."""

    base: str
    table: Sequence[Rate] = ()
    _days: dict[str, tuple[list[datetime.date], list[Decimal]]] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        for rate in sorted(self.table, key=lambda rate: rate.day or datetime.date.min):
            days, values = self._days.setdefault(rate.currency, ([], []))
            days.append(rate.day or datetime.date.min)
            values.append(rate.value)

    def rate(self, currency: str, day: datetime.date | None) -> Decimal | None:
        """The rate of that day: the last one that was set by then, before all of them the first; of no day the last
        one. `None` where the table has none of the currency."""
        if currency == self.base:
            return Decimal(1)
        if currency not in self._days:
            return None
        days, values = self._days[currency]
        return values[max(bisect_right(days, day) - 1, 0)] if day else values[-1]

    def in_base(self, amount: Decimal, currency: str, day: datetime.date | None) -> Decimal | None:
        """The exact product; `None` without a rate."""
        rate = self.rate(currency, day)
        return None if rate is None else times(amount, rate)
