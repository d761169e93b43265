"""Assignment of rows to columns, each to at most one, so that the sum of the pairs' worth is largest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

Pair = tuple[int, int]
# Rows times columns of a part that is solved exactly; of a larger one the best pairs are taken first.
LARGEST = 4_000_000


def best_pairs(worth: NDArray[np.float64]) -> list[tuple[int, int]]:
    """The pairs of a row and a column by row, as many as the shorter side of `worth`, floats `[rows, columns]`."""
    # Takes a third of a second, and every process loads the modules that use this one.
    from scipy.optimize import linear_sum_assignment

    rows, columns = linear_sum_assignment(worth, maximize=True)
    return list(zip(rows.tolist(), columns.tolist(), strict=True))


def assign(worth: Mapping[Pair, float]) -> list[Pair]:
    """The pairs, each row and column at most once, whose worth (above 0) has the largest sum; in their order.

    What hangs together is assigned on its own, so that most pairs, which cannot be, take neither time nor memory.
    """
    found: list[Pair] = []
    for part in _parts(worth):
        rows, columns = (sorted({pair[side] for pair in part}) for side in (0, 1))
        if len(rows) * len(columns) > LARGEST:
            found += _greedy(part, worth)
            continue
        matrix = np.zeros((len(rows), len(columns)))
        at_row, at_column = ({key: place for place, key in enumerate(keys)} for keys in (rows, columns))
        for row, column in part:
            matrix[at_row[row], at_column[column]] = worth[row, column]
        found += [(rows[i], columns[j]) for i, j in best_pairs(matrix) if matrix[i, j] > 0]
    return sorted(found)


def _greedy(part: list[Pair], worth: Mapping[Pair, float]) -> Iterator[Pair]:
    rows, columns = set[int](), set[int]()
    for row, column in sorted(part, key=lambda pair: (-worth[pair], pair)):
        if row not in rows and column not in columns:
            rows.add(row)
            columns.add(column)
            yield row, column


def _parts(worth: Mapping[Pair, float]) -> Iterator[list[Pair]]:
    """The pairs by connected part of the graph that they make."""
    of_row, of_column = defaultdict[int, list[Pair]](list), defaultdict[int, list[Pair]](list)
    for pair in worth:
        of_row[pair[0]].append(pair)
        of_column[pair[1]].append(pair)
    seen: set[Pair] = set()
    for start in worth:
        if start in seen:
            continue
        seen.add(start)
        part, left = [], [start]
        while left:
            pair = left.pop()
            part.append(pair)
            for near in (of_row.pop(pair[0], ()), of_column.pop(pair[1], ())):
                new = [each for each in near if each not in seen]
                seen.update(new)
                left += new
        yield part
