"""The estimator: a sensible prior, and what it learns from labels that people have judged."""

import json
import random

import pytest

from extraction.domain.evaluation.reliability import auroc, calibration_error
from extraction.domain.label_quality import signals
from extraction.domain.label_quality.estimator import Estimator, Judged
from extraction.domain.label_quality.weights import training_weight


def judged(number: int, seed: int = 0) -> list[Judged]:
    """Labels of a good and a bad source, of which the page finds nearly all that are right."""
    drawn = random.Random(seed)
    labels = []
    for _ in range(number):
        source = drawn.choice(["good", "bad"])
        right = drawn.random() < (0.97 if source == "good" else 0.6)
        missing = drawn.random() < (0.05 if right else 0.7)
        labels.append(Judged("total", source, {"not_found": 1.0} if missing else {}, right))
    return labels


def test_before_anybody_reviewed_what_speaks_against_a_label_lowers_it() -> None:
    prior = Estimator.prior()
    plain = prior.probability("total", "rules", {})
    assert 0.85 < plain < 0.97
    for signal in signals.known():
        moved = prior.probability("total", "rules", {signal.name: 1.0})
        assert moved > plain if signal.supports else moved < plain


def test_it_learns_who_is_right_how_often() -> None:
    fitted = Estimator.fit(judged(400))
    assert fitted.labels == 400
    assert fitted.probability("total", "good", {}) > fitted.probability("total", "bad", {})
    new = judged(1000, seed=1)
    found = [fitted.probability(label.field, label.source, label.signals) for label in new]
    right = [label.right for label in new]
    assert (auroc(found, right) or 0) > 0.8
    assert calibration_error(found, right) < 0.05


def test_few_labels_move_it_little_and_none_not_at_all() -> None:
    assert Estimator.fit([]) == Estimator.prior()
    few = Estimator.fit([Judged("total", "rules", {}, right=False)])
    assert 0.5 < few.probability("total", "rules", {}) < Estimator.prior().probability("total", "rules", {})


def test_chance_gives_no_signal_a_weight_against_its_nature() -> None:
    misleading = [Judged("total", "rules", {"not_found": 1.0}, right=True)] * 30
    misleading += [Judged("total", "rules", {}, right=False)] * 30
    fitted = Estimator.fit(misleading)
    assert fitted.weights["not_found"] <= 0
    assert all(fitted.weights[signal.name] * signal.prior >= 0 for signal in signals.known())


def test_what_contributed_comes_with_the_weightiest_first() -> None:
    parts = Estimator.prior().contributions({"not_found": 0.1, "others_differ": 1.0, "rules_agree": 0.5, "gone": 1.0})
    assert [part.signal for part in parts] == ["others_differ", "rules_agree", "not_found"]
    assert parts[0].odds < 0 < parts[1].odds


def test_it_survives_being_stored() -> None:
    fitted = Estimator.fit(judged(50))
    assert Estimator.from_json(json.loads(json.dumps(fitted.to_json()))) == fitted


@pytest.mark.parametrize(
    ("probability", "unsure", "weight"),
    [
        (None, False, 1.0),
        (None, True, 0.5),
        (0.98, True, 1.0),
        (0.62, False, 0.6),
        (0.29, False, 0.0),
        (0.0, False, 0.0),
    ],
)
def test_a_label_teaches_by_how_probably_it_is_right(probability: float | None, unsure: bool, weight: float) -> None:
    assert training_weight(probability, unsure=unsure) == weight


def test_a_signal_that_is_newer_than_the_fit_keeps_its_prior_weight() -> None:
    value = Estimator.fit([Judged("total", "model", {"unsure": 1.0}, False)]).to_json()
    del value["weights"]["student_differs"]
    prior = Estimator.prior().weights["student_differs"]
    assert Estimator.from_json(value).weights["student_differs"] == prior
