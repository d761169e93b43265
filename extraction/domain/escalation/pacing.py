"""Pacing: the gain from which a document is worth its price, so that a month's budget lasts to its end.

The gains of past documents are kept as a histogram whose counts fade, so that it follows what comes in (online), and
its size does not grow with the traffic. What is left of the budget is shared out among the documents expected until the
end of the month: those with the largest gains get it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Self

from extraction.domain.json_types import JsonObject

# Seconds after which a document counts 1/e of what it did: the distribution is that of about the last month.
FADING = timedelta(days=30).total_seconds()
# Traffic is not told from less than this time: a burst at the beginning is no month.
LEAST_OBSERVED = timedelta(days=1).total_seconds()
# Bins a unit of gain, and the last bin, which holds all larger gains.
RESOLUTION, LAST = 200, 1000


@dataclass(frozen=True, slots=True)
class Gains:
    """The gains of about the last month. `counts` are by bin, a document of `updated` counting 1; `observed` are the
    seconds since the first one, faded alike."""

    counts: Mapping[int, float] = field(default_factory=dict)
    observed: float = 0.0
    updated: datetime | None = None

    def at(self, now: datetime) -> Gains:
        """The same, faded to that time; time that went backwards counts as none."""
        if self.updated is None:
            return replace(self, updated=now)
        passed = max(0.0, (now - self.updated).total_seconds())
        kept = math.exp(-passed / FADING)
        # Nothing is left of what is a hundredth of a document.
        counts = {number: count * kept for number, count in self.counts.items() if count * kept > 0.01}
        return Gains(counts, self.observed * kept + FADING * (1 - kept), max(now, self.updated))

    def plus(self, gain: float, now: datetime) -> Gains:
        """With one more document."""
        faded, number = self.at(now), _bin(gain)
        return replace(faded, counts={**faded.counts, number: faded.counts.get(number, 0.0) + 1})

    @property
    def documents(self) -> float:
        """Documents, faded."""
        return sum(self.counts.values())

    @property
    def rate(self) -> float:
        """Documents a second."""
        return self.documents / max(self.observed, LEAST_OBSERVED)

    def best(self, share: float) -> tuple[int, float]:
        """The bin from which the `share` (0–1) of documents with the largest gains begins, and the part (0–1) of the
        documents in it that belongs to them."""
        if share >= 1:
            return 0, 1.0
        room = share * self.documents
        for number in sorted(self.counts, reverse=True):
            if room < self.counts[number]:
                return number, room / self.counts[number]
            room -= self.counts[number]
        return 0, 1.0

    def to_json(self) -> JsonObject:
        return {
            "counts": {str(number): round(count, 4) for number, count in self.counts.items()},
            "observed": round(self.observed, 3),
            "updated": self.updated.isoformat() if self.updated else None,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        return cls(
            {int(number): count for number, count in value["counts"].items()},
            value["observed"],
            datetime.fromisoformat(value["updated"]) if value["updated"] else None,
        )


@dataclass(frozen=True, slots=True)
class Pace:
    """The share (0–1) of documents that the money left pays for until the end of the month. The documents of larger
    gains than those of the bin `limit` are among them, and of those in it the part `chance` (0–1)."""

    share: float
    limit: int
    chance: float

    @property
    def threshold(self) -> float:
        """The gain from which documents are among them."""
        return self.limit / RESOLUTION

    def takes(self, gain: float, sha256: str) -> bool:
        """Whether a document is among them; where gains are equal its content decides, the same each time."""
        number = _bin(gain)
        return number > self.limit or (number == self.limit and int(sha256[:8], 16) / 2**32 < self.chance)


def pace(gains: Gains, *, left: float, price: float, now: datetime) -> Pace:
    """`left`: dollars of this month that are not spent; `price`: dollars a document, 0 where it costs nothing."""
    if price <= 0:
        return Pace(1.0, 0, 1.0)
    expected = gains.at(now).rate * (month_end(now) - now).total_seconds()
    affordable = max(0.0, left) / price
    share = min(1.0, affordable / expected) if expected > 0 else float(affordable >= 1)
    return Pace(share, *gains.best(share))


def month_start(now: datetime) -> datetime:
    return now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def month_end(now: datetime) -> datetime:
    return month_start(month_start(now) + timedelta(days=32))


def _bin(gain: float) -> int:
    return max(0, min(LAST, math.floor(gain * RESOLUTION)))
