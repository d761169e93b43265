"""A guarantee is held, except once in ten times at most, and says what it lacks."""

import random

import pytest

from extraction.domain.evaluation.guarantees import CheckedAnswer, Guarantee, GuaranteeState, guarantee, needed


def answers(*groups: tuple[float, int, int]) -> list[CheckedAnswer]:
    """For each group `count` answers of a confidence, of which the first `wrong` are wrong."""
    return [CheckedAnswer(confidence, at >= wrong) for confidence, count, wrong in groups for at in range(count)]


@pytest.mark.parametrize(("target", "count"), [(0.05, 45), (0.02, 114), (0.01, 230)])
def test_so_many_right_answers_allow_an_error(target: float, count: int) -> None:
    assert needed(target) == count
    assert guarantee(answers((0.9, count, 0)), target).state == GuaranteeState.HELD
    few = guarantee(answers((0.9, count - 1, 0)), target)
    assert (few.state, few.checked, few.needed, few.share) == (GuaranteeState.TOO_FEW, count - 1, count, 0)
    assert not few.accepts(1.0)


def test_the_threshold_goes_down_until_errors_come() -> None:
    found = guarantee(answers((0.99, 100, 0), (0.9, 100, 0), (0.5, 100, 40)), 0.05)
    assert found.threshold == 0.9
    assert (found.accepted, found.wrong, found.share) == (200, 0, pytest.approx(2 / 3))
    assert found.bound is not None
    assert found.bound <= 0.05
    assert [found.accepts(confidence) for confidence in (0.95, 0.9, 0.89, None)] == [True, True, False, False]


def test_one_slip_among_the_surest_does_not_end_it() -> None:
    assert guarantee(answers((0.999, 1, 1), (0.99, 200, 0)), 0.05).state == GuaranteeState.HELD


def test_few_answers_are_tested_from_the_fewest_that_allow_it() -> None:
    sure = [CheckedAnswer(1 - number / 100, number < 31) for number in range(32)]
    found = guarantee(sure, 0.1)
    assert (found.state, found.wrong) == (GuaranteeState.HELD, 0)
    assert 22 <= found.accepted < 32


def test_where_even_the_surest_are_wrong_nothing_is_accepted() -> None:
    found = guarantee(answers((0.99, 100, 30)), 0.05)
    assert (found.state, found.threshold, found.accepts(1.0)) == (GuaranteeState.TOO_MANY_WRONG, None, False)


def test_equal_confidences_are_accepted_together_or_not_at_all() -> None:
    found = guarantee(answers((0.99, 60, 0), (0.8, 500, 100)), 0.05)
    assert (found.threshold, found.accepted) == (0.99, 60)


@pytest.mark.parametrize("target", [0.05, 0.1])
def test_the_error_is_exceeded_in_a_tenth_of_the_draws_at_most(target: float) -> None:
    draw = random.Random(5)

    def population(count: int) -> list[CheckedAnswer]:
        sure = (1 - 0.6 * draw.random() ** 6 for _ in range(count))
        return [CheckedAnswer(confidence, draw.random() < confidence) for confidence in sure]

    everybody = population(20_000)
    exceeded = held = 0
    for _ in range(100):
        found = guarantee(draw.sample(everybody, 200), target)
        accepted = [answer for answer in everybody if found.accepts(answer.confidence)]
        held += bool(accepted)
        exceeded += sum(not answer.right for answer in accepted) > target * len(accepted)
    assert held > 50
    # A tenth, and as many more as chance allows once in a hundred times.
    assert exceeded <= 18


def test_it_is_restored_as_it_was_stored() -> None:
    for found in (guarantee(answers((0.9, 60, 0)), 0.05), guarantee([], 0.05)):
        assert Guarantee.from_json(found.to_json()) == found
