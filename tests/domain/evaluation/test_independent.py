"""ANLS, ANLS* and tree-edit accuracy on 10,000 random cases, against what other hands wrote.

ANLS and ANLS* are those of the package `anls-star`. For tree-edit accuracy there is the recursion over forests that
defines the distance, with Donut's costs, written here in another way than the product's.
"""

from __future__ import annotations

import json
import random
from functools import cache

import pytest
from anls_star import anls_score
from rapidfuzz.distance import Levenshtein

from extraction.domain.evaluation.row_texts import anls_star, tree_accuracy
from extraction.domain.evaluation.similarity import anls

CASES = 10_000
WORDS = ("tea", "teas", "te", "rice", "fried rice", "9.20", "9.00", "19.20", "x", "Total", "totals", "")
NAMES = ("item", "sum", "n")

Tree = tuple[str, tuple["Tree", ...], bool]


def words(draw: random.Random) -> str:
    return " ".join(draw.choice(WORDS) for _ in range(draw.randint(0, 3))).strip()


def rows(draw: random.Random) -> list[dict[str, str]]:
    """At most two rows of at most two cells without empty ones."""
    table = [{name: words(draw) for name in draw.sample(NAMES, draw.randint(1, 2))} for _ in range(draw.randint(0, 2))]
    return [row for row in ({name: text for name, text in row.items() if text} for row in table) if row]


def test_anls_is_that_of_the_package() -> None:
    draw = random.Random(1)
    for _ in range(CASES):
        truth, answer = words(draw), words(draw)
        # The package scores an empty truth as a missing one.
        theirs = anls_score(truth.casefold() or None, answer.casefold() or None)
        assert anls(truth, answer) == pytest.approx(theirs), (truth, answer)


def test_anls_star_of_rows_is_that_of_the_package() -> None:
    draw = random.Random(2)
    for _ in range(CASES):
        truth, answer = rows(draw), rows(draw)
        lowered = [json.loads(json.dumps(each).casefold()) for each in (truth, answer)]
        theirs = anls_score(*(each or None for each in lowered))
        assert anls_star(truth, answer, ()) == pytest.approx(theirs), (truth, answer)


def tree(table: list[dict[str, str]]) -> Tree:
    """In Donut's order of keys: by length, then alphabetically."""
    ordered = [sorted(row.items(), key=lambda item: (len(item[0]), item[0])) for row in table]
    leaves = [tuple((name, ((text, (), True),), False) for name, text in row) for row in ordered]
    return ("<root>", (("rows", tuple(("<row>", row, False) for row in leaves), False),), False)


def weight(node: Tree) -> int:
    return len(node[0]) if node[2] else 1


def renamed(one: Tree, other: Tree) -> int:
    if one[2] and other[2]:
        return int(Levenshtein.distance(one[0], other[0]))
    return int(Levenshtein.distance(one[0], other[0])) + 1 if one[2] or other[2] else int(one[0] != other[0])


@cache
def edits(one: tuple[Tree, ...], other: tuple[Tree, ...]) -> int:
    """Of two forests, from the left: the first root is deleted, inserted, or kept as the other."""
    if not one and not other:
        return 0
    if not one:
        return weight(other[0]) + edits((), other[0][1] + other[1:])
    if not other:
        return weight(one[0]) + edits(one[0][1] + one[1:], ())
    return min(
        weight(one[0]) + edits(one[0][1] + one[1:], other),
        weight(other[0]) + edits(one, other[0][1] + other[1:]),
        renamed(one[0], other[0]) + edits(one[0][1], other[0][1]) + edits(one[1:], other[1:]),
    )


def test_tree_accuracy_is_that_of_the_recursion() -> None:
    draw = random.Random(3)
    for _ in range(CASES):
        truth, answer = rows(draw), rows(draw)
        if truth and answer:
            whole = edits((tree(truth),), (("<root>", (), False),))
            theirs = max(0.0, 1 - edits((tree(truth),), (tree(answer),)) / whole)
            assert tree_accuracy(truth, answer, ()) == pytest.approx(theirs), (truth, answer)
