"""Two people change the rows of one table: each change stays, and what both changed is asked about."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest

from extraction.domain.line_items.merging import merge


def rows(text: str) -> list[dict[str, object]]:
    """A row for each letter."""
    return [{"text": letter} for letter in text]


def written(merged: Sequence[object]) -> str:
    return "".join(row["text"] for row in merged)  # type: ignore[index]


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "expected"),
    [
        ("abcd", "abcd", "abcd", "abcd"),
        ("abcd", "aBcd", "abcd", "aBcd"),
        ("abcd", "abcd", "abCd", "abCd"),
        ("abcd", "aBcd", "abCd", "aBCd"),  # side by side
        ("abcd", "abd", "aBcd", "aBd"),
        ("abcd", "abxcd", "abcDy", "abxcDy"),
        ("abcd", "abxcd", "abycd", "abyxcd"),  # both added here
        ("abcd", "abxcd", "abxcd", "abxcd"),  # the same row
        ("abcd", "aBcd", "aBcd", "aBcd"),
        ("abcd", "acd", "acd", "acd"),
        ("aaaa", "aaa", "aaaa", "aaa"),  # equal rows are rows
        ("", "ab", "", "ab"),
        ("ab", "", "ab", ""),
        ("abcd", "abXYcd", "abcd!", "abXYcd!"),
        ("abcd", "aXYcd", "abcD", "aXYcD"),  # one row split in two
    ],
)
def test_changes_of_different_rows_both_stay(base: str, mine: str, theirs: str, expected: str) -> None:
    merged = merge(rows(base), rows(mine), rows(theirs))
    assert written(merged.rows) == expected
    assert merged.clashes == ()


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "expected", "clash"),
    [
        ("abcd", "aXcd", "aYcD", "aXcD", (1, "X", "Y")),
        ("abcd", "acd", "aYcd", "aYcd", (1, None, "Y")),
        ("abcd", "aXcd", "acd", "aXcd", (1, "X", None)),
        ("abcd", "nabXd", "abYd", "nabXd", (3, "X", "Y")),
    ],
)
def test_a_row_that_both_changed_is_asked_about(
    base: str, mine: str, theirs: str, expected: str, clash: tuple[int, str | None, str | None]
) -> None:
    merged = merge(rows(base), rows(mine), rows(theirs))
    assert written(merged.rows) == expected
    [found] = merged.clashes
    assert (found.at, found.mine and found.mine["text"], found.theirs and found.theirs["text"]) == clash


def changed(draw: random.Random, text: str, own: str) -> str:
    """Some letters replaced, removed and added; new ones are of `own`."""
    letters = list(text)
    for _ in range(draw.randint(0, 3)):
        at = draw.randrange(len(letters) + 1)
        letters[at : at + draw.randint(0, 1)] = draw.choice([[], [draw.choice(own)]])
    return "".join(letters)


@pytest.mark.parametrize("seed", range(200))
def test_nothing_that_was_typed_is_lost(seed: int) -> None:
    draw = random.Random(seed)
    base = "".join(draw.choices("abcdef", k=draw.randint(0, 8)))
    mine, theirs = changed(draw, base, "UVW"), changed(draw, base, "XYZ")
    merged = merge(rows(base), rows(mine), rows(theirs))
    seen = written(merged.rows) + "".join(str(clash.theirs["text"]) for clash in merged.clashes if clash.theirs)
    assert {letter for letter in mine + theirs if letter.isupper()} <= set(seen)
    assert written(merge(rows(base), rows(mine), rows(base)).rows) == mine
    assert written(merge(rows(base), rows(base), rows(theirs)).rows) == theirs


def test_five_thousand_equal_rows_are_merged_too() -> None:
    base = rows("a" * 5000)
    mine, theirs = [*base], [*base]
    mine[100], theirs[4000] = {"text": "M"}, {"text": "T"}
    merged = merge(base, mine, theirs)
    assert [row["text"] for row in merged.rows].count("a") == 4998
    assert (merged.rows[100]["text"], merged.rows[4000]["text"]) == ("M", "T")
