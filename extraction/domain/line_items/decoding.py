"""Decoding a tagger's scores of all tokens to the rows of a group, numpy only.

First the cells: each field's tags are decoded on their own by Viterbi over runs of letters or digits. Then the rows:
the cells in reading order are cut into segments. Rows follow reading order on nearly all documents, so the best cut is
found by dynamic programming (a semi-Markov model): it is paid for the evidence that rows begin where it cuts, pays for
two values of one field in a row, and is paid for rows whose arithmetic holds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

PAUSE = -3.0  # log-price of a cell that goes on after a gap
TWICE = -5.0  # log-price of a second value of one field in a row
LONGEST = 16  # parts of cells in one row
LEAST = 1e-4  # probabilities nearer to 0 and 1 are all the same
OUTSIDE, BEGIN, INSIDE = 0, 1, 2
_NEVER = -1e9
AFTER_A_GAP = np.array([PAUSE, 0.0, 0.0])


@dataclass(frozen=True)
class RowEvidence:
    """A tagger's logits for a group over a whole document, begin and inside against outside (0).

    `cells` of shape `[tokens, fields, 2]`, `rows` (a row begins, goes on) `[tokens, 2]`. `page[i]` changes where no row
    goes on, `run[i]` where a new run of letters or digits begins on that page; both `[tokens]`.
    """

    cells: Floats
    rows: Floats
    page: Ints
    run: Ints


@dataclass(frozen=True, slots=True)
class Part:
    """Consecutive tokens, `first` to `last`, of a cell of the field of that number. `begins` is false where a cell goes
    on after a gap. `probability` is that of the most doubtful decision about its tokens."""

    field: int
    first: int
    last: int
    begins: bool
    probability: float


@dataclass(frozen=True, slots=True)
class Segment:
    """The parts of one row in reading order. `margin` is the probability of the most doubtful decision on where rows
    begin: that this one does, that none begins within it, and that the next one does."""

    parts: tuple[Part, ...]
    margin: float


def decode(evidence: RowEvidence, worth: Callable[[Sequence[Part]], float]) -> list[Segment]:
    """The rows of a document, in reading order. `worth` is the log-score of parts as one row beyond the tags' own."""
    parts = cell_parts(evidence)
    if not parts:
        return []
    begins = _beginnings(evidence, parts)
    return _segments(parts, begins, worth)


# --- cells -----------------------------------------------------------------------------------------------------------


def cell_parts(evidence: RowEvidence) -> list[Part]:
    """The cells' parts in reading order; a run belongs to a part as a whole."""
    tokens, fields = evidence.cells.shape[:2]
    if not tokens:
        return []
    starts = np.flatnonzero(np.diff(evidence.run, prepend=-1) | np.diff(evidence.page, prepend=-1))
    ends = np.append(starts[1:], tokens)
    states = _tags(evidence.cells, starts, evidence.page[starts])
    probability = _probabilities(evidence.cells)
    parts = []
    for field in range(fields):
        column = states[:, field]
        heads = np.flatnonzero((column == BEGIN) | ((column == INSIDE) & (np.append(OUTSIDE, column[:-1]) == OUTSIDE)))
        for head in heads:
            tail = int(head)
            while tail + 1 < len(column) and column[tail + 1] == INSIDE:
                tail += 1
            first, last = int(starts[head]), int(ends[tail]) - 1
            sure = _sureness(probability[:, field], first, last, bool(column[head] == BEGIN))
            parts.append(Part(field, first, last, bool(column[head] == BEGIN), sure))
    return sorted(parts, key=lambda part: (part.first, part.last))


def _tags(logits: Floats, starts: Ints, pages: Ints) -> Ints:
    """The best tag of every run for every field, int64 `[runs, fields]`, by Viterbi for all fields at once."""
    inside = np.add.reduceat(logits[..., 1], starts, axis=0, dtype=np.float64)
    begin = inside - logits[starts, :, 1] + logits[starts, :, 0]
    scores = np.zeros((logits.shape[1], 3))
    back = np.zeros((len(starts), logits.shape[1], 3), dtype=np.int64)
    for at in range(len(starts)):
        started = at and pages[at] == pages[at - 1]
        # What may come before: anything before OUTSIDE and BEGIN, and a value, or a gap in it, before INSIDE.
        before = scores.argmax(axis=1)
        best = np.take_along_axis(scores, before[:, None], axis=1)[:, 0]
        within = scores + AFTER_A_GAP if started else np.full_like(scores, _NEVER)
        going = within.argmax(axis=1)
        back[at] = np.stack([before, before, going], axis=1)
        reached = np.take_along_axis(within, going[:, None], axis=1)[:, 0]
        scores = np.stack([best, best + begin[at], reached + inside[at]], axis=1)
    path = np.zeros((len(starts), logits.shape[1]), dtype=np.int64)
    state = scores.argmax(axis=1)
    for at in range(len(starts) - 1, -1, -1):
        path[at] = state
        state = np.take_along_axis(back[at], state[:, None], axis=1)[:, 0]
    return path


def _probabilities(logits: Floats) -> Floats:
    """Of outside, begin and inside, float `[..., 3]`, from logits `[..., 2]`."""
    full = np.concatenate([np.zeros_like(logits[..., :1]), logits], axis=-1)
    full = np.exp(full - full.max(axis=-1, keepdims=True))
    shares: Floats = full / full.sum(axis=-1, keepdims=True)
    return shares


def _sureness(probability: Floats, first: int, last: int, begins: bool) -> float:
    """The least probability among the decisions on the part's tokens, and that it ends after them."""
    decisions = [probability[first, BEGIN if begins else INSIDE], *probability[first + 1 : last + 1, INSIDE]]
    if last + 1 < len(probability):
        decisions.append(1 - probability[last + 1, INSIDE])
    return float(min(decisions))


# --- rows ------------------------------------------------------------------------------------------------------------


def _beginnings(evidence: RowEvidence, parts: Sequence[Part]) -> list[float]:
    """For each part the probability that a row begins with it, or with the words before it that belong to no cell."""
    begin = _probabilities(evidence.rows)[:, BEGIN]
    likely = []
    reached = 0  # tokens before it belong to earlier parts
    for number, part in enumerate(parts):
        turned = number == 0 or evidence.page[part.first] != evidence.page[parts[number - 1].first]
        if turned:
            reached = int(np.searchsorted(evidence.page, evidence.page[part.first]))
        window = begin[min(reached, part.first) : part.first + 1]
        likely.append(1 - LEAST if turned else float(np.clip(window.max(), LEAST, 1 - LEAST)))
        reached = max(reached, part.last + 1)
    return likely


def _segments(
    parts: Sequence[Part], begins: Sequence[float], worth: Callable[[Sequence[Part]], float]
) -> list[Segment]:
    size = len(parts)
    cut, stay = np.log(begins), np.log1p(-np.array(begins))
    staying = np.concatenate([[0.0], np.cumsum(stay)])
    best = np.full(size + 1, -np.inf)
    best[0] = 0.0
    back = [0] * (size + 1)
    for end in range(1, size + 1):
        for first in range(max(end - LONGEST, 0), end):
            score = best[first] + cut[first] + staying[end] - staying[first + 1]
            score += _twice(parts[first:end]) + worth(parts[first:end])
            if score > best[end]:
                best[end], back[end] = score, first
    segments = []
    end = size
    while end:
        first = back[end]
        decisions = [begins[first], *(1 - odds for odds in begins[first + 1 : end]), *begins[end : end + 1]]
        segments.append(Segment(tuple(parts[first:end]), min(decisions)))
        end = first
    return segments[::-1]


def _twice(parts: Sequence[Part]) -> float:
    """The price of fields that begin more than once within one row."""
    begun = [part.field for part in parts if part.begins]
    return TWICE * (len(begun) - len(set(begun)))


def by_field(parts: Sequence[Part]) -> Mapping[int, list[Part]]:
    """The parts of each cell of a row. Of a field that begins twice, the more probable value."""
    cells: dict[int, list[list[Part]]] = {}
    for part in parts:
        values = cells.setdefault(part.field, [])
        if part.begins or not values:
            values.append([part])
        else:
            values[-1].append(part)
    return {
        field: max(values, key=lambda value: min(part.probability for part in value)) for field, values in cells.items()
    }
