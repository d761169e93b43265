"""Likeness of the texts of two tables' rows: ANLS* and tree-edit accuracy.

A row holds the texts of its cells by field, without empty ones. Both measures take time that grows with the square of
the rows or more; tables beyond a bound are compared by the pairs of rows that were matched, which is never better.

Definitions: Peer et al., *ANLS\\**, 2024; Kim et al., *OCR-Free Document Understanding Transformer*, 2022 (tree-edit
accuracy, by which Donut is scored).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist

from extraction.domain.evaluation.assignment import best_pairs
from extraction.domain.evaluation.similarity import TAU, plain
from extraction.domain.evaluation.tree_edit import Node, Tree, distance

Texts = Mapping[str, str]
Pairs = Sequence[tuple[int, int]]
Floats = NDArray[np.float64]

# True rows times answered ones up to which each is compared with each for ANLS*.
MOST_PAIRS = 40_000
# Product of the work of two trees up to which their distance is computed: some 150 rows of four cells.
MOST_WORK = 15_000_000


def anls_star(truth: Sequence[Texts], answer: Sequence[Texts], pairs: Pairs) -> float:
    """ANLS*, 0–1, as the package `anls-star` computes it for lists of objects; that takes seconds for sixty rows.

    `pairs` are those by which rows are compared where there are more than `MOST_PAIRS`.
    """
    if not truth or not answer:
        return float(not truth and not answer)
    if len(truth) * len(answer) <= MOST_PAIRS:
        shared, sizes = _alike(truth, answer)
        chosen = best_pairs(shared / sizes)
        score, size = sum(shared[pair] for pair in chosen), sum(sizes[pair] for pair in chosen)
    else:
        chosen = list(pairs)
        each = [_alike([truth[row]], [answer[column]]) for row, column in chosen]
        score, size = sum(shared.item() for shared, _ in each), sum(sizes.item() for _, sizes in each)
    return float(score / (size + sum(map(len, _left(truth, answer, chosen)))))


def tree_accuracy(truth: Sequence[Texts], answer: Sequence[Texts], pairs: Pairs) -> float:
    """1 less the distance of the two trees over that of the true one from an empty tree, at least 0.

    A tree has the group below its root, below that its rows, their fields and in these the texts, where case counts.
    `pairs` are those that rows are compared by where the trees are too large; pairs out of order are not used.
    """
    if not truth or not answer:
        return float(not truth and not answer)
    first, second = _tree(truth), _tree(answer)
    small = first.work * second.work <= MOST_WORK
    edits = distance(first, second) if small else _by_rows(truth, answer, in_order(pairs))
    return max(0.0, 1 - edits / distance(first, Tree(Node("<root>"))))


def in_order(pairs: Pairs) -> list[tuple[int, int]]:
    """The most of the pairs, ordered by their first number, whose second numbers increase too."""
    ends: list[int] = []  # the least second number at which a chain of each length ends
    lengths = []
    for _, column in pairs:
        length = bisect_left(ends, column)
        ends[length : length + 1] = [column]
        lengths.append(length + 1)
    chain: list[tuple[int, int]] = []
    wanted = len(ends)
    for pair, length in zip(reversed(pairs), reversed(lengths), strict=True):
        if length == wanted and (not chain or pair[1] < chain[-1][1]):
            chain.append(pair)
            wanted -= 1
    return chain[::-1]


def _alike(truth: Sequence[Texts], answer: Sequence[Texts]) -> tuple[Floats, Floats]:
    """Of each pair of rows: the sum of its cells' similarities, and the number of fields that either has."""
    shared, sizes = np.zeros((2, len(truth), len(answer)))
    for name in {name for row in (*truth, *answer) for name in row}:
        ours, theirs = ([plain(row.get(name)) for row in rows] for rows in (truth, answer))
        both = np.array([name in row for row in truth])[:, None] & np.array([name in row for row in answer])
        either = np.array([name in row for row in truth])[:, None] | np.array([name in row for row in answer])
        alike = cdist(ours, theirs, scorer=Levenshtein.normalized_similarity, dtype=np.float64)
        shared += np.where(both & (alike >= TAU), alike, 0)
        sizes += either
    return shared, sizes


def _tree(rows: Sequence[Texts]) -> Tree:
    return Tree(Node("<root>", (Node("rows", tuple(Node("<row>", _cells(row)) for row in rows)),)))


def _cells(row: Texts) -> tuple[Node, ...]:
    """In Donut's order of fields."""
    names = sorted(row, key=lambda name: (len(name), name))
    return tuple(Node(name, (Node(row[name], leaf=True),)) for name in names)


def _by_rows(truth: Sequence[Texts], answer: Sequence[Texts], pairs: Pairs) -> int:
    """What it costs to edit each row into its partner, cell by cell: no less than the distance of the trees."""
    cells = [(truth[row].get(name), answer[column].get(name)) for row, column in pairs for name in truth[row]]
    cells += [(None, text) for row, column in pairs for name, text in answer[column].items() if name not in truth[row]]
    edits = sum(Levenshtein.distance(a, b) if a and b else 1 + len(a or b or "") for a, b in cells)
    return edits + sum(_cost(row) for row in _left(truth, answer, pairs))


def _cost(row: Texts) -> int:
    """Of deleting or inserting it."""
    return 1 + sum(1 + len(text) for text in row.values())


def _left(truth: Sequence[Texts], answer: Sequence[Texts], pairs: Pairs) -> list[Texts]:
    """The rows without a partner."""
    rows, columns = ({pair[side] for pair in pairs} for side in (0, 1))
    left = [row for number, row in enumerate(truth) if number not in rows]
    return [*left, *(row for number, row in enumerate(answer) if number not in columns)]
