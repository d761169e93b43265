"""Which printed lines make a row: the line of its amount, and those above or below it that belong to it."""

from __future__ import annotations

import re
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from extraction.engines.teacher.rules.tables.lines import Line, Number
from extraction.engines.teacher.rules.tables.runs import Run
from extraction.engines.teacher.rules.tables.words import names

# Lines beside that of the amount which one row may take.
MOST_LINES = 5
_PRODUCT = re.compile(r"\d\s?[xX×@*]\s?\S?\d")


@dataclass(frozen=True, slots=True)
class Band:
    """The lines of a row from top to bottom, the one with its amount, and that."""

    lines: tuple[Line, ...]
    anchor: Line
    amount: Number


def bands(lines: Sequence[Line], run: Run) -> list[Band]:
    between = _between(lines, run)
    above = _names_above(run, between)
    own: list[list[Line]] = [[] for _ in run.anchors]
    for gap, found in enumerate(between):
        before, behind = gap - 1, gap
        if gap == 0:
            named = any(names(line) for line in (run.anchors[0], *between[1]))
            own[0] += found if above or not named else []
        elif gap == len(run.anchors):
            own[-1] += found if not above else _products(found)
        else:
            cut = _cut(run.anchors[before], run.anchors[behind], found, above)
            own[before] += found[:cut]
            own[behind] += found[cut:]
    return [
        Band(tuple(sorted([*some[-MOST_LINES:], anchor], key=lambda line: line.place)), anchor, anchor.amount)
        for some, anchor in zip(own, run.anchors, strict=True)
        if anchor.amount
    ]


def _between(lines: Sequence[Line], run: Run) -> list[list[Line]]:
    """The lines before the first anchor, between each two, and behind the last one."""
    places = [line.place for line in run.anchors]
    anchors = set(places)
    bounds = [run.begin, *places, run.end]
    found = []
    for start, end in pairwise(bounds):
        inside = [line for line in lines[start:end] if line.place not in anchors]
        # Sums that are carried to the next page, and heads that stand there again, are no rows.
        found.append([line for line in inside if not (line.empty or line.head or (line.sums and line.amount))])
    if not run.bounded:
        usual = _usual(found[1:-1]) or (0 if found[-1] and names(run.anchors[0]) else 1)
        found[0] = found[0][-_as_far_as_a_name(found[0], usual) :] if usual else []
    most = max(_usual(found[1:-1]), 1) if len(run.anchors) > 1 else 2
    found[-1] = found[-1][:most]
    return found


def _as_far_as_a_name(lines: Sequence[Line], usual: int) -> int:
    """As many of the last lines as usual, and more up to one with a name."""
    named = [place for place, line in enumerate(reversed(lines), 1) if names(line)]
    return max(usual, named[0] if named else 0)


def _usual(gaps: Sequence[Sequence[Line]]) -> int:
    return round(statistics.median(len(gap) for gap in gaps)) if gaps else 0


def _names_above(run: Run, between: Sequence[Sequence[Line]]) -> bool:
    """Whether lines between two amounts belong to the lower one."""
    named = [bool(names(anchor)) for anchor in run.anchors]
    before = [line for line in between[0] if names(line)]
    behind = [line for line in between[-1] if names(line)]
    if run.bounded:
        if bool(before) != bool(behind):
            return bool(before)
        usual = _usual([[line for line in gap if names(line)] for gap in between[1:-1]])
        return len(before) >= usual if before else False
    if sum(named) * 2 > len(named):
        return False
    return not behind


def _cut(before: Line, behind: Line, found: Sequence[Line], above: bool) -> int:
    """How many of the lines between two amounts belong to the upper one."""
    if above:
        return len(found) if not found else _products_first(found, before)
    if names(behind) or not names(before):
        return len(found)
    # The upper row has its name beside its amount, the lower one has not: the last line with letters is its name.
    named = [place for place, line in enumerate(found) if names(line)]
    return named[-1] if named else len(found)


def _products_first(found: Sequence[Line], before: Line) -> int:
    """Lines with quantity and price directly below an amount that is their product."""
    if before.amount and found and _PRODUCT.search(found[0].text) and not found[0].amount:
        values = [number.value for number in found[0].numbers]
        if any(a * b == before.amount.value for place, a in enumerate(values) for b in values[place + 1 :]):
            return 1
    return 0


def _products(found: Sequence[Line]) -> list[Line]:
    return [line for line in found[:1] if _PRODUCT.search(line.text)]
