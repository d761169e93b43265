"""Rows from parts of cells: the best cut of the parts, in reading order, into rows.

Rows follow reading order on nearly all documents, so the best cut is found by dynamic programming (a semi-Markov
model). A row is paid for the evidence that it begins where it is cut, for its cells, and for arithmetic that holds. It
has one value of each field, and no word serves twice: of what the tags claim, the rest is left out. Parts may also
belong to no row.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from extraction.domain.line_items.decoding import BEGIN, Part, RowEvidence, probabilities

LONGEST = 16  # parts in one row
LEAST = 1e-4  # probabilities nearer to 0 and 1 are all the same
NEVER = 1e-30  # the probability that a row begins within a part of the one before
UNLIKELY = -12.0  # log-probability of no beginning within a row below which none is tried
ROW = -2.7  # log-price of a row for each field beside its first, up to `OTHERS`: one cell of many is seldom a row
OTHERS = 3

Value = tuple[Part, ...]
Cells = Mapping[int, Value]


@dataclass(frozen=True, slots=True)
class Segment:
    """A row's values by field. `margin` is the probability of the most doubtful decision on where rows begin: that this
    one does, that none begins within it, and that the next one does."""

    cells: Cells
    margin: float


def segments(
    evidence: RowEvidence, parts: Sequence[Part], texts: Collection[int], worth: Callable[[Cells], float]
) -> list[Segment]:
    """The rows of a document, in reading order. `texts` are the fields whose adjacent parts are one value; `worth` is
    the log-score of a row's cells beyond the tags' own."""
    parts = sorted(parts, key=lambda part: (part.first, part.last))
    if not parts:
        return []
    begins = _beginnings(evidence, parts)
    return [
        Segment(cells, min([begins[first], *(1 - odds for odds in begins[first + 1 : end]), *begins[end : end + 1]]))
        for first, end, cells in _cut(parts, begins, evidence.cells.shape[1], texts, worth)
    ]


def _beginnings(evidence: RowEvidence, parts: Sequence[Part]) -> list[float]:
    """For each part the probability that a row begins with it, or with the words before it that belong to no cell."""
    begin = probabilities(evidence.rows)[:, BEGIN]
    likely = []
    reached = 0  # tokens before it belong to earlier parts
    for number, part in enumerate(parts):
        turned = number == 0 or evidence.page[part.first] != evidence.page[parts[number - 1].first]
        if turned:
            reached = int(np.searchsorted(evidence.page, evidence.page[part.first]))
        if turned:
            likely.append(1 - LEAST)
        elif part.first < reached:
            likely.append(NEVER)
        else:
            likely.append(float(np.clip(begin[reached : part.first + 1].max(), LEAST, 1 - LEAST)))
        reached = max(reached, part.last + 1)
    return likely


def _cut(
    parts: Sequence[Part],
    begins: Sequence[float],
    fields: int,
    texts: Collection[int],
    worth: Callable[[Cells], float],
) -> Iterator[tuple[int, int, Cells]]:
    """First and end of each row's parts, with its cells."""
    size, price = len(parts), ROW * min(fields - 1, OTHERS)
    cut, stay = np.log(begins).tolist(), np.log1p(-np.array(begins)).tolist()
    best = [0.0] + [-np.inf] * size
    back: list[tuple[int, Cells]] = [(0, {})] * (size + 1)
    for end in range(1, size + 1):
        # The last part belongs to no row, and none begins with it.
        best[end], back[end] = best[end - 1] + stay[end - 1], (end - 1, {})
        staying = 0.0
        for first in range(end - 1, max(end - LONGEST, 0) - 1, -1):
            cells, gain = _row(parts[first:end], texts, worth)
            score = best[first] + cut[first] + staying + gain + price
            if score > best[end]:
                best[end], back[end] = score, (first, cells)
            staying += stay[first]
            if staying < UNLIKELY:
                break
    rows = []
    end = size
    while end:
        first, cells = back[end]
        if cells:
            rows.append((first, end, cells))
        end = first
    return reversed(rows)


def _row(parts: Sequence[Part], texts: Collection[int], worth: Callable[[Cells], float]) -> tuple[Cells, float]:
    """The best values of the parts as one row, and their log-score: the likeliest ones, or one number exchanged for
    another that makes arithmetic hold."""
    values = sorted(_values(parts, texts), key=lambda value: -value.gain)
    likeliest = _picked(values)
    best, score = _scored(likeliest, worth)
    for value in values:
        if value.field not in texts and value not in likeliest:
            cells, exchanged = _scored(_picked([value, *values]), worth)
            if exchanged > score:
                best, score = cells, exchanged
    return best, score


@dataclass(frozen=True, slots=True, eq=False)
class _Candidate:
    """A value that a row may have; `tokens` are bits of a number."""

    field: int
    parts: Value
    gain: float
    tokens: int


def _scored(picked: Sequence[_Candidate], worth: Callable[[Cells], float]) -> tuple[Cells, float]:
    cells = {value.field: value.parts for value in picked}
    return cells, sum([value.gain for value in picked]) + worth(cells)


def _picked(values: Sequence[_Candidate]) -> list[_Candidate]:
    """The first value, and of each other field the first likely one that shares no token with those before it."""
    picked = [values[0]]
    fields, tokens = {values[0].field}, values[0].tokens
    for value in values[1:]:
        if value.gain > 0 and value.field not in fields and not value.tokens & tokens:
            picked.append(value)
            fields.add(value.field)
            tokens |= value.tokens
    return picked


def _values(parts: Sequence[Part], texts: Collection[int]) -> Iterator[_Candidate]:
    """The values that the parts give their fields."""
    values: dict[int, list[Value]] = {}
    for part in parts:
        found = values.setdefault(part.field, [])
        adjacent = part.field in texts and found and found[-1][-1].last + 1 == part.first
        if found and (adjacent or not part.begins):
            found[-1] += (part,)
        else:
            found.append((part,))
    start = parts[0].first
    for field, found in values.items():
        for value in found:
            tokens = sum([(1 << part.last + 1 - start) - (1 << part.first - start) for part in value])
            yield _Candidate(field, value, sum([part.gain for part in value]), tokens)
