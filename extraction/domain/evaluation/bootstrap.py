"""Bootstrap intervals: figures of a sample of documents, and of resamples of it.

Method: Efron & Tibshirani, *An Introduction to the Bootstrap*, 1993 (percentile intervals).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 2000
# Numbers drawn at once: 32 MB.
BLOCK = 4_000_000

Interval = tuple[float, float]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its 95 % interval."""

    value: float
    ci95: Interval


def interval(value: Sequence[float]) -> Interval:
    """As JSON holds it."""
    low, high = value
    return low, high


def intervals(scores: Floats, seed: int) -> list[Interval]:
    """95 % intervals of every column's mean and of the mean over the columns. `scores`: document × column, NaN where
    there is no score."""
    known = ~np.isnan(scores)
    drawn = _resampled(np.where(known, scores, 0.0), known.astype(float), seed)
    scored = drawn[:, known.any(axis=0)]
    return _percentiles(np.column_stack([np.nan_to_num(drawn), np.nanmean(scored, axis=1)]))


def ratios(parts: Floats, wholes: Floats, seed: int) -> list[Estimate | None]:
    """The sum of each column of `parts` over that of `wholes`, both document × column, with 95 % intervals; `None`
    where the whole is 0."""
    known = wholes.sum(axis=0) > 0
    values = parts.sum(axis=0) / np.where(known, wholes.sum(axis=0), 1)
    bounds = iter(_percentiles(_resampled(parts[:, known], wholes[:, known], seed)) if known.any() else ())
    return [Estimate(float(value), next(bounds)) if some else None for value, some in zip(values, known, strict=True)]


def paired_bootstrap(a: Sequence[float], b: Sequence[float], *, seed: int = 0) -> tuple[float, float, float]:
    """The lead of `a` over `b` on the same documents: mean difference and its 95 % interval.

    Raises `ValueError` where the two differ in length or are empty.
    """
    if len(a) != len(b) or not a:
        raise ValueError("A paired comparison needs the same documents, at least one, on both sides.")
    difference = np.asarray(a, dtype=float) - np.asarray(b, dtype=float)
    low, high = intervals(difference[:, None], seed)[0]
    return float(difference.mean()), low, high


def _resampled(parts: Floats, wholes: Floats, seed: int) -> Floats:
    """Resample × column: sums of parts over sums of wholes, NaN where a resample has no whole."""
    documents = len(parts)
    generator = np.random.default_rng(seed)
    block = max(1, BLOCK // documents)
    drawn = []
    for start in range(0, RESAMPLES, block):
        size = min(block, RESAMPLES - start)
        counts = generator.multinomial(documents, np.full(documents, 1 / documents), size=size)
        weights = counts @ wholes
        drawn.append(np.where(weights > 0, counts @ parts / np.where(weights > 0, weights, 1), np.nan))
    return np.concatenate(drawn)


def _percentiles(drawn: Floats) -> list[Interval]:
    low, high = np.nanpercentile(drawn, [2.5, 97.5], axis=0)
    return [(float(a), float(b)) for a, b in zip(low, high, strict=True)]
