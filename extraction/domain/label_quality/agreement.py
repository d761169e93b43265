"""Accuracy of teachers without truth, from where their answers are equal.

The answers about one field of one document fall into classes of equal ones. Each teacher is right with one probability,
which the expectation-maximisation algorithm finds (A. P. Dawid and A. M. Skene, *Maximum likelihood estimation of
observer error-rates using the EM algorithm*, Applied Statistics 28, 1979); a wrong answer is any of many other classes.
Errors that several teachers make alike, such as habits of related models, look like agreement and cannot be seen.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

# What a question's answers are: equal answers have the same class.
Answers = Mapping[str, Hashable]

# Right and wrong answers that each teacher is taken to have given before (a beta prior): with few questions the
# accuracy stays near 0.8, and no teacher becomes certain.
PRIOR_RIGHT, PRIOR_WRONG = 4.0, 1.0
# Wrong values that a teacher may name, about: two teachers rarely make the same mistake.
WRONG_VALUES = 20
ROUNDS, TOLERANCE = 200, 1e-6


# The same with classes numbered in the order of the teachers' names: questions of one pattern tell the same.
Pattern = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Consensus:
    """Estimates for one field. `accuracy` by teacher (0–1); `right` has, for each question in order, the probability of
    each class that somebody named; what is left is that all are wrong."""

    accuracy: Mapping[str, float]
    right: Sequence[Mapping[Hashable, float]]


def consensus(questions: Sequence[Answers]) -> Consensus:
    """The accuracies of the teachers of one field from their answers about its documents, a mapping for each document.

    Questions that one teacher alone answered say nothing about it. Starts from the share of the teachers that gave an
    answer, so that right and wrong cannot change places.
    """
    patterns = [_pattern(answers) for answers in questions]
    counts = Counter(patterns)
    right = {pattern: _shares(pattern) for pattern in counts}
    accuracy = _accuracy(counts, right)
    for _ in range(ROUNDS):
        right = {pattern: _posterior(pattern, accuracy) for pattern in counts}
        before, accuracy = accuracy, _accuracy(counts, right)
        if max((abs(accuracy[name] - before[name]) for name in accuracy), default=0.0) < TOLERANCE:
            break
    named = (
        {answers[name]: right[pattern][number] for name, number in pattern}
        for answers, pattern in zip(questions, patterns, strict=True)
    )
    return Consensus(accuracy, list(named))


def _pattern(answers: Answers) -> Pattern:
    numbers: dict[Hashable, int] = {}
    return tuple((name, numbers.setdefault(answers[name], len(numbers))) for name in sorted(answers))


def _shares(pattern: Pattern) -> dict[int, float]:
    """The share of the teachers that gave each class."""
    given = Counter(number for _, number in pattern)
    return {number: count / len(pattern) for number, count in given.items()}


def _posterior(pattern: Pattern, accuracy: Mapping[str, float]) -> dict[int, float]:
    """The probability that each class is the right one (the expectation step)."""
    logs = {number: _log_likelihood(number, pattern, accuracy) for _, number in pattern}
    # The right one may be a class that nobody named, of which there are about so many.
    unnamed = math.log(max(WRONG_VALUES + 1 - len(logs), 1)) + _log_likelihood(None, pattern, accuracy)
    top = max([*logs.values(), unnamed])
    weights = {number: math.exp(log - top) for number, log in logs.items()}
    total = sum(weights.values()) + math.exp(unnamed - top)
    return {number: weight / total for number, weight in weights.items()}


def _log_likelihood(right: int | None, pattern: Pattern, accuracy: Mapping[str, float]) -> float:
    """Of the answers, if `right` is the right class; `None`: all are wrong."""
    return sum(
        math.log(accuracy[name] if number == right else (1 - accuracy[name]) / WRONG_VALUES) for name, number in pattern
    )


def _accuracy(counts: Mapping[Pattern, int], right: Mapping[Pattern, Mapping[int, float]]) -> dict[str, float]:
    """The expected share of right answers of each teacher, with the prior (the maximisation step)."""
    hits: dict[str, float] = defaultdict(float)
    asked: dict[str, int] = defaultdict(int)
    for pattern, count in counts.items():
        for name, number in pattern:
            told = len(pattern) > 1
            hits[name] += count * right[pattern][number] if told else 0.0
            asked[name] += count if told else 0
    return {name: (hits[name] + PRIOR_RIGHT) / (asked[name] + PRIOR_RIGHT + PRIOR_WRONG) for name in asked}
