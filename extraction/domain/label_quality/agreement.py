"""Accuracy of teachers without truth, from where their answers are equal.

The answers about one field of one document fall into classes of equal ones. Each teacher is right with one probability,
which the expectation-maximisation algorithm finds (A. P. Dawid and A. M. Skene, *Maximum likelihood estimation of
observer error-rates using the EM algorithm*, Applied Statistics 28, 1979); a wrong answer is any of many other classes.
Errors that several teachers make alike, such as habits of related models, look like agreement and cannot be seen.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

# What a question's answers are: equal answers have the same class.
Answers = Mapping[str, Hashable]

# Right and wrong answers that each teacher is taken to have given before (a beta prior): with few questions the accuracy
# stays near 0.8, and no teacher becomes certain.
PRIOR_RIGHT, PRIOR_WRONG = 4.0, 1.0
# Wrong values that a teacher may name, about: two teachers rarely make the same mistake.
WRONG_VALUES = 20
ROUNDS, TOLERANCE = 200, 1e-6


@dataclass(frozen=True, slots=True)
class Consensus:
    """Estimates for one field. `accuracy` by teacher (0–1); `right` has, for each question in order, the probability of
    each class that somebody named; what is left is that all are wrong."""

    accuracy: Mapping[str, float]
    right: Sequence[Mapping[Hashable, float]]


def consensus(questions: Sequence[Answers]) -> Consensus:
    """The accuracies of the teachers of one field from their answers about its documents, a mapping for each document.

    Questions that one teacher alone answered say nothing about it and keep its accuracy where it is. Starts from the
    share of answers that the majority gives, so that the labels of right and wrong cannot change places.
    """
    right = [_shares(answers) for answers in questions]
    accuracy = _accuracy(questions, right)
    for _ in range(ROUNDS):
        right = [_posterior(answers, accuracy) for answers in questions]
        before, accuracy = accuracy, _accuracy(questions, right)
        if max((abs(accuracy[name] - before[name]) for name in accuracy), default=0.0) < TOLERANCE:
            break
    return Consensus(accuracy, right)


def _shares(answers: Answers) -> dict[Hashable, float]:
    """The share of the teachers that gave each class."""
    shares: dict[Hashable, float] = defaultdict(float)
    for value in answers.values():
        shares[value] += 1 / len(answers)
    return dict(shares)


def _posterior(answers: Answers, accuracy: Mapping[str, float]) -> dict[Hashable, float]:
    """The probability that each class is the right one (the expectation step)."""
    logs = {value: _log_likelihood(value, answers, accuracy) for value in dict.fromkeys(answers.values())}
    # A class that nobody named, of which there are about so many.
    unnamed = max(WRONG_VALUES + 1 - len(logs), 1)
    nobody = math.log(unnamed) + _log_likelihood(None, answers, accuracy, named=False)
    top = max([*logs.values(), nobody])
    weights = {value: math.exp(log - top) for value, log in logs.items()}
    total = sum(weights.values()) + math.exp(nobody - top)
    return {value: weight / total for value, weight in weights.items()}


def _log_likelihood(right: Hashable, answers: Answers, accuracy: Mapping[str, float], *, named: bool = True) -> float:
    """Of the answers, if `right` is the right class; without `named` all answers are wrong."""
    return sum(
        math.log(accuracy[name] if named and value == right else (1 - accuracy[name]) / WRONG_VALUES)
        for name, value in answers.items()
    )


def _accuracy(questions: Sequence[Answers], right: Sequence[Mapping[Hashable, float]]) -> dict[str, float]:
    """The expected share of right answers of each teacher, with the prior (the maximisation step)."""
    hits: dict[str, float] = defaultdict(float)
    counts: dict[str, int] = defaultdict(int)
    for answers, probabilities in zip(questions, right, strict=True):
        if len(answers) < 2:
            continue
        for name, value in answers.items():
            hits[name] += probabilities[value]
            counts[name] += 1
    names = dict.fromkeys(name for answers in questions for name in answers)
    return {name: (hits[name] + PRIOR_RIGHT) / (counts[name] + PRIOR_RIGHT + PRIOR_WRONG) for name in names}
