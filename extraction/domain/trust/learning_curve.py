"""The learning curve of a project: quality of its models against what went into them, and the outlook.

The error of a learner falls as a power of the number of examples (Cortes et al., *Learning Curves: Asymptotic Values
and Rate of Convergence*, NIPS 1993). The power is fitted to the logarithms by weighted least squares; intervals come
from a parametric bootstrap with as many degrees of freedom as there are points beyond the two parameters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from extraction.domain.evaluation.bootstrap import RESAMPLES, Interval
from extraction.domain.json_types import JsonObject

# How many different numbers of labels a fit needs, and how much the largest must be of the smallest.
FEWEST, SPREAD = 4, 1.5
# The least error that is told from none, and the least standard deviation of a measured quality.
LEAST_ERROR, LEAST_DEVIATION = 1e-3, 1e-3
# Width of a 95 % interval in standard deviations.
WIDTH = 2 * 1.96

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class LearningPoint:
    """A model: the labels that it learned from, minutes of review and dollars for teachers until then, and its quality
    (mean ANLS, 0–1) with its 95 % interval."""

    model: str
    labels: int
    minutes: float
    usd: float
    quality: float
    ci95: Interval

    def to_json(self) -> JsonObject:
        return {**asdict(self), "ci95": list(self.ci95)}


@dataclass(frozen=True, slots=True)
class Outlook:
    """What `more` labels would add to the quality of the model that learned from the most, with its 95 % interval."""

    more: int
    gain: float
    ci95: Interval

    def to_json(self) -> JsonObject:
        return {**asdict(self), "ci95": list(self.ci95)}


def is_enough(points: Sequence[LearningPoint]) -> bool:
    """Whether the points are enough and far enough apart to tell how quality goes on."""
    sizes = {point.labels for point in points if point.labels > 0}
    return len(sizes) >= FEWEST and max(sizes) >= SPREAD * min(sizes)


def outlook(points: Sequence[LearningPoint], more: int = 100, *, seed: int = 0) -> Outlook | None:
    """`None` where the points are too few or too close together."""
    if not is_enough(points):
        return None
    used = [point for point in points if point.labels > 0]
    sizes = np.array([point.labels for point in used], dtype=float)
    error = np.clip([1 - point.quality for point in used], LEAST_ERROR, 1.0)
    deviation = np.maximum([(point.ci95[1] - point.ci95[0]) / WIDTH for point in used], LEAST_DEVIATION) / error
    x, y = np.log(sizes), np.log(error)
    freedom = len(used) - 2
    fitted, residuals = _fit(x, y[None], deviation)
    # What training adds to the scatter beyond the sample of documents.
    scatter = max(0.0, float((residuals**2).sum() / freedom - (deviation**2).mean()))
    spread = np.sqrt(deviation**2 + scatter)
    generator = np.random.default_rng(seed)
    # Heavy tails where there are few points: Student's t.
    drawn = y + spread * generator.standard_t(freedom, size=(RESAMPLES, len(used)))
    fits, _ = _fit(x, drawn, spread)
    size = sizes.max()
    gains = _error(fits, size) - _error(fits, size + more)
    gain = _error(fitted, size) - _error(fitted, size + more)
    low, high = np.percentile(gains, [2.5, 97.5])
    return Outlook(more, float(gain[0]), (float(low), float(high)))


def _fit(x: Floats, y: Floats, deviation: Floats) -> tuple[Floats, Floats]:
    """Intercept and slope of each row of `y` (row × point) as row × 2, and the residuals."""
    design = np.column_stack([np.ones_like(x), x])
    weights = 1 / deviation
    solution: Floats = np.linalg.lstsq(design * weights[:, None], (y * weights).T, rcond=None)[0].T.astype(np.float64)
    return solution, y - solution @ design.T


def _error(fits: Floats, size: float) -> Floats:
    exponents = np.minimum(fits[:, 0] + fits[:, 1] * np.log(size), 0.0)
    return np.asarray(np.exp(exponents), dtype=float)
