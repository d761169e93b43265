"""Drift: whether the documents that come in differ from those that a model learned from.

Each aspect is tested by permutation (Good, *Permutation Tests*, 1994): were both of one kind, who came when would be
chance, so that the statistic of the real division is compared with that of random ones. This holds exactly for any
statistic and number of documents. The levels of all aspects together are kept by Holm's method (*A Simple Sequentially
Rejective Multiple Test Procedure*, 1979), and a difference counts only where it is large enough to matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from extraction.domain.json_types import JsonObject

# Documents that an aspect needs on each side, and that it looks at.
FEWEST, MOST = 20, 500
PERMUTATIONS = 1999
# The share of checks without drift that may tell of one.
LEVEL = 0.01
# Differences by rounding.
NEAR = 1e-12
# The documents that are named as unlike what was learned.
NAMED = 6

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]


class Aspect(StrEnum):
    """What is compared."""

    LAYOUT = "layout"
    VENDOR = "vendor"
    LANGUAGE = "language"
    CONFIDENCE = "confidence"


class DriftState(StrEnum):
    UNKNOWN = "unknown"  # too few documents on one side
    SAME = "same"
    DRIFTED = "drifted"


# How large a difference must be: of shares of documents, of confidences the mean drop.
MATTERS = {Aspect.LAYOUT: 0.1, Aspect.VENDOR: 0.1, Aspect.LANGUAGE: 0.1, Aspect.CONFIDENCE: 0.03}


@dataclass(frozen=True, slots=True)
class AspectDrift:
    """One aspect of `came` documents against `learned` ones.

    `value` is what was found and `expected` what would be, without drift: of layouts and vendors the share of documents
    (0–1) that are like none that was learned from; of languages the share that would have to change theirs; of
    confidences the mean by which they are lower. `p_value`: how probably chance does so. `documents` are keys of some
    that are unlike what was learned.
    """

    aspect: Aspect
    state: DriftState
    learned: int
    came: int
    value: float | None = None
    expected: float | None = None
    p_value: float | None = None
    documents: tuple[int, ...] = ()

    @property
    def size(self) -> float:
        """By how much more than expected."""
        return (self.value or 0.0) - (self.expected or 0.0)

    def to_json(self) -> JsonObject:
        fields = asdict(self)
        return {**fields, "aspect": self.aspect.value, "state": self.state.value, "documents": list(self.documents)}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        known = {
            "aspect": Aspect(value["aspect"]),
            "state": DriftState(value["state"]),
            "documents": tuple(value["documents"]),
        }
        return cls(**{**value, **known})


@dataclass(frozen=True, slots=True)
class Drift:
    """All aspects of what came in within `days` days."""

    days: int
    aspects: tuple[AspectDrift, ...]

    @property
    def drifted(self) -> tuple[Aspect, ...]:
        return tuple(each.aspect for each in self.aspects if each.state is DriftState.DRIFTED)

    @property
    def known(self) -> bool:
        """Whether any aspect has enough documents."""
        return any(each.state is not DriftState.UNKNOWN for each in self.aspects)

    def to_json(self) -> JsonObject:
        return {"days": self.days, "aspects": [each.to_json() for each in self.aspects]}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        return cls(value["days"], tuple(map(AspectDrift.from_json, value["aspects"])))


def novelty(aspect: Aspect, alike: Bools, learned: int, keys: Sequence[int], *, seed: int = 0) -> AspectDrift:
    """Of documents that are like none that was learned from. `alike` tells of each two, the `learned` ones first, the
    others in the order of their `keys`."""
    came = len(alike) - learned
    if min(learned, came) < FEWEST:
        return AspectDrift(aspect, DriftState.UNKNOWN, learned, came)
    known = _divisions(learned, came, seed)
    # The first division is the real one.
    unlike = (alike.astype(np.float32) @ known.T.astype(np.float32) < 0.5) & ~known.T
    shares = unlike.sum(axis=0) / came
    named = np.flatnonzero(unlike[learned:, 0])[:NAMED]
    found = _against_chance(aspect, learned, came, shares)
    return replace(found, documents=tuple(keys[at] for at in named))


def mixture(aspect: Aspect, learned: Sequence[str], came: Sequence[str], *, seed: int = 0) -> AspectDrift:
    """Of kinds of documents: the total variation distance of their shares."""
    if min(len(learned), len(came)) < FEWEST:
        return AspectDrift(aspect, DriftState.UNKNOWN, len(learned), len(came))
    kinds, codes = np.unique([*learned, *came], return_inverse=True)
    of_kind = np.eye(len(kinds))[codes]
    known = _divisions(len(learned), len(came), seed)
    before, after = known @ of_kind / len(learned), ~known @ of_kind / len(came)
    return _against_chance(aspect, len(learned), len(came), np.abs(before - after).sum(axis=1) / 2)


def drop(
    aspect: Aspect, learned: Mapping[str, Sequence[float]], came: Mapping[str, Sequence[float]], *, seed: int = 0
) -> AspectDrift:
    """Of numbers by field: the largest mean drop of a field; fields with too few numbers do not count."""
    fields = [name for name in learned if min(len(learned[name]), len(came.get(name, ()))) >= FEWEST]
    if not fields:
        before, after = (max(map(len, side.values()), default=0) for side in (learned, came))
        return AspectDrift(aspect, DriftState.UNKNOWN, before, after)
    tested = []
    for number, name in enumerate(fields):
        sizes = len(learned[name]), len(came[name])
        values = np.array([*learned[name], *came[name]], dtype=float)
        seeds = range(seed + number, seed + number + len(fields) * len(fields), len(fields))
        tested.append(_against_chance(aspect, *sizes, _drops(values, *sizes, seeds)))
    worst = min(tested, key=lambda each: (each.p_value, -each.size))
    return replace(worst, p_value=min(1.0, (worst.p_value or 0.0) * len(fields)))


def _drops(values: Floats, learned: int, came: int, seeds: Iterable[int]) -> Floats:
    """The mean drop by division. Those of further seeds are made while none is as large as the real one: the p-value
    of one of many fields is to be as many times smaller as it is multiplied."""
    found: list[float] = []
    for seed in seeds:
        known = _divisions(learned, came, seed)
        drops = known @ values / learned - ~known @ values / came
        found += drops[1:].tolist() if found else drops.tolist()
        if max(found[1:]) >= found[0] - NEAR:
            break
    return np.array(found)


def judged(aspects: Sequence[AspectDrift]) -> tuple[AspectDrift, ...]:
    """With their states: the differences that chance hardly makes, all aspects considered, and that matter."""
    tested = sorted((each for each in aspects if each.p_value is not None), key=lambda each: each.p_value or 0.0)
    sure: set[Aspect] = set()
    for number, each in enumerate(tested):
        if (each.p_value or 0.0) > LEVEL / (len(tested) - number):
            break
        sure.add(each.aspect)
    return tuple(
        each
        if each.p_value is None
        else replace(
            each,
            state=DriftState.DRIFTED if each.aspect in sure and each.size >= MATTERS[each.aspect] else DriftState.SAME,
        )
        for each in aspects
    )


def _divisions(learned: int, came: int, seed: int) -> Bools:
    """Which documents count as learned, division × document: the real one, then random ones."""
    known = np.arange(learned + came) < learned
    generator = np.random.default_rng(seed)
    return np.vstack([known, generator.permuted(np.tile(known, (PERMUTATIONS, 1)), axis=1)])


def _against_chance(aspect: Aspect, learned: int, came: int, values: Floats) -> AspectDrift:
    """The first value against the others, one-sided."""
    as_large = int((values[1:] >= values[0] - NEAR).sum())
    p_value = (1 + as_large) / len(values)
    return AspectDrift(
        aspect, DriftState.SAME, learned, came, float(values[0]), float(values[1:].mean()), float(p_value)
    )
