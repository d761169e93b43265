"""Confidence learned from answers whose rightness is known."""

import json

import numpy as np
import pytest
from numpy.typing import NDArray

from extraction.domain.evaluation.reliability import auroc, calibration_error
from extraction.engines.student.layout.inference.calibration import Calibration, fit
from extraction.engines.student.layout.inference.postprocessing import SIGNALS

Row = tuple[str, NDArray[np.float64], bool]


def answers(count: int, seed: int) -> list[Row]:
    """Answers that are right as often as their first signal says; totals more rarely, the other signals being noise."""
    chance = np.random.default_rng(seed)
    rows = []
    for number in range(count):
        signals = chance.normal(size=len(SIGNALS))
        name = ("company", "total")[number % 2]
        odds = 2 * signals[0] - (1.5 if name == "total" else 0)
        rows.append((name, signals, bool(chance.random() < 1 / (1 + np.exp(-odds)))))
    return rows


def test_confidences_of_new_answers_come_true() -> None:
    calibration = fit(answers(400, 0))
    new = answers(4000, 1)
    said, right = [calibration.confidence(name, signals) for name, signals, _ in new], [row[2] for row in new]
    assert calibration_error(said, right) < 0.05
    assert (auroc(said, right) or 0) > 0.85
    totals = [sure for sure, row in zip(said, new, strict=True) if row[0] == "total"]
    assert np.mean(totals) < np.mean(said)


@pytest.mark.parametrize("rows", [[], answers(11, 0), [(name, signals, True) for name, signals, _ in answers(50, 0)]])
def test_too_little_to_learn_from_only_damps(rows: list[Row]) -> None:
    calibration = fit(rows)
    low, high = np.zeros(len(SIGNALS)), np.full(len(SIGNALS), 5.0)
    assert calibration.weights == ()
    assert 0 < calibration.confidence("total", low) < calibration.confidence("total", high) < 0.81


def test_it_survives_being_written_down() -> None:
    calibration = fit(answers(60, 0))
    assert Calibration.from_json(json.loads(json.dumps(calibration.to_json()))) == calibration


def test_weights_of_other_signals_are_not_used() -> None:
    written = {**fit(answers(60, 0)).to_json(), "signals": ["another"]}
    assert Calibration.from_json(written) == Calibration(answers=60)
