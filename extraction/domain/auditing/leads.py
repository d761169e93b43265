"""How sure each pair of an assignment is: by how much the best one exceeds the best one without that pair."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Mapping
from heapq import heappop, heappush

from extraction.domain.evaluation.assignment import Pair

# For each row what it costs that it takes the column of another row, which must then take another one.
Moves = Mapping[int, Mapping[int, float]]
# Below this, sums of scores differ by how they are rounded; how often a row is looked at again, at most.
ROUNDED, OFTEN = 1e-9, 50


def leads(scores: Mapping[Pair, float], pairs: Mapping[int, int], enough: float) -> dict[int, float]:
    """By how much the scores of all `pairs`, whose sum is largest, exceed those of the best ones without the pair of a
    row. Only whether it is `enough` is exact: longer rounds are looked for where nothing else tells that it is not.
    """
    moves, begins, ends = _moves(scores, pairs)
    back: dict[int, dict[int, float]] = defaultdict(dict)
    for row, others in moves.items():
        for other, cost in others.items():
            back[other][row] = cost
    before, after = _cheapest(begins, moves), _cheapest(ends, back)
    found = {row: before[row] + after[row] for row in pairs}
    for row, others in moves.items():
        for other, cost in others.items():
            if row in moves[other]:
                found[row] = min(found[row], cost + moves[other][row])
    for row, lead in found.items():
        if lead >= enough:
            round_ = _round(row, moves, before, enough)
            found[row] = lead if round_ is None else round_
    return found


def _moves(
    scores: Mapping[Pair, float], pairs: Mapping[int, int]
) -> tuple[dict[int, dict[int, float]], dict[int, float], dict[int, float]]:
    """The moves, and what it costs that a row's column goes to a row without one or stays free, and that a row takes a
    free column or none."""
    of_column = {column: row for row, column in pairs.items()}
    moves: dict[int, dict[int, float]] = {row: {} for row in pairs}
    begins = dict.fromkeys(pairs, 0.0)
    ends = {pair[0]: scores[pair] for pair in pairs.items()}
    for (row, column), worth in scores.items():
        other = of_column.get(column)
        if row not in pairs:
            if other is not None:
                begins[other] = min(begins[other], -worth)
        elif other is None:
            ends[row] = min(ends[row], scores[row, pairs[row]] - worth)
        elif other != row:
            moves[row][other] = scores[row, pairs[row]] - worth
    return moves, begins, ends


def _cheapest(begins: Mapping[int, float], moves: Moves) -> dict[int, float]:
    """The cost of the cheapest way to each row from the outside."""
    costs = dict(begins)
    left, waiting = deque(costs), set(costs)
    # Of an assignment that is not the best some ways have no end.
    seen: dict[int, int] = defaultdict(int)
    while left:
        row = left.popleft()
        waiting.discard(row)
        seen[row] += 1
        for other, cost in moves.get(row, {}).items():
            if costs[row] + cost < costs[other] - ROUNDED:
                costs[other] = costs[row] + cost
                if other not in waiting and seen[other] < OFTEN:
                    left.append(other)
                    waiting.add(other)
    return costs


def _round(start: int, moves: Moves, levels: Mapping[int, float], most: float) -> float | None:
    """The cost of the cheapest round of moves from a row back to it, if it is below `most`.

    `levels` are added to costs so that none is negative, which changes no round's.
    """
    done = set[int]()
    cost, row = 0.0, start
    near: list[tuple[float, int]] = []
    while True:
        if row not in done:
            done.add(row)
            for other, move in moves[row].items():
                total = cost + max(move + levels[row] - levels[other], 0.0)
                if total < most and (other not in done or other == start):
                    heappush(near, (total, other))
        if not near:
            return None
        cost, row = heappop(near)
        if row == start:
            return cost
