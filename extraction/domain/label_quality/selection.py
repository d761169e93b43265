"""Which documents a teacher is to label next: those that teach most, are probably labelled right, and unlike others.

The score of a document is the product of four shares (0–1):

- *informative*: how unsure its fields are, or how wrong the student was on documents alike, above all where it was sure
  (PGKD, arXiv 2411.05045). Either is enough: `1 - (1 - BASE) (1 - doubt) (1 - mistakes)`;
- *right*: how probably the labels of documents alike are right (Robust Active Distillation, arXiv 2210.01213), drawn to
  the mean of all where few are alike, times how well its words could be read (uncertainty of the evidence, ELAD,
  arXiv 2402.13098);
- *unlike*: 1 minus the largest cosine similarity to what is labelled or already picked. A labelled document counts less
  as far as the student is wrong on it: what it was to teach is not learned yet;
- *common*: how many candidates are like it, as the fourth root of their share of the most common one's (information
  density, Settles & Craven 2008). Without it the rarest layouts come first, which say nothing about the others.

The best is picked, *unlike* brought up to date, and so on. A tenth is drawn at random before that, so that what is
measured on it holds for all.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from extraction.domain.label_quality.layouts import ALIKE, Matrix, matrix

# The share that is drawn at random of at least so many.
RANDOM_SHARE, FEWEST_WITH_RANDOM = 0.1, 10
# A document may teach something however sure the student is.
BASE = 0.1
# Documents that are less similar say nothing about each other.
FAR = 0.5
# Of how many documents exactly alike the evidence weighs as much as the mean of all.
PULL = 1.0
# The probability that labels are right where none was assessed.
USUALLY_RIGHT = 0.9
# From so much doubt or so many mistakes on these are the reason of a pick.
NOTABLE = 0.15
# The root of the number of candidates alike that counts, and so many candidates stand for all of them.
DAMPED, SAMPLE = 0.25, 1000
# Picks after which the rest follows by its score: nobody looks at so many one by one.
MOST_IN_TURN = 1000
# Candidates that are compared with all others at once.
BLOCK = 1000


class PickReason(StrEnum):
    """Why a document was picked: it looks like nothing that is labelled, the student was wrong on documents alike, its
    fields are doubtful, it is unlike what else is picked, or it was drawn."""

    NEW_LAYOUT = "new_layout"
    MISTAKES = "mistakes"
    UNSURE = "unsure"
    VARIED = "varied"
    RANDOM = "random"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A document, by primary key, with the vector of its first page (`layouts.Layout`) and how well that was read.

    `legibility` is from 0 to 1. `doubt`: how unsure its fields are, the mean over them (0–1); `None` where nobody said
    anything about them."""

    document: int
    vector: bytes
    legibility: float = 1.0
    doubt: float | None = None


@dataclass(frozen=True, slots=True)
class Labelled:
    """A labelled document: how probably its labels are right, and how wrong the student was on it, weighted by how sure
    it was, means over its fields (0–1); `None` where that is not known."""

    vector: bytes
    right: float | None = None
    mistakes: float | None = None


@dataclass(frozen=True, slots=True)
class Pick:
    """A picked document, by primary key, with the score (0–1) that it had then."""

    document: int
    reason: PickReason
    score: float

    def to_json(self) -> list[int | float | str]:
        """`[document, reason, score]`."""
        return [self.document, self.reason.value, round(self.score, 4)]

    @classmethod
    def from_json(cls, value: Sequence[Any]) -> Self:
        document, reason, score = value
        return cls(document, PickReason(reason), score)


def counts(picks: Iterable[Pick]) -> Mapping[PickReason, int]:
    """The number of picks by reason, in the order of `PickReason`, without those that none has."""
    found = Counter(pick.reason for pick in picks)
    return {reason: found[reason] for reason in PickReason if found[reason]}


def choose(
    candidates: Iterable[Candidate], labelled: Sequence[Labelled], count: int | None = None, seed: str = ""
) -> list[Pick]:
    """At most `count` of the candidates (`None`: all, in order), the best first, with random ones evenly among them.

    The same arguments give the same picks, in whatever order the candidates come.
    """
    rows = sorted(candidates, key=lambda candidate: candidate.document)
    wanted = len(rows) if count is None else min(count, len(rows))
    if not wanted:
        return []
    scores = _Scores.of(rows, labelled)
    drawn = scores.draw(_number_at_random(wanted), seed)
    best = scores.pick(wanted - len(drawn))
    return _mixed(best, drawn)


def _number_at_random(wanted: int) -> int:
    return math.ceil(wanted * RANDOM_SHARE) if wanted >= FEWEST_WITH_RANDOM else 0


def _mixed(best: Sequence[Pick], drawn: Sequence[Pick]) -> list[Pick]:
    """The drawn ones evenly among the best, so that a run that stops early has its share of them."""
    places = [((number + 1) / (len(best) + 1), pick) for number, pick in enumerate(best)]
    places += [((number + 1) / (len(drawn) + 1), pick) for number, pick in enumerate(drawn)]
    return [pick for _, pick in sorted(places, key=lambda place: place[0])]


@dataclass(slots=True)
class _Scores:
    """The shares of the candidates, `[n]` each. `closest` is the similarity to what is labelled or picked, as far as it
    counts; `known` the largest to anything labelled, `None` where nothing is."""

    rows: Sequence[Candidate]
    vectors: Matrix
    mistakes: NDArray[np.float32]
    worth: NDArray[np.float32]
    closest: NDArray[np.float32]
    known: NDArray[np.float32] | None
    left: NDArray[np.bool_]

    @classmethod
    def of(cls, rows: Sequence[Candidate], labelled: Sequence[Labelled]) -> Self:
        vectors, others = matrix(row.vector for row in rows), matrix(each.vector for each in labelled)
        around = [_Around.of(block @ others.T, labelled) for block in _blocks(vectors)]
        mistakes = np.concatenate([part.mistakes for part in around])
        right = np.concatenate([part.right for part in around])
        closest = np.concatenate([part.closest for part in around])
        known = np.concatenate([part.known for part in around])
        doubt = np.array([1.0 if row.doubt is None else row.doubt for row in rows], dtype=np.float32)
        legibility = np.array([row.legibility for row in rows], dtype=np.float32)
        informative = 1 - (1 - BASE) * (1 - doubt) * (1 - mistakes)
        worth = informative * right * legibility * _common(vectors)
        left = np.ones(len(rows), dtype=bool)
        return cls(rows, vectors, mistakes, worth, closest, known if labelled else None, left)

    def draw(self, count: int, seed: str) -> list[Pick]:
        numbers = Random(seed).sample(range(len(self.rows)), count)
        return [self._take(number, PickReason.RANDOM) for number in numbers]

    def pick(self, count: int) -> list[Pick]:
        picks = []
        for _ in range(min(count, MOST_IN_TURN)):
            number = int(np.argmax(np.where(self.left, self._all(), -1)))
            picks.append(self._take(number, self._reason(number)))
        order = np.argsort(-np.where(self.left, self._all(), -1), kind="stable")[: count - len(picks)]
        return picks + [Pick(self.rows[at].document, self._reason(at), self._score(at)) for at in map(int, order)]

    def _all(self) -> NDArray[np.float32]:
        return self.worth * (1 - self.closest)

    def _score(self, number: int) -> float:
        return float(self.worth[number] * (1 - self.closest[number]))

    def _take(self, number: int, reason: PickReason) -> Pick:
        pick = Pick(self.rows[number].document, reason, self._score(number))
        self.left[number] = False
        self.closest = np.maximum(self.closest, self.vectors @ self.vectors[number])
        return pick

    def _reason(self, number: int) -> PickReason:
        row = self.rows[number]
        if self.known is not None and self.known[number] < ALIKE and row.legibility:
            return PickReason.NEW_LAYOUT
        mistakes, doubt = float(self.mistakes[number]), row.doubt or 0.0
        if max(mistakes, doubt) < NOTABLE:
            return PickReason.VARIED
        return PickReason.MISTAKES if mistakes >= doubt else PickReason.UNSURE


@dataclass(frozen=True, slots=True)
class _Around:
    """What the labelled documents say about candidates, `[n]` each; see `_Scores`."""

    mistakes: NDArray[np.float32]
    right: NDArray[np.float32]
    closest: NDArray[np.float32]
    known: NDArray[np.float32]

    @classmethod
    def of(cls, similarity: Matrix, labelled: Sequence[Labelled]) -> Self:
        """From similarities `[candidates, labelled]`."""
        near = _near(similarity)
        wrong = np.array([each.mistakes or 0.0 for each in labelled], dtype=np.float32)
        rights = [each.right for each in labelled if each.right is not None]
        usual = float(np.mean(rights)) if rights else USUALLY_RIGHT
        return cls(
            mistakes=_drawn(near, [each.mistakes for each in labelled], 0.0),
            right=_drawn(near, [each.right for each in labelled], usual),
            closest=np.max(similarity * (1 - wrong), axis=1, initial=0.0),
            known=np.max(similarity, axis=1, initial=0.0),
        )


def _common(vectors: Matrix) -> NDArray[np.float32]:
    """Of each candidate, `[n]`: how many are like it, itself among them."""
    step = -(-len(vectors) // SAMPLE)
    sample = vectors[::step]
    number = step * np.concatenate([_near(block @ sample.T).sum(axis=1) for block in _blocks(vectors)])
    # Itself counts once, whether it is in the sample or not.
    number[::step] -= step * _near(np.einsum("nd,nd->n", sample, sample))
    return np.asarray(((number + 1) / (number.max() + 1)) ** DAMPED, dtype=np.float32)


def _near(similarity: Matrix) -> Matrix:
    """Similarities as evidence: 0 up to `FAR`, 1 for the same."""
    return np.asarray(np.maximum(similarity - FAR, 0) / (1 - FAR), dtype=np.float32)


def _drawn(near: Matrix, values: Sequence[float | None], usual: float) -> NDArray[np.float32]:
    """The mean of the values that are known, weighted by nearness and drawn to `usual`."""
    known = np.array([value is not None for value in values], dtype=np.float32)
    held = np.array([value or 0.0 for value in values], dtype=np.float32)
    return (near @ (held * known) + np.float32(PULL * usual)) / (near @ known + np.float32(PULL))


def _blocks(vectors: Matrix) -> list[Matrix]:
    return [vectors[start : start + BLOCK] for start in range(0, len(vectors), BLOCK)]
