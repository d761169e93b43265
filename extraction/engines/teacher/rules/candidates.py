"""Candidates for a field's value, and how sure one may be of the best of them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from extraction.engines.teacher.protocol import Answer

# Scores are sums of weights of about 1 to 4; below this nothing speaks for a candidate.
FLOOR = 0.0
# A best candidate with this score and no rival is right about as often as not.
EVEN = 1.5


@dataclass(frozen=True, slots=True)
class Guess:
    """A candidate: the printed value, the printed text around it, and what speaks for it."""

    value: str
    evidence: str
    score: float


def decide(guesses: Iterable[Guess]) -> Answer:
    """The best candidate; unsure where little speaks for it or another value comes close."""
    ranked = sorted(guesses, key=lambda guess: -guess.score)
    if not ranked or ranked[0].score <= FLOOR:
        return Answer(None, None, unsure=True, confidence=0.3)
    best = ranked[0]
    rival = max((guess.score for guess in ranked if guess.value != best.value), default=-math.inf)
    strength = 1 / (1 + math.exp(EVEN - best.score))
    lead = 1 / (1 + math.exp(rival - best.score))
    confidence = round(strength * lead, 3)
    return Answer(best.value, best.evidence, unsure=confidence < 0.5, confidence=confidence)
