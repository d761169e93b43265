"""Bootstrap intervals: figures of a sample of documents, and of resamples of it.

Method: Efron & Tibshirani, *An Introduction to the Bootstrap*, 1993 (percentile intervals).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 2000
# Numbers drawn at once: 32 MB.
BLOCK = 4_000_000
# Numbers that are kept for more figures of the same documents: 240 MB.
KEPT = 30_000_000

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


class Draws:
    """Resamples of `documents` documents, at least one, drawn once for all figures of these documents.

    Beyond `KEPT` numbers they are drawn again for each, the same ones every time.
    """

    def __init__(self, documents: int, seed: int = 0) -> None:
        self.documents = documents
        self._seed = seed
        self._kept = list(self._drawn()) if documents * RESAMPLES <= KEPT else None

    def ratios(self, parts: Floats, wholes: Floats) -> Floats:
        """Resample × column: sums of parts over sums of wholes, both document × column, NaN where there is no whole."""
        drawn = []
        for counts in self._drawn() if self._kept is None else self._kept:
            weights = counts @ wholes
            drawn.append(np.where(weights > 0, counts @ parts / np.where(weights > 0, weights, 1), np.nan))
        return np.concatenate(drawn)

    def means(self, scores: Floats) -> Floats:
        """Resample × column: means of `scores`, document × column, NaN where there is no score."""
        known = ~np.isnan(scores)
        return self.ratios(np.where(known, scores, 0.0), known.astype(float))

    def _drawn(self) -> Iterator[Floats]:
        """Resample × document: how often each document is in each of them."""
        generator = np.random.default_rng(self._seed)
        block = max(1, BLOCK // self.documents)
        shares = np.full(self.documents, 1 / self.documents)
        for start in range(0, RESAMPLES, block):
            yield generator.multinomial(self.documents, shares, size=min(block, RESAMPLES - start)).astype(float)


# Gives the draws of so many documents.
Drawing = Callable[[int], Draws]


def over(drawn: Floats) -> Floats:
    """Of each resample the mean over the columns that have a score in it, NaN where none has."""
    counts = (~np.isnan(drawn)).sum(axis=1)
    means: Floats = np.where(counts > 0, np.nansum(drawn, axis=1) / np.maximum(counts, 1), np.nan)
    return means


def percentiles(drawn: Floats) -> list[Interval]:
    """The 95 % interval of each column."""
    low, high = np.nanpercentile(drawn, [2.5, 97.5], axis=0)
    return [(float(a), float(b)) for a, b in zip(np.atleast_1d(low), np.atleast_1d(high), strict=True)]


def p_value(drawn: Floats) -> float:
    """How probable so large a difference is, to either side, where there is none; `drawn` are resampled differences."""
    known = drawn[~np.isnan(drawn)]
    tail = min(int((known <= 0).sum()), int((known >= 0).sum()))
    return min(1.0, 2 * (tail + 1) / (len(known) + 1))


def intervals(scores: Floats, seed: int) -> list[Interval]:
    """95 % intervals of every column's mean and of the mean over the columns. `scores`: document × column, NaN where
    there is no score."""
    drawn = Draws(len(scores), seed).means(scores)
    return percentiles(np.column_stack([np.nan_to_num(drawn), over(drawn)]))


def ratios(parts: Floats, wholes: Floats, draws: Drawing = Draws) -> list[Estimate | None]:
    """The sum of each column of `parts` over that of `wholes`, both document × column, with 95 % intervals; `None`
    where the whole is 0."""
    known = wholes.sum(axis=0) > 0
    values = parts.sum(axis=0) / np.where(known, wholes.sum(axis=0), 1)
    drawn = draws(len(parts))
    bounds = iter(percentiles(drawn.ratios(parts[:, known], wholes[:, known])) if known.any() else ())
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
