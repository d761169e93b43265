"""Merging of two changes to the rows of one group, row by row, and what stands against it.

Rows have no names of their own, so the rows of a change are matched to those that it began with by their contents. A
row that one side changed, removed or added is taken from that side; a row that both changed differently is a clash.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

Row = Mapping[str, object]
Key = tuple[tuple[str, str], ...]

# Pairs of rows that are compared; of larger changes a row is taken for the one in its place.
MOST = 4_000_000


@dataclass(frozen=True, slots=True)
class Clash:
    """A row that both sides changed: where it stands among the merged rows, and as each has it (`None`: removed).

    The merged rows hold `mine`, or `theirs` where I removed it.
    """

    at: int
    mine: Row | None
    theirs: Row | None


@dataclass(frozen=True, slots=True)
class Merged:
    rows: tuple[Row, ...]
    clashes: tuple[Clash, ...]


def merge(base: Sequence[Row], mine: Sequence[Row], theirs: Sequence[Row]) -> Merged:
    """The rows with the changes of both sides; `base` are the rows with which both began."""
    my, their = _Change(base, mine), _Change(base, theirs)
    rows: list[Row] = []
    clashes: list[Clash] = []
    for at in range(len(base) + 1):
        rows += _added(my.added.get(at, []), their.added.get(at, []))
        if at == len(base):
            break
        one, other = my.became(at), their.became(at)
        if not my.changed(at) or _same(one, other):
            one = other
        elif their.changed(at):
            clashes.append(Clash(len(rows), one, other))
            one = one if one is not None else other
        if one is not None:
            rows.append(one)
    return Merged(tuple(rows), tuple(clashes))


class _Change:
    """What became of each row of the base, and the rows that were added before it (at its end: after the last)."""

    def __init__(self, base: Sequence[Row], rows: Sequence[Row]) -> None:
        self.base = base
        self.replaced: dict[int, Row | None] = {}
        self.added: dict[int, list[Row]] = {}
        for first, end, start, stop in _blocks([_key(row) for row in base], [_key(row) for row in rows]):
            paired = min(end - first, stop - start)
            for step in range(paired):
                self.replaced[first + step] = rows[start + step]
            for gone in range(first + paired, end):
                self.replaced[gone] = None
            if stop > start + paired:
                self.added[end] = [*rows[start + paired : stop]]

    def changed(self, at: int) -> bool:
        return at in self.replaced

    def became(self, at: int) -> Row | None:
        return self.replaced.get(at, self.base[at])


def _blocks(old: Sequence[Key], new: Sequence[Key]) -> Iterator[tuple[int, int, int, int]]:
    """Where the two differ: first and end of the old rows, first and end of the new ones that took their place."""
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    before, after = old[head : len(old) - tail], new[head : len(new) - tail]
    if not before and not after:
        return
    if len(before) * len(after) > MOST:
        yield head, head + len(before), head, head + len(after)
        return
    for tag, first, end, start, stop in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag != "equal":
            yield head + first, head + end, head + start, head + stop


def _added(mine: Sequence[Row], theirs: Sequence[Row]) -> list[Row]:
    """What both sides added in one place; the same rows count once."""
    same = [_key(row) for row in mine] == [_key(row) for row in theirs]
    return [*theirs] if same else [*theirs, *mine]


def _key(row: Row) -> Key:
    return tuple(sorted((name, repr(value)) for name, value in row.items()))


def _same(one: Row | None, other: Row | None) -> bool:
    return (one is None) == (other is None) and (one is None or other is None or _key(one) == _key(other))
