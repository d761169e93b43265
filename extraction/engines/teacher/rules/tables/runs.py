"""Which amounts of a document are those of its rows: a run of them that adds up to a sum that is printed behind it."""

from __future__ import annotations

import statistics
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from extraction.domain.work import deadlines
from extraction.engines.teacher.rules.tables.lines import Line

# What speaks for a run and against it.
PROVEN, ENDS_AT_SUM, HEADED = 3.0, 1.5, 1.0
LEFT_OUT, SUM_INSIDE, PERHAPS_INSIDE, SUM_BEFORE = 1.0, 2.0, 0.7, 0.8
# Sums inside a run after which it ends; rows that hardly add up by chance, and what sums inside then count for.
MOST_SUMS, MANY, UNLIKELY = 4, 4, 0.2
# For amounts before a run altogether.
MOST_LEFT_OUT = 1.6
# For each row: what goes on on another page adds up before that too.
LONGER = 0.02
# Amounts with which a run may begin, and amounts that are looked at.
MOST_STARTS, MOST_AMOUNTS = 60, 3000
# Amounts equal to a sum that are looked at.
MOST_EQUAL = 4
# Where right edges of the column of amounts begin, in shares of the width up to the last of them.
AMOUNTS_FROM = 0.62
# Beyond this score a run is one of rows.
LEAST = 0.5


@dataclass(frozen=True, slots=True)
class Run:
    """`anchors`: the lines with the rows' amounts. `proven`: their sum is printed behind them. `begin` and `end` are
    the first line of the table and the one behind its last; `bounded`: a head or a rule says where it begins."""

    anchors: tuple[Line, ...]
    proven: bool
    begin: int
    end: int
    bounded: bool


def find_run(lines: Sequence[Line]) -> Run | None:
    """The best run of rows' amounts; `None` where nothing tells them from other amounts."""
    edges = _edges(lines)
    amounts = [line for line in lines if _in_column(line, *edges)][:MOST_AMOUNTS]
    heads = [line.place for line in lines if line.head]
    best = max(_runs(amounts, heads), key=lambda run: run[0], default=None)
    if best is None or best[0] < LEAST:
        return None
    _, first, end, carried, proven = best
    anchors = tuple(line for place, line in enumerate(amounts[first:end], first) if place not in carried)
    begin, bounded = _begin(lines, anchors[0])
    return Run(anchors, proven, begin, _end(lines, anchors[-1]), bounded)


_Scored = tuple[float, int, int, frozenset[int], bool]


def _runs(amounts: Sequence[Line], heads: Sequence[int]) -> Iterator[_Scored]:
    """Every run with its score."""
    values = [line.amount.value for line in amounts if line.amount]
    later = _last_places(amounts)
    left_out = sums = 0.0
    for first in range(min(len(amounts), MOST_STARTS)):
        deadlines.check()
        headed = HEADED * any(place < amounts[first].place for place in heads[:1])
        yield from _from(amounts, values, later, first, headed - left_out - sums)
        if amounts[first].sums:
            sums += SUM_BEFORE
        elif not (heads and amounts[first].place < heads[0]):
            left_out = min(left_out + LEFT_OUT, MOST_LEFT_OUT)


def _last_places(amounts: Sequence[Line]) -> dict[Decimal, list[int]]:
    places: dict[Decimal, list[int]] = {}
    for place, line in enumerate(amounts):
        if line.amount:
            places.setdefault(line.amount.value, []).append(place)
    return places


def _from(
    amounts: Sequence[Line], values: Sequence[Decimal], later: dict[Decimal, list[int]], first: int, start: float
) -> Iterator[_Scored]:
    """The runs that begin with that amount."""
    total, inside, carried = Decimal(0), 0.0, frozenset[int]()
    for place in range(first, len(amounts)):
        line = amounts[place]
        if place > first and line.added_up and values[place] == total and _turns(amounts, place):
            carried |= {place}
            continue
        if line.sums:
            inside += SUM_INSIDE if line.surely_sums else PERHAPS_INSIDE
        if inside > MOST_SUMS * SUM_INSIDE:
            return
        total += values[place]
        following = amounts[place + 1] if place + 1 < len(amounts) else None
        equal = later.get(total, ())
        at = bisect_right(equal, place)
        matching = equal[at : at + MOST_EQUAL]
        proven = bool(matching) and (total != 0)
        named = any(amounts[other].added_up for other in matching)
        ended = following is None or following.sums
        gain = PROVEN * proven * (1.0 if named else 0.5) + ENDS_AT_SUM * (ended and following is not None)
        missed = LEFT_OUT * (not ended) + LEFT_OUT * 0.5 * _rows_until_sum(amounts, place + 1)
        rows = place - first - len(carried)
        # Many amounts hardly add up by chance, whatever words are beside them.
        inside_counts = inside * (UNLIKELY if proven and named and rows >= MANY else 1.0)
        yield (
            start + gain - missed - inside_counts + LONGER * min(rows, 50),
            first,
            place + 1,
            carried,
            proven and named,
        )


def _turns(amounts: Sequence[Line], place: int) -> bool:
    """Whether the table goes on on another page: the sum is the last amount before it, or the first on it."""
    before, line = amounts[place - 1], amounts[place]
    after = amounts[place + 1] if place + 1 < len(amounts) else line
    return before.page != line.page or after.page != line.page


def _rows_until_sum(amounts: Sequence[Line], start: int) -> int:
    """Amounts behind a run before the first that is a sum, up to a few."""
    count = 0
    for line in amounts[start : start + 8]:
        if line.sums:
            break
        count += 1
    return count


def _edges(lines: Sequence[Line]) -> tuple[float, float]:
    """Left edge of the print, and right edge of its amounts."""
    lefts = [piece.box.x0 for line in lines for piece in line.row.pieces]
    rights = [line.amount.box.x1 for line in lines if line.amount]
    return (statistics.quantiles(lefts, n=20)[0] if len(lefts) > 1 else 0.0), max(rights, default=1.0)


def _in_column(line: Line, left: float, right: float) -> bool:
    return line.amount is not None and line.amount.box.x1 > left + AMOUNTS_FROM * (right - left)


def _begin(lines: Sequence[Line], first: Line) -> tuple[int, bool]:
    """The first line of the table, and whether a head or a rule stands above it."""
    for place in range(first.place - 1, max(first.place - 8, -1), -1):
        line = lines[place]
        if line.head or line.empty or line.page != first.page:
            return place + 1, True
    return max(first.place - 3, 0), False


def _end(lines: Sequence[Line], last: Line) -> int:
    for place in range(last.place + 1, len(lines)):
        line = lines[place]
        if line.sums or line.empty or line.amount or line.page != last.page:
            return place
    return len(lines)
