"""Reliability of confidences: whether they tell right answers from wrong ones, and whether they come true.

Definitions: Hanley & McNeil, *The meaning and use of the area under a ROC curve*, 1982; Guo et al., *On Calibration of
Modern Neural Networks*, 2017 (expected calibration error).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

BINS = 10


def auroc(confidences: Sequence[float], right: Sequence[bool]) -> float | None:
    """The probability that a right answer has more confidence than a wrong one, ties counting half.

    `None` where all answers are right or all are wrong. Raises `ValueError` where the two differ in length.
    """
    scores, truth = _pair(confidences, right)
    good, bad = scores[truth], np.sort(scores[~truth])
    if not good.size or not bad.size:
        return None
    below, not_above = np.searchsorted(bad, good, "left"), np.searchsorted(bad, good, "right")
    return float((below + not_above).mean() / (2 * bad.size))


def calibration_error(confidences: Sequence[float], right: Sequence[bool], bins: int = BINS) -> float:
    """The mean distance of confidence and share of right answers, over `bins` equal ranges of confidence, weighed by
    the answers in each; 0 without answers. Raises `ValueError` where the two differ in length."""
    scores, truth = _pair(confidences, right)
    if not scores.size:
        return 0.0
    where = np.minimum((scores * bins).astype(int), bins - 1)
    gaps = np.bincount(where, weights=scores, minlength=bins) - np.bincount(where, weights=truth, minlength=bins)
    return float(np.abs(gaps).sum() / scores.size)


def _pair(confidences: Sequence[float], right: Sequence[bool]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    if len(confidences) != len(right):
        raise ValueError("Every answer needs a confidence, and whether it is right.")
    return np.asarray(confidences, dtype=float), np.asarray(right, dtype=bool)
