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


def student_probability(confidence: float | None, evidence: float) -> float:
    """The probability (0–1) that a student's answer is right.

    `confidence` is calibrated on labels: how probably they would say the same (`None`: not known). `evidence` is how
    probably a label with that value would be right. A student of poor labels is sure of their errors, too.
    """
    return (UNKNOWN if confidence is None else confidence) * evidence


def gain(
    probabilities: Mapping[str, float],
    accuracies: Mapping[str, float],
    weights: Mapping[str, float],
) -> float:
    """The sum over fields of weight × max(0, accuracy of the teacher − probability that the student is right).

    `accuracies` has the fields that the teacher answers. A field that the student does not know is wrong in its answer.
    A field without a weight has weight 1.
    """
    return sum(
        weights.get(name, 1.0) * max(0.0, expected - probabilities.get(name, 0.0))
        for name, expected in accuracies.items()
    )
