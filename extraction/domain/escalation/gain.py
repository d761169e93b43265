"""Gain of a document: how much better the teacher would probably read it than the student."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

# Accuracy of a teacher about which nothing is known, and the number of checked labels that this counts as.
PRIOR, STRENGTH = 0.9, 10.0
# Probability that a student is right which does not say how sure it is.
UNKNOWN = 0.5


@dataclass(frozen=True, slots=True)
class Checked:
    """Labels of a teacher for a field that people have checked, and how many of them were right."""

    right: int = 0
    count: int = 0


def accuracy(checked: Checked, prior: float = PRIOR) -> float:
    """The probability that the teacher is right about a field: the posterior mean of a beta distribution, which begins
    at `prior` with the weight of `STRENGTH` checked labels."""
    return (checked.right + prior * STRENGTH) / (checked.count + STRENGTH)


def gain(
    probabilities: Mapping[str, float | None],
    accuracies: Mapping[str, float],
    weights: Mapping[str, float],
) -> float:
    """The sum over fields of weight × max(0, accuracy of the teacher − probability that the student is right).

    `accuracies` has the fields that the teacher answers. A field that the student does not know is wrong in its answer;
    `None` is an answer whose probability is not known. A field without a weight has weight 1.
    """
    return sum(
        weights.get(name, 1.0) * max(0.0, expected - _probability(probabilities, name))
        for name, expected in accuracies.items()
    )


def _probability(probabilities: Mapping[str, float | None], name: str) -> float:
    known = probabilities.get(name, 0.0)
    return UNKNOWN if known is None else known
