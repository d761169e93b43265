"""Confidences of a system: how often it is right by how sure it is, and the thresholds that follow from it.

Definitions: DeGroot & Fienberg, *The Comparison and Evaluation of Forecasters*, 1983 (reliability diagram); El-Yaniv &
Wiener, *On the Foundations of Noise-free Selective Classification*, 2010 (accuracy at coverage).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Self

from extraction.domain.evaluation.guarantees import CheckedAnswer, Guarantee, guarantee
from extraction.domain.evaluation.proportions import Proportion
from extraction.domain.evaluation.reliability import BINS, auroc, calibration_error
from extraction.domain.json_types import JsonObject

# Decimals of a confidence that are kept, so that a field of any number of documents has at most a thousand levels.
KEPT = 3


@dataclass(frozen=True, slots=True)
class Level:
    """Answers of one confidence (0–1), and how many of them are right."""

    confidence: float
    count: int
    right: int


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers whose confidence is in a tenth of the scale: their mean confidence, and the share that is right."""

    low: float
    high: float
    confidence: float
    right: Proportion


@dataclass(frozen=True, slots=True)
class CoveragePoint:
    """The answers with at least this confidence: their share of all (0–1), and how many of them are right."""

    confidence: float
    coverage: float
    right: Proportion


@dataclass(frozen=True, slots=True)
class Confidences:
    """Levels, the surest first, and the number of answers without a confidence, which no figure counts."""

    levels: tuple[Level, ...]
    silent: int = 0

    @classmethod
    def of(cls, answers: Iterable[tuple[float | None, bool]]) -> Self:
        """From the confidence of each answer and whether it is right."""
        counts, right, silent = Counter[float](), Counter[float](), 0
        for confidence, is_right in answers:
            if confidence is None:
                silent += 1
                continue
            level = round(min(max(confidence, 0.0), 1.0), KEPT)
            counts[level] += 1
            right[level] += is_right
        return cls(tuple(Level(level, counts[level], right[level]) for level in sorted(counts, reverse=True)), silent)

    @property
    def count(self) -> int:
        return sum(level.count for level in self.levels)

    @property
    def auroc(self) -> float | None:
        """As `evaluation.reliability.auroc`."""
        return auroc(*self._pairs())

    @property
    def calibration_error(self) -> float:
        """As `evaluation.reliability.calibration_error`."""
        return calibration_error(*self._pairs())

    def bins(self) -> list[Bin]:
        """The tenths of the scale that hold answers, the lowest first."""
        found = []
        for number, group in groupby(reversed(self.levels), key=lambda level: min(int(level.confidence * BINS), 9)):
            held = list(group)
            count = sum(level.count for level in held)
            mean = sum(level.confidence * level.count for level in held) / count
            share = Proportion(sum(level.right for level in held), count)
            found.append(Bin(number / BINS, (number + 1) / BINS, mean, share))
        return found

    def coverage(self) -> list[CoveragePoint]:
        """One point a level: what remains where less sure answers are left to people."""
        points, count, right = [], 0, 0
        for level in self.levels:
            count, right = count + level.count, right + level.right
            points.append(CoveragePoint(level.confidence, count / self.count, Proportion(right, count)))
        return points

    def threshold(self, target: float) -> Guarantee:
        """The lowest confidence whose answers have at most the share `target` (over 0, below 1) of wrong ones."""
        pairs = zip(*self._pairs(), strict=True)
        return guarantee([CheckedAnswer(confidence, right) for confidence, right in pairs], target)

    def _pairs(self) -> tuple[list[float], list[bool]]:
        confidences, right = [], []
        for level in self.levels:
            confidences += [level.confidence] * level.count
            right += [True] * level.right + [False] * (level.count - level.right)
        return confidences, right

    def to_json(self) -> JsonObject:
        return {
            "levels": [[level.confidence, level.count, level.right] for level in self.levels],
            "silent": self.silent,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        return cls(tuple(Level(*level) for level in value["levels"]), value["silent"])
