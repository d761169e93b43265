"""Assignment of rows to columns, each to at most one, so that the sum of the pairs' worth is largest."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def best_pairs(worth: NDArray[np.float64]) -> list[tuple[int, int]]:
    """The pairs of a row and a column by row, as many as the shorter side of `worth`, floats `[rows, columns]`."""
    # Takes a third of a second, and every process loads the modules that use this one.
    from scipy.optimize import linear_sum_assignment

    rows, columns = linear_sum_assignment(worth, maximize=True)
    return list(zip(rows.tolist(), columns.tolist(), strict=True))
