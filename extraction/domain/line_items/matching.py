"""Matching of answered rows to true ones: the pairs whose cells are most alike altogether."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from extraction.domain.evaluation.assignment import best_pairs
from extraction.domain.evaluation.similarity import anls
from extraction.domain.field_types import Comparable, Conventions, comparable, same
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
    return [pair for pair in best_pairs(alike) if alike[pair] > 0]


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
    similarity = _Similarity(field, conventions)
    for i, row in enumerate(truth):
        for j in range(max(i - reach, 0), min(i + reach + 1, len(answer))):
            shared = similarity.of(row, answer[j])
            table[i, j] = shared - ORDER * abs(i - j) / max(len(truth), len(answer)) if shared else 0
    return table


class _Similarity:
    """Similarities of rows; each text is read once, and each pair of texts compared once."""

    def __init__(self, field: Field, conventions: Conventions) -> None:
        self.field, self.conventions = field, conventions
        self.read: dict[tuple[str, str], Comparable] = {}
        self.cells: dict[tuple[str, str, str], float] = {}

    def of(self, truth: Row, answer: Row) -> float:
        """How many cells two rows share, those that are alike in part."""
        return sum(self._cell(part, truth.get(part.name), answer.get(part.name)) for part in self.field.fields)

    def _cell(self, part: Field, a: str | None, b: str | None) -> float:
        if not a or not b:
            return 0.0
        key = (part.name, a, b)
        if key not in self.cells:
            self.cells[key] = 1.0 if self._read(part, a).same(self._read(part, b)) else anls(a, b)
        return self.cells[key]

    def _read(self, part: Field, text: str) -> Comparable:
        key = (part.name, text)
        if key not in self.read:
            self.read[key] = comparable(part, text, conventions=self.conventions)
        return self.read[key]
