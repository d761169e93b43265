"""Distance of two ordered trees: the cheapest way to turn one into the other.

Algorithm: Zhang & Shasha, *Simple Fast Algorithms for the Editing Distance between Trees and Related Problems*, 1989.
Costs are those by which Donut scores trees (Kim et al., *OCR-Free Document Understanding Transformer*, 2022): a node
costs 1 to delete or insert, a leaf as many as it has characters; a renamed node costs 1, a leaf the edit distance of
its texts.

All forests of the second tree are computed at once, a row of the table for each node of the first: a table of rows has
many small trees, for which steps one by one would take seconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Node:
    """A node of an ordered tree. A `leaf` holds a value as its label."""

    label: str
    children: Sequence[Node] = field(default=())
    leaf: bool = False

    @property
    def cost(self) -> int:
        """Of deleting or inserting it."""
        return len(self.label) if self.leaf else 1


class Tree:
    """The nodes of a tree in postorder, with what Zhang and Shasha call its leftmost leaves and keyroots."""

    def __init__(self, root: Node) -> None:
        self.nodes: list[Node] = []
        self.leftmost: list[int] = []
        self._add(root)
        self.costs = np.array([node.cost for node in self.nodes], dtype=np.int64)
        # The last node of each leftmost leaf is a keyroot.
        self.keyroots = sorted({first: number for number, first in enumerate(self.leftmost)}.values())

    def _add(self, node: Node) -> int:
        """Returns the place of the node's leftmost leaf."""
        firsts = [self._add(child) for child in node.children]
        self.leftmost.append(firsts[0] if firsts else len(self.nodes))
        self.nodes.append(node)
        return self.leftmost[-1]

    @cached_property
    def work(self) -> int:
        """Nodes of all trees below keyroots; the time of a distance grows with the product of two trees' work."""
        return sum(root - self.leftmost[root] + 1 for root in self.keyroots)


def distance(first: Tree, second: Tree) -> int:
    """The edit distance of the trees."""
    if first.nodes[-1] == second.nodes[-1]:
        return 0
    table = np.zeros((len(first.nodes), len(second.nodes)), dtype=np.int64)
    forests, renames = _Forests(second, int(first.costs.sum())), _renames(first, second)
    for root in first.keyroots:
        _fill(table, first, root, forests, renames)
    return int(table[-1, -1])


class _Forests:
    """The forests of a tree as places of one vector: for each keyroot the empty forest, then one a node.

    Keyroots are ordered by levels, those whose trees hold no other first; `levels` are slices of the vector. `most` is
    the cost of deleting all of the other tree.
    """

    def __init__(self, tree: Tree, most: int) -> None:
        levels = _levels(tree)
        node: list[int] = []
        left: list[int] = []
        insert: list[int] = []
        segment: list[int] = []
        whole: list[bool] = []
        starts: list[int] = []
        bounds: dict[int, list[int]] = {}
        for number, (level, root) in enumerate(sorted((levels[root], root) for root in tree.keyroots)):
            start, first = len(node), tree.leftmost[root]
            starts.append(start)
            inside = range(first, root + 1)
            node += [first, *inside]  # the empty forest has no node of its own
            left += [start, *(start + tree.leftmost[each] - first for each in inside)]
            whole += [False, *(tree.leftmost[each] == first for each in inside)]
            insert += [0, *accumulate(map(int, tree.costs[first : root + 1]))]
            segment += [number] * (len(inside) + 1)
            bounds.setdefault(level, [start, 0])[1] = len(node)
        self.node, self.left, self.insert = np.array(node), np.array(left), np.array(insert, dtype=np.int64)
        self.whole, self.empty = np.array(whole), np.isin(np.arange(len(node)), starts)
        self.levels = [slice(start, end) for _, (start, end) in sorted(bounds.items())]
        # Lowers each keyroot's places below all before them, so that one running minimum serves all keyroots.
        self.lowered = self.insert + np.array(segment) * (most + int(self.insert.max()) + 1)


def _levels(tree: Tree) -> dict[int, int]:
    """Of each keyroot: 0 where its tree holds no other, else one more than the highest in it."""
    levels: dict[int, int] = {}
    for root in tree.keyroots:
        inner = [level for other, level in levels.items() if other >= tree.leftmost[root]]
        levels[root] = max(inner, default=-1) + 1
    return levels


def _fill(table: Ints, first: Tree, root: int, forests: _Forests, renames: Ints) -> None:
    """Distances of the trees on the leftmost path of a keyroot from all trees of the other."""
    start = first.leftmost[root]
    rows = np.empty((root - start + 2, len(forests.node)), dtype=np.int64)
    rows[0] = forests.insert
    for number in range(start, root + 1):
        before = rows[first.leftmost[number] - start]
        row, above = rows[number - start + 1], rows[number - start]
        deleted = above + first.costs[number]
        on_path = first.leftmost[number] == start
        for places in forests.levels if on_path else (slice(None),):
            node, whole = forests.node[places], forests.whole[places]
            kept = before[forests.left[places]] + table[number, node]
            if on_path:
                renamed = above[np.maximum(np.arange(len(above))[places] - 1, 0)] + renames[number, node]
                kept = np.where(whole, renamed, kept)
            best = np.where(forests.empty[places], deleted[places], np.minimum(deleted[places], kept))
            lowered = forests.lowered[places]
            row[places] = np.minimum.accumulate(best - lowered) + lowered
            if on_path:
                table[number, node[whole]] = row[places][whole]


def _renames(first: Tree, second: Tree) -> Ints:
    """What it costs to turn each node of the one into each node of the other."""
    edits = cdist(
        [node.label for node in first.nodes],
        [node.label for node in second.nodes],
        scorer=Levenshtein.distance,
        dtype=np.int64,
    )
    inner, other = (np.array([not node.leaf for node in tree.nodes]) for tree in (first, second))
    mixed = edits + 1
    return np.where(inner[:, None] & other[None, :], edits > 0, np.where(inner[:, None] | other[None, :], mixed, edits))
