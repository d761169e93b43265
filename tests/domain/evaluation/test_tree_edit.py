"""Edit distances of trees against the recursion that defines them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from extraction.domain.evaluation.tree_edit import Node, Tree, distance

Forest = tuple[Node, ...]
LABELS = st.text(alphabet="abc", max_size=3)


def nodes(children: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    return st.builds(Node, LABELS, st.lists(children, min_size=1, max_size=3).map(tuple))


TREES = st.recursive(st.builds(Node, LABELS, st.just(()), st.booleans()), nodes, max_leaves=5)


def children(node: Node) -> Forest:
    return tuple(node.children)


def rename(a: Node, b: Node) -> int:
    edits = int(Levenshtein.distance(a.label, b.label))
    if a.leaf and b.leaf:
        return edits
    return 1 + edits if a.leaf or b.leaf else int(a.label != b.label)


@cache
def forests(first: Forest, second: Forest) -> int:
    """By the last trees of both: one root is deleted, the other inserted, or both are one node."""
    choices = []
    if first:
        *rest, last = first
        choices.append(forests((*rest, *children(last)), second) + last.cost)
    if second:
        *others, other = second
        choices.append(forests(first, (*others, *children(other))) + other.cost)
    if first and second:
        inside = forests(children(last), children(other))
        choices.append(forests(tuple(rest), tuple(others)) + inside + rename(last, other))
    return min(choices, default=0)


@settings(deadline=None)
@given(TREES, TREES)
def test_is_the_cheapest_way_from_one_tree_to_the_other(first: Node, second: Node) -> None:
    assert distance(Tree(first), Tree(second)) == forests((first,), (second,))


def rows(*amounts: str) -> Tree:
    cells: Sequence[Node] = [Node("row", (Node("amount", (Node(amount, leaf=True),)),)) for amount in amounts]
    return Tree(Node("root", tuple(cells)))


def test_a_node_costs_one_and_a_text_its_characters() -> None:
    assert distance(rows("3.50", "8.00"), rows("3.50", "8.00")) == 0
    assert distance(rows("3.50", "8.00"), rows("3.50", "8.10")) == 1
    assert distance(rows("3.50", "8.00"), rows("3.50")) == len("8.00") + 2
    assert distance(rows("3.50"), rows("8.00", "3.50")) == len("8.00") + 2


def test_order_counts() -> None:
    assert distance(rows("3.50", "88.00"), rows("88.00", "3.50")) > 0
