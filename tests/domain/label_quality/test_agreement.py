"""Accuracies of teachers without truth: found on simulated answers, whatever is missing, and never certain."""

import random
from collections.abc import Mapping

import pytest

from extraction.domain.label_quality.agreement import consensus


def simulated(
    accuracy: Mapping[str, float], questions: int, *, answered: float = 1.0, seed: int = 1
) -> list[dict[str, int]]:
    """Answers of independent teachers, the right one always 0; each question has wrong ones of its own."""
    draw = random.Random(seed)
    return [
        {
            name: 0 if draw.random() < right else draw.randint(1, 20)
            for name, right in accuracy.items()
            if draw.random() < answered
        }
        for _ in range(questions)
    ]


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("answered", [1.0, 0.7])
def test_accuracies_are_found_without_truth(seed: int, answered: float) -> None:
    truth = {"a": 0.95, "b": 0.8, "c": 0.6}
    found = consensus(simulated(truth, 600, answered=answered, seed=seed)).accuracy
    assert found == pytest.approx(truth, abs=0.06)
    assert sorted(found, key=found.__getitem__) == ["c", "b", "a"]


def test_a_good_teacher_outweighs_two_bad_ones() -> None:
    questions = simulated({"a": 0.98, "b": 0.5, "c": 0.5}, 600)
    found = consensus([*questions, {"a": 1, "b": 2, "c": 2}, {"a": 1, "b": 2, "c": 3}]).right
    assert found[-2][1] > found[-2][2]
    assert found[-1][1] > 0.8


def test_probabilities_come_true() -> None:
    questions = simulated({"a": 0.9, "b": 0.8, "c": 0.7}, 2000, seed=3)
    found = consensus(questions).right
    sure = [(values[0], max(values.values())) for values in found if 0 in values and max(values.values()) > 0.9]
    wrong = sum(
        1
        for answers, values in zip(questions, found, strict=True)
        if values and max(values, key=values.__getitem__) != 0
    )
    assert len(sure) > 1500
    assert wrong / len(questions) < 0.12
    assert all(sum(values.values()) <= 1 + 1e-9 for values in found)


def test_equal_answers_need_no_order_of_names() -> None:
    questions = simulated({"a": 0.9, "b": 0.7}, 300)
    turned = [dict(reversed(answers.items())) for answers in questions]
    assert consensus(turned).accuracy == pytest.approx(consensus(questions).accuracy)


@pytest.mark.parametrize("questions", [[], [{}], [{"a": 1}], [{"a": 1}, {"b": 2}]])
def test_too_little_leaves_the_prior(questions: list[dict[str, int]]) -> None:
    found = consensus(questions).accuracy
    assert all(value == pytest.approx(0.8) for value in found.values())


def test_nobody_becomes_certain() -> None:
    found = consensus([{"a": 1, "b": 1, "c": 1}] * 50)
    assert all(0.9 < value < 1 for value in found.accuracy.values())
    assert found.right[0][1] > 0.99
