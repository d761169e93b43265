"""Matching of answered rows to true ones: the pairs whose cells are most alike altogether."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from extraction.domain.evaluation.scoring import anls
from extraction.domain.field_types import Conventions, same
from extraction.domain.fields import Field
from extraction.domain.line_items.rows import Row

# Pairs of rows that are compared each with each; longer tables are matched within a band around their order.
MOST = 40_000
# Prefers pairs in the same order, among rows that are equal.
ORDER = 1e-4


def match(field: Field, truth: Sequence[Row], answer: Sequence[Row], conventions: Conventions) -> list[tuple[int, int]]:
    """Pairs of indices (true row, answered row) that share something, in the order of the truth."""
    if not truth or not answer:
        return []
    alike = _similarities(field, truth, answer, conventions)
    pairs = zip(*linear_sum_assignment(alike, maximize=True), strict=True)
    return [(int(row), int(column)) for row, column in pairs if alike[row, column] > 0]


def wrong_cells(field: Field, truth: Row, answer: Row, conventions: Conventions) -> list[str]:
    """The fields whose cells do not mean the same. A cell that the truth does not know is never wrong."""
    known = [part for part in field.fields if part.name in truth]
    return [
        part.name for part in known if not same(part, truth[part.name], answer.get(part.name), conventions=conventions)
    ]


def _similarities(
    field: Field, truth: Sequence[Row], answer: Sequence[Row], conventions: Conventions
) -> NDArray[np.float64]:
    reach = max(MOST // max(len(truth), len(answer)), 1)
    table = np.zeros((len(truth), len(answer)))
    cache: dict[tuple[str, str, str], float] = {}
    for i, row in enumerate(truth):
        for j in range(max(i - reach, 0), min(i + reach + 1, len(answer))):
            shared = sum(
                _similarity(field, part, row, answer[j], conventions, cache) for part in range(len(field.fields))
            )
            table[i, j] = shared - ORDER * abs(i - j) / max(len(truth), len(answer)) if shared else 0
    return table


def _similarity(
    field: Field,
    number: int,
    truth: Row,
    answer: Row,
    conventions: Conventions,
    cache: dict[tuple[str, str, str], float],
) -> float:
    part = field.fields[number]
    a, b = truth.get(part.name), answer.get(part.name)
    if not a or not b:
        return 0.0
    key = (part.name, a, b)
    if key not in cache:
        cache[key] = 1.0 if same(part, a, b, conventions=conventions) else anls(a, b)
    return cache[key]
