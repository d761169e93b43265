"""Cost–quality curve: what share of the fields is right, and what it costs, by the share of documents escalated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

from extraction.domain.json_types import JsonObject

# Points of a curve, both ends included: every twentieth.
STEPS = 20
# Documents from which a curve says something.
FEWEST = 30


@dataclass(frozen=True, slots=True)
class Measured:
    """A document of which the truth is known: its gain, and the shares of its fields (0–1, by their weights) that are
    right in the student's answer and in the merged one."""

    gain: float
    student: float
    merged: float


@dataclass(frozen=True, slots=True)
class Point:
    """At a `share` of documents escalated: the mean share of fields right with those of the largest gains, and with as
    many at random."""

    share: float
    accuracy: float
    random: float


@dataclass(frozen=True, slots=True)
class Curve:
    """`documents` were measured. `model` and `teacher` are names, `teacher_accuracy` the share of fields right in the
    teacher's answers alone, `price` dollars a document (`None`: not known)."""

    model: str
    teacher: str
    documents: int
    teacher_accuracy: float
    price: float | None
    points: tuple[Point, ...]

    def at(self, share: float) -> Point:
        """The nearest point."""
        return min(self.points, key=lambda point: abs(point.share - share))

    def dollars(self, share: float, documents: float = 1000) -> float | None:
        """Dollars for so many documents."""
        return None if self.price is None else share * documents * self.price

    def to_json(self) -> JsonObject:
        return {
            **asdict(self),
            "points": [{**asdict(point), "usd_per_1000": self.dollars(point.share)} for point in self.points],
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        points = tuple(Point(row["share"], row["accuracy"], row["random"]) for row in value["points"])
        return cls(**{**value, "points": points})


def points(measured: Sequence[Measured], steps: int = STEPS) -> tuple[Point, ...]:
    """The points of a curve; none without documents. Of equal gains those that came first go first."""
    if not measured:
        return ()
    ranked = sorted(measured, key=lambda document: -document.gain)
    total = len(ranked)
    lowest, highest = (sum(values) / total for values in zip(*((d.student, d.merged) for d in ranked), strict=True))
    found = []
    for step in range(steps + 1):
        share = step / steps
        escalated = round(share * total)
        right = sum(document.merged for document in ranked[:escalated])
        right += sum(document.student for document in ranked[escalated:])
        found.append(Point(share, right / total, lowest + share * (highest - lowest)))
    return tuple(found)
