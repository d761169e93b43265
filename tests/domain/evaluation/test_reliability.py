"""Figures about confidences, with scikit-learn as oracle."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.calibration import calibration_curve
from sklearn.metrics import roc_auc_score

from extraction.domain.evaluation.reliability import auroc, calibration_error

# In hundredths, so that ties happen.
ANSWERS = st.lists(st.tuples(st.integers(0, 99), st.booleans()), min_size=1, max_size=60)


@given(ANSWERS)
def test_auroc_is_scikit_learns(answers: list[tuple[int, bool]]) -> None:
    confidences, right = [score / 100 for score, _ in answers], [meant for _, meant in answers]
    if len(set(right)) == 1:
        assert auroc(confidences, right) is None
    else:
        assert auroc(confidences, right) == pytest.approx(roc_auc_score(right, confidences))


@given(ANSWERS)
def test_calibration_error_is_that_of_scikit_learns_curve(answers: list[tuple[int, bool]]) -> None:
    # Half a hundredth off the borders of the ranges: which side of a border counts is a convention.
    confidences, right = [(score + 0.5) / 100 for score, _ in answers], [meant for _, meant in answers]
    share, mean = calibration_curve(right, confidences, n_bins=10)
    counts = np.histogram(confidences, bins=10, range=(0, 1))[0]
    expected = float(np.abs(share - mean) @ counts[counts > 0]) / len(answers)
    assert calibration_error(confidences, right) == pytest.approx(expected)


def test_certain_and_right_is_without_error() -> None:
    assert calibration_error([1.0, 1.0, 0.0], [True, True, False]) == 0
    assert calibration_error([], []) == 0


def test_lengths_must_agree() -> None:
    with pytest.raises(ValueError, match="confidence"):
        auroc([0.5], [])
