"""The confidence sequence holds at every look, is narrow enough to be of use, and expects the worst of the unknown."""

from itertools import pairwise

import numpy as np
import pytest

from extraction.domain.evaluation.sequences import mean_interval

MARGIN = 0.01


def canaries(mean: float, count: int, documents: int, *, share: float = 0.1, step: float = 0.25) -> np.ndarray:
    """Canary × document: in a share of the documents the two differ by `step`, to either side."""
    draw = np.random.default_rng(20)
    up = 0.5 + mean / (2 * share * step)
    differ = draw.random((count, documents)) < share
    return np.where(differ, np.where(draw.random((count, documents)) < up, step, -step), 0.0)


@pytest.mark.parametrize("step", [0.25, 1.0])
def test_equals_are_called_worse_in_at_most_a_twentieth_of_canaries(step: float) -> None:
    """However often one looks: the last interval is the narrowest of all looks."""
    wrong = sum(mean_interval(row, row)[1] < 0 for row in canaries(0.0, 200, 1000, step=step))
    assert wrong <= 0.05 * 200


def test_what_is_worse_by_the_margin_is_promoted_in_at_most_a_twentieth() -> None:
    wrong = sum(mean_interval(row, row)[0] > -MARGIN for row in canaries(-MARGIN, 200, 1000))
    assert wrong <= 0.05 * 200


def test_each_look_is_as_narrow_as_those_before() -> None:
    [row] = canaries(0.0, 1, 600)
    looks = [mean_interval(row[:end], row[:end]) for end in range(0, 600, 50)]
    assert looks[0] == (-1.0, 1.0)
    assert all(a[0] <= b[0] and b[1] <= a[1] for a, b in pairwise(looks))


def test_differences_are_found() -> None:
    assert np.mean([mean_interval(row, row)[1] < 0 for row in canaries(-0.02, 20, 1500)]) > 0.9
    assert np.mean([mean_interval(row, row)[0] > -MARGIN for row in canaries(0.01, 20, 800)]) > 0.9
    agreed = np.zeros(650)
    assert mean_interval(agreed, agreed)[0] > -MARGIN


def test_what_is_not_known_counts_as_the_worst() -> None:
    [row] = canaries(0.0, 1, 1000)
    known = mean_interval(row, row)
    open_at = np.flatnonzero(row)[::3]
    lows, highs = row.copy(), row.copy()
    lows[open_at], highs[open_at] = -0.25, 0.25
    low, high = mean_interval(lows, highs)
    assert low < known[0]
    assert known[1] < high


def test_whoever_chooses_what_is_checked_gains_nothing() -> None:
    """Here only what speaks for the candidate is checked, though it is worse by the margin."""
    wrong = 0
    for row in canaries(-MARGIN, 100, 1000):
        wrong += mean_interval(np.where(row < 0, -0.25, row), np.where(row < 0, 0.25, row))[0] > -MARGIN
    assert wrong <= 0.05 * 100
