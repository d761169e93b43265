"""Confidence sequence of a mean: an interval that holds at every look at once, whenever one stops.

Method: betting against every possible mean with a fixed mixture of stakes (I. Waudby-Smith & A. Ramdas, *Estimating
means of bounded random variables by betting*, Journal of the Royal Statistical Society B 86, 2024). A mean that is true
makes no bet profitable, so that the capital reaches `1 / risk` at any time with a probability of at most `risk`
(Ville's inequality).

The stakes depend on no observation, and so the capital grows with each of them: an observation that is known only
between two bounds may stand with the lower one for the lower bound of the mean and with the upper one for the upper
bound, whoever chooses which become known.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from extraction.domain.evaluation.bootstrap import Floats, Interval

# The shares of the capital that are bet, an equal part of it each.
STAKES = np.array([0.95, 0.6, 0.35, 0.2, 0.1, 0.04])
# How often the mean may be outside, at each end of a 95 % interval.
RISK = 0.025
# Halvings of the range of possible means: the bounds are exact to four decimals.
STEPS = 15


def mean_interval(lows: Sequence[float], highs: Sequence[float]) -> Interval:
    """The 95 % interval of the mean of observations from -1 to 1, in the order in which they came; `(-1, 1)` without
    any. Each is between its `low` and its `high`, which are equal where it is known."""
    return _lower(np.asarray(lows, dtype=float)), -_lower(-np.asarray(highs, dtype=float))


def refuted_after(values: Floats, mean: float) -> int | None:
    """How many of the observations it takes until it is refuted that their mean is `mean` (over -1) or less, at one end
    of a 95 % interval; `None` where they do not refute it.

    A stake buys the observation, counted from -1, at the price of the mean, counted from -1. It is refuted once the
    capital is `1 / RISK` times that of the start.
    """
    gains = STAKES[:, None] * ((1 + values) / (1 + mean) - 1)
    capital = np.logaddexp.reduce(np.cumsum(np.log1p(gains), axis=1), axis=0)
    reached = np.flatnonzero(capital >= math.log(len(STAKES) / RISK))
    return int(reached[0]) + 1 if reached.size else None


def _lower(values: Floats) -> float:
    """The largest mean such that this one and all below are refuted; -1 where none is."""
    least, most = -1.0, 1.0
    for _ in range(STEPS):
        middle = (least + most) / 2
        least, most = (least, middle) if refuted_after(values, middle) is None else (middle, most)
    return least
