"""What a report measures of a system beside the quality of its answers: speed, missing answers, and one-time effort."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from statistics import quantiles
from typing import Any, Self

from extraction.domain.json_types import JsonObject
from extraction.domain.results.costs import Lineage

MILLISECONDS = 1000
NOTHING = Lineage()


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds that half and 19 of 20 of `documents` documents took at most, from file to fields.

    `now`: measured when the report was written, one document after the other; else as a teacher took when it answered.
    """

    documents: int
    p50_ms: float
    p95_ms: float
    now: bool

    @classmethod
    def of(cls, seconds: Sequence[float], *, now: bool) -> Self:
        """Of at least one document."""
        bounds = quantiles(seconds, n=20, method="inclusive") if len(seconds) > 1 else [seconds[0]] * 19
        half, most = (round(bounds[place] * MILLISECONDS, 1) for place in (9, 18))
        return cls(len(seconds), half, most, now)

    def to_json(self) -> JsonObject:
        return asdict(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        return cls(**value)


@dataclass(frozen=True, slots=True)
class SystemFacts:
    """`refusals` and `malformed` are the documents of the report that it refused, or answered off the format.

    `lineage` is what a student took to become; `escalated_usd` what a document costs on average because the teacher is
    asked too (0 where nothing is escalated).
    """

    timing: Timing | None = None
    refusals: int = 0
    malformed: int = 0
    lineage: Lineage = NOTHING
    escalated_usd: Decimal = Decimal(0)

    def to_json(self) -> JsonObject:
        return {
            "timing": None if self.timing is None else self.timing.to_json(),
            "refusals": self.refusals,
            "malformed": self.malformed,
            "lineage": self.lineage.to_json(),
            "escalated_usd": float(self.escalated_usd),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        timing = value["timing"]
        return cls(
            None if timing is None else Timing.from_json(timing),
            value["refusals"],
            value["malformed"],
            Lineage.from_json(value["lineage"]),
            Decimal(str(value["escalated_usd"])),
        )
