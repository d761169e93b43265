"""Confidence learned from answers whose rightness is known."""

import json

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

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


def test_without_bounds_it_is_scikit_learns_logistic_regression() -> None:
    rows = [("total", signals, right) for _, signals, right in answers(80, 3)]
    calibration, signals = fit(rows), np.stack([row[1] for row in rows])
    scaled = (signals - signals.mean(axis=0)) / (signals.std(axis=0) + 1e-3)
    oracle = LogisticRegression(C=1.0, tol=1e-8, max_iter=1000).fit(scaled, [row[2] for row in rows])
    assert calibration.weights == pytest.approx(oracle.coef_[0], abs=1e-3)
    expected = oracle.predict_proba(scaled)[:, 1]
    assert [calibration.confidence("total", each) for each in signals] == pytest.approx(expected, abs=1e-3)


def test_no_signal_speaks_against_its_nature() -> None:
    against = SIGNALS[1]
    for seed in range(10):
        weights = dict(zip(SIGNALS, fit(answers(20, seed), against=[against]).weights, strict=True))
        assert weights.pop(against, 0.0) <= 0
        assert all(weight >= 0 for weight in weights.values())
