"""Parts of cells from a tagger's scores of all tokens, numpy only; `segmentation` makes rows of them.

Each field's tags are decoded on their own, by Viterbi over runs of letters or digits. What a field may hold besides,
with less evidence, is a spare part: it serves where the arithmetic of a row speaks for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

PAUSE = -3.0  # log-price of a cell that goes on after a gap
SPARE = -3.0  # log-odds from which tokens are a spare part
MOST = 8.0  # log-odds of a part, however many tokens it has: they are not independent
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
    on after a gap. `gain` is its log-odds against no cell, `probability` that of the most doubtful decision about its
    tokens."""

    field: int
    first: int
    last: int
    begins: bool
    gain: float
    probability: float


def cell_parts(evidence: RowEvidence) -> list[Part]:
    """The cells' parts in reading order; a run belongs to a part as a whole."""
    tokens, fields = evidence.cells.shape[:2]
    if not tokens:
        return []
    starts = np.flatnonzero(np.diff(evidence.run, prepend=-1) | np.diff(evidence.page, prepend=-1))
    ends = np.append(starts[1:], tokens)
    states = _tags(evidence.cells, starts, evidence.page[starts])
    probability = probabilities(evidence.cells)
    parts = []
    for field in range(fields):
        column = states[:, field]
        heads = np.flatnonzero((column == BEGIN) | ((column == INSIDE) & (np.append(OUTSIDE, column[:-1]) == OUTSIDE)))
        for head in heads:
            tail = int(head)
            while tail + 1 < len(column) and column[tail + 1] == INSIDE:
                tail += 1
            first, last = int(starts[head]), int(ends[tail]) - 1
            parts.append(_part(evidence, probability, field, first, last, begins=bool(column[head] == BEGIN)))
    return parts


def spare_parts(
    evidence: RowEvidence, parts: Iterable[Part], field: int, words: Iterable[tuple[int, int]]
) -> list[Part]:
    """Those words, given as first and last tokens, that may be a cell of the field besides its `parts`."""
    begin = evidence.cells[:, field, 0]
    taken = np.zeros(len(begin), dtype=bool)
    for part in parts:
        if part.field == field:
            taken[part.first : part.last + 1] = True
    places = [(first, last) for first, last in words if begin[first] > SPARE and not taken[first : last + 1].any()]
    probability = probabilities(evidence.cells)
    spare = [_part(evidence, probability, field, first, last, begins=True) for first, last in places]
    return [part for part in spare if part.gain > SPARE]


def _part(evidence: RowEvidence, probability: Floats, field: int, first: int, last: int, *, begins: bool) -> Part:
    logits = evidence.cells[first : last + 1, field]
    gain = float(logits[0, 0 if begins else 1] + logits[1:, 1].sum())
    return Part(
        field, first, last, begins, min(gain, MOST), _sureness(probability[:, field], first, last, begins=begins)
    )


def _tags(logits: Floats, starts: Ints, pages: Ints) -> Ints:
    """The best tag of every run for every field, int64 `[runs, fields]`, by Viterbi for all fields at once."""
    inside = np.add.reduceat(logits[..., 1], starts, axis=0, dtype=np.float64)
    begin = inside - logits[starts, :, 1] + logits[starts, :, 0]
    fields = np.arange(logits.shape[1])
    scores = np.zeros((len(fields), 3))
    back = np.zeros((len(starts), len(fields), 3), dtype=np.int64)
    for at in range(len(starts)):
        started = at and pages[at] == pages[at - 1]
        # What may come before: anything before OUTSIDE and BEGIN, and a value, or a gap in it, before INSIDE.
        within = scores + AFTER_A_GAP if started else np.full_like(scores, _NEVER)
        back[at] = scores.argmax(axis=1)[:, None]
        back[at, :, INSIDE] = within.argmax(axis=1)
        best, reached = scores.max(axis=1), within.max(axis=1)
        scores = np.empty_like(scores)
        scores[:, OUTSIDE], scores[:, BEGIN], scores[:, INSIDE] = best, best + begin[at], reached + inside[at]
    path = np.zeros((len(starts), len(fields)), dtype=np.int64)
    state = scores.argmax(axis=1)
    for at in range(len(starts) - 1, -1, -1):
        path[at] = state
        state = back[at, fields, state]
    return path


def probabilities(logits: Floats) -> Floats:
    """Of outside, begin and inside, float `[..., 3]`, from logits `[..., 2]`."""
    full = np.concatenate([np.zeros_like(logits[..., :1]), logits], axis=-1)
    full = np.exp(full - full.max(axis=-1, keepdims=True))
    shares: Floats = full / full.sum(axis=-1, keepdims=True)
    return shares


def _sureness(probability: Floats, first: int, last: int, *, begins: bool) -> float:
    """The least probability among the decisions on the part's tokens, and that it ends after them."""
    decisions = [probability[first, BEGIN if begins else INSIDE], *probability[first + 1 : last + 1, INSIDE]]
    if last + 1 < len(probability):
        decisions.append(1 - probability[last + 1, INSIDE])
    return float(min(decisions))
