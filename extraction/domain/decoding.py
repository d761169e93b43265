"""Decoding a tagger's scores of all tokens to one answer for a field, numpy only.

A value begins once (B), goes on (I), and may pause (a line of another column, a registration number) before it goes on
again. Where it begins is a choice among all tokens of the document and "nowhere"; how far it goes is decoded by Viterbi
from there. The same amount or date printed in several places is one answer: its places' probabilities are added.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Part = tuple[int, int]  # first and last token of a run, both included

BEGINNINGS = 16  # places looked at for one field
UNLIKELY = 1e-4  # and those less probable are not
LONGEST = 256  # tokens of one value, pauses included
PAUSE = -4.0  # log-price of a pause, so that a single doubtful token does not cut a value
LONGEST_PAUSE = 48
GOES_ON = 2.0  # log-odds, at least, of the rest of the letters or digits that a value begins with


@dataclass(frozen=True)
class Evidence:
    """A tagger's scores for one field over a whole document.

    `begin[i]` is the log-odds that the value begins at token `i` against that it is nowhere; `inside[i]` the log-odds
    that token `i` continues the value against that it does not. `group[i]` changes where no value goes on (a new page),
    `run[i]` where a new run of letters or of digits begins: no value ends within one. All of shape `[tokens]`.
    """

    begin: Floats
    inside: Floats
    group: NDArray[np.int64]
    run: NDArray[np.int64]

    def beginnings(self) -> tuple[Floats, float]:
        """The probability of each token to be the beginning, and that the value is nowhere."""
        top = max(float(self.begin.max(initial=0.0)), 0.0)
        weights = np.exp(self.begin - top)
        nowhere = float(np.exp(-top))
        total = float(weights.sum()) + nowhere
        return weights / total, nowhere / total


@dataclass(frozen=True)
class Place:
    """Tokens on which a value may stand, in parts; `probability` that it begins there, `firmness` the
    probability of the most doubtful decision of where it goes on and where it ends."""

    parts: tuple[Part, ...]
    probability: float
    firmness: float


@dataclass(frozen=True)
class Reading:
    """One possible answer: all places that say the same, the most probable first; `probability` is their sum."""

    key: Hashable
    places: tuple[Place, ...]
    probability: float


def places(evidence: Evidence, *, pauses: bool) -> list[Place]:
    """Where the value may stand, most probable first; `pauses` lets it stand in several parts."""
    probability, _ = evidence.beginnings()
    ranked = np.argsort(-probability, kind="stable")[:BEGINNINGS]
    likely = []
    for first in ranked:
        if probability[first] < UNLIKELY:
            break
        parts = _extent(evidence, int(first), pauses)
        likely.append(Place(parts, float(probability[first]), _firmness(evidence.inside, parts)))
    return likely


def readings(places: Iterable[Place], key: Callable[[Place], Hashable]) -> list[Reading]:
    """The places grouped by `key`, the value that stands there, most probable first; places of key `None` are none."""
    by_key: dict[Hashable, list[Place]] = {}
    for place in places:
        value = key(place)
        if value is not None:
            by_key.setdefault(value, []).append(place)
    answers = [
        Reading(value, tuple(group), sum(place.probability for place in group)) for value, group in by_key.items()
    ]
    return sorted(answers, key=lambda answer: -answer.probability)


def viterbi(steps: Sequence[Sequence[float]], moves: NDArray[np.float64]) -> list[int]:
    """The most probable sequence of states.

    `steps[t][s]` is the log-score of state `s` at time `t`, `moves[a, b]` that of going from `a` to `b` (`-inf`: no).
    """
    scores = np.asarray(steps[0], dtype=np.float64)
    back = []
    for step in steps[1:]:
        ways = scores[:, None] + moves
        back.append(ways.argmax(axis=0))
        scores = ways.max(axis=0) + np.asarray(step)
    path = [int(scores.argmax())]
    for before in reversed(back):
        path.append(int(before[path[-1]]))
    return path[::-1]


INSIDE, PAUSED, OVER = 0, 1, 2
_NEVER = -np.inf
_MOVES = np.array([[0.0, PAUSE, 0.0], [0.0, 0.0, _NEVER], [_NEVER, _NEVER, 0.0]])


def _extent(evidence: Evidence, first: int, pauses: bool) -> tuple[Part, ...]:
    """The parts of the value that begins at token `first`."""
    same = evidence.group[first : first + LONGEST] == evidence.group[first]
    size = int(same.argmin()) if not same.all() else len(same)
    inside = _by_run(evidence, first, size)
    likely = np.flatnonzero(inside > 0)
    if not likely.size:
        return ((first, first),)
    # Nothing is won beyond the last token that more probably goes on than not.
    inside = inside[: likely[-1] + 1]
    if not pauses:
        gains = np.concatenate([[0.0], np.cumsum(inside)])
        return ((first, first + int(gains.argmax())),)
    steps = [(0.0, _NEVER, _NEVER), *((float(odds), 0.0, 0.0) for odds in inside)]
    path = viterbi(steps, _MOVES)
    return _parts([first + at for at, state in enumerate(path) if state == INSIDE])


def _by_run(evidence: Evidence, first: int, size: int) -> Floats:
    """The log-odds of the tokens after `first`, those of a run shared out evenly; its own run always goes on."""
    inside, run = evidence.inside[first + 1 : first + size], evidence.run[first + 1 : first + size]
    _, which, count = np.unique(run, return_inverse=True, return_counts=True)
    shared = (np.bincount(which, weights=inside) / count)[which] if inside.size else inside
    return np.where(run == evidence.run[first], np.maximum(shared, GOES_ON), shared)


def gain(evidence: Evidence, parts: Sequence[Part]) -> float:
    """Log-odds that the value goes on over `parts` against that it is its first token alone."""
    return float(sum(evidence.inside[first : last + 1].sum() for first, last in parts) - evidence.inside[parts[0][0]])


def _parts(tokens: Sequence[int]) -> tuple[Part, ...]:
    parts = [[tokens[0], tokens[0]]]
    for token in tokens[1:]:
        if token - parts[-1][1] > LONGEST_PAUSE:
            break
        if token == parts[-1][1] + 1:
            parts[-1][1] = token
        else:
            parts.append([token, token])
    return tuple((first, last) for first, last in parts)


def _firmness(inside: Floats, parts: Sequence[Part]) -> float:
    """The least probability among the decisions to go on within the parts and to stop after each."""
    on = np.concatenate([inside[first + (at == 0) : last + 1] for at, (first, last) in enumerate(parts)])
    after = [last + 1 for _, last in parts if last + 1 < len(inside)]
    decisions = np.concatenate([on, -inside[after]])
    return float((1 / (1 + np.exp(-decisions))).min()) if decisions.size else 1.0
