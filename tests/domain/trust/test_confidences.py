"""Confidences and pairs: what a system's certainty is worth, and whether chance explains a difference."""

import json
import random

import pytest

from extraction.domain.evaluation.guarantees import GuaranteeState
from extraction.domain.trust.confidences import Confidences
from extraction.domain.trust.pairs import PairCounts

ANSWERS = [(0.95, True)] * 90 + [(0.95, False)] * 10 + [(0.5, True)] * 5 + [(0.5, False)] * 5 + [(None, True)] * 3


def test_levels_are_kept_exactly() -> None:
    known = Confidences.of(ANSWERS)
    assert (known.count, known.silent) == (110, 3)
    assert [(level.confidence, level.count, level.right) for level in known.levels] == [(0.95, 100, 90), (0.5, 10, 5)]
    assert Confidences.from_json(json.loads(json.dumps(known.to_json()))) == known


def test_bins_and_coverage_count_every_answer_once() -> None:
    known = Confidences.of(ANSWERS)
    assert [(each.low, each.right.share, each.right.count) for each in known.bins()] == [
        (0.5, 0.5, 10),
        (0.9, 0.9, 100),
    ]
    assert [(round(point.coverage, 3), point.right.share) for point in known.coverage()] == [
        (0.909, 0.9),
        (1.0, 95 / 110),
    ]
    assert known.calibration_error == pytest.approx(0.05 * 100 / 110)
    assert Confidences.of([(1.0, True)]).bins()[0].low == 0.9


def test_a_threshold_holds_on_answers_like_these() -> None:
    """Of 60 systems whose confidences come true, about one in ten at most exceeds what was promised."""
    exceeded = found = 0
    for seed in range(60):
        draw = random.Random(seed)
        pairs = [(sure, draw.random() < sure) for sure in (draw.betavariate(6, 1) for _ in range(300))]
        held = Confidences.of(pairs).threshold(0.1)
        if held.threshold is None:
            continue
        found += 1
        accepted = [sure for sure, _ in pairs if sure >= held.threshold]
        exceeded += sum(1 - sure for sure in accepted) / len(accepted) > 0.1
    assert found > 40
    assert exceeded <= 12


def test_without_answers_nothing_is_known() -> None:
    known = Confidences.of([(None, True)])
    assert (known.count, known.auroc, known.bins(), known.coverage()) == (0, None, [], [])
    assert known.threshold(0.02).state is GuaranteeState.TOO_FEW


@pytest.mark.parametrize(
    ("left", "right", "low", "high"), [(0, 0, 1, 1), (5, 5, 1, 1), (9, 1, 0.02, 0.03), (6, 0, 0.03, 0.04)]
)
def test_chance_explains_small_differences(left: int, right: int, low: float, high: float) -> None:
    assert low <= PairCounts(10, left, right, 3).p_value <= high
    assert PairCounts(10, right, left, 3).p_value == PairCounts(10, left, right, 3).p_value
