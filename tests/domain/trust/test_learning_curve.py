"""The learning curve: what the next labels would bring, with intervals that hold, and nothing from too few points."""

import random

import pytest

from extraction.domain.trust.learning_curve import LearningPoint, is_enough, outlook

SIZES = (200, 400, 800, 1600, 3200)


def point(labels: int, quality: float, deviation: float = 0.01) -> LearningPoint:
    return LearningPoint(
        f"of {labels}", labels, 0, 0, quality, (quality - 1.96 * deviation, quality + 1.96 * deviation)
    )


def quality(labels: float) -> float:
    return 1 - 1.2 * labels**-0.35


@pytest.mark.parametrize(
    "sizes", [(), (100,), (100, 200, 400), (100, 100, 100, 100, 200), (100, 105, 110, 115), (0, 100, 200, 400)]
)
def test_too_few_points_tell_nothing(sizes: tuple[int, ...]) -> None:
    points = [point(size, 0.8) for size in sizes]
    assert not is_enough(points)
    assert outlook(points) is None


def test_on_a_curve_without_noise_the_outlook_is_exact() -> None:
    found = outlook([point(size, quality(size), 0.0005) for size in SIZES])
    assert found is not None
    assert found.gain == pytest.approx(quality(3300) - quality(3200), rel=0.02)
    assert found.ci95[0] <= found.gain <= found.ci95[1]


def test_the_interval_holds_the_truth_nearly_always() -> None:
    held = 0
    for seed in range(60):
        draw = random.Random(seed)
        found = outlook([point(size, quality(size) + draw.gauss(0, 0.01)) for size in SIZES])
        assert found is not None
        held += found.ci95[0] <= quality(3300) - quality(3200) <= found.ci95[1]
    assert held >= 54


def test_models_that_do_not_get_better_promise_nothing() -> None:
    found = outlook([point(size, 0.9) for size in SIZES])
    assert found is not None
    assert found.ci95[0] < 0 < found.ci95[1]
    assert outlook([point(size, 1.0) for size in SIZES]) is not None
