"""Candidates for a field's value, and the confidence in the best of them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from extraction.engines.teacher.protocol import Answer

# Scores are sums of weights of about 1 to 4; a candidate with this score or less is no answer.
MIN_SCORE = 0.0
# A best candidate with this score and no rival is right about as often as not.
EVEN_SCORE = 1.5
# What a doubt leaves of the confidence.
DOUBT = 0.45


@dataclass(frozen=True, slots=True)
class Candidate:
    """A printed value, the printed text around it as evidence, and its score: higher is likelier.

    `key` tells whether two are one value in two prints, where the texts do not. `doubtful`: the document contradicts
    itself about it, so that nobody can be sure.
    """

    value: str
    evidence: str
    score: float
    doubtful: bool = False
    key: str = ""


def best_answer(candidates: Iterable[Candidate]) -> Answer:
    """The best candidate; unsure where its score is low or another value comes close."""
    ranked = sorted(candidates, key=lambda candidate: -candidate.score)
    if not ranked or ranked[0].score <= MIN_SCORE:
        return Answer(None, None, unsure=True, confidence=0.3)
    best = ranked[0]
    rival = max((other.score for other in ranked if _key(other) != _key(best)), default=-math.inf)
    strength = 1 / (1 + math.exp(EVEN_SCORE - best.score))
    lead = 1 / (1 + math.exp(rival - best.score))
    confidence = round(strength * lead * (DOUBT if best.doubtful else 1.0), 3)
    return Answer(best.value, best.evidence, unsure=confidence < 0.5, confidence=confidence)


def _key(candidate: Candidate) -> str:
    return candidate.key or candidate.value
