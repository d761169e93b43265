"""Questions about single labels: which to ask people next, and which at random to know how many labels are wrong.

A question is worth asking by how probably its label is wrong, how much its field matters and how little was asked about
documents alike (Selective Labeling, arXiv 2210.16391, asks at most one question a field and document).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

# Questions of a round, and the share of them that is drawn at random.
ROUND, RANDOM_SHARE = 40, 0.1
MOST_A_DOCUMENT = 2
# How much more a required field counts.
REQUIRED = 1.5
# A label that is less probably wrong is asked about at random alone: there a question finds no more than chance.
DOUBTFUL = 0.05
# The probability to be wrong of a label about which nothing is known.
UNKNOWN = 0.5


@dataclass(frozen=True, slots=True)
class Candidate:
    """A label that could be asked about: its key, its document, how probably it is wrong (0–1) and the weight of its
    field. `cluster`: documents alike, such as those of a vendor. `once`: one question answers for all candidates with
    the same text; empty: for this one alone."""

    label: int
    document: int
    wrong: float
    weight: float = 1.0
    cluster: str = ""
    once: str = ""


def score(candidate: Candidate, asked: int) -> float:
    """What a question is worth after `asked` ones about documents of its cluster."""
    return candidate.wrong * candidate.weight / math.sqrt(1 + asked)


def choose(
    candidates: Iterable[Candidate], count: int, asked: Mapping[str, int], taken: Iterable[Candidate] = ()
) -> list[Candidate]:
    """At most `count` of the doubtful candidates, the one worth most first.

    `asked` counts earlier questions by cluster, `taken` holds what the round asks already.
    """
    clusters, documents, answered = Counter(asked), Counter[int](), set[str]()
    labels: set[int] = set()

    def take(candidate: Candidate) -> None:
        clusters[candidate.cluster] += bool(candidate.cluster)
        documents[candidate.document] += 1
        labels.add(candidate.label)
        answered.update({candidate.once} - {""})

    for candidate in taken:
        take(candidate)
    left, chosen = [candidate for candidate in candidates if candidate.wrong >= DOUBTFUL], list[Candidate]()
    while len(chosen) < count:
        left = [
            candidate
            for candidate in left
            if candidate.label not in labels
            and candidate.once not in answered
            and documents[candidate.document] < MOST_A_DOCUMENT
        ]
        if not left:
            break
        best = max(left, key=lambda candidate: (score(candidate, clusters[candidate.cluster]), -candidate.label))
        take(best)
        chosen.append(best)
    return chosen


def at_random(size: int, doubtful: int) -> int:
    """How many questions of a round of `size` are drawn at random, where so many labels are doubtful."""
    return max(math.ceil(size * RANDOM_SHARE), size - doubtful)


def draw(strata: Mapping[str, Sequence[int]], count: int, seed: str) -> list[int]:
    """At most `count` keys, drawn so that each has the same chance and each stratum its share (systematic sampling of
    the strata one after the other, each in a random order)."""
    random = Random(seed)
    order = [key for name in sorted(strata) for key in random.sample(list(strata[name]), len(strata[name]))]
    count = min(count, len(order))
    if not count:
        return []
    step = len(order) / count
    start = random.random() * step
    return [order[min(int(start + number * step), len(order) - 1)] for number in range(count)]
