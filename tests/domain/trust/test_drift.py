"""Drift: seldom told of where there is none, found where there is some, unknown where there is too little."""

import json

import numpy as np
import pytest

from extraction.domain.trust import drift
from extraction.domain.trust.drift import Aspect, AspectDrift, Drift, DriftState, drop, judged, mixture, novelty


@pytest.fixture(autouse=True)
def _fewer_divisions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Enough for the level, and quick."""
    monkeypatch.setattr(drift, "PERMUTATIONS", 499)


def of_vendors(learned: np.ndarray, came: np.ndarray) -> AspectDrift:
    names = np.concatenate([learned, came])
    return novelty(Aspect.VENDOR, names[:, None] == names[None, :], len(learned), list(range(len(came))))


def all_aspects(draw: np.random.Generator, *, vendors: float = 1.3, sure: float = 8.0, french: float = 0.2) -> Drift:
    """What was learned from against what came in, which differs in what is given."""
    languages = [["fr" if other else "en" for other in draw.random(60) < share] for share in (0.2, french)]
    confidences = [{"total": draw.beta(8, 1, 60)}, {"total": draw.beta(sure, 1, 60)}]
    return Drift(
        30,
        judged(
            [
                of_vendors(draw.zipf(1.3, 60), draw.zipf(vendors, 60)),
                mixture(Aspect.LANGUAGE, *languages),
                drop(Aspect.CONFIDENCE, *confidences),  # type: ignore[arg-type]
            ]
        ),
    )


def test_without_drift_there_are_few_false_alarms() -> None:
    """Vendors are skewed as real ones are. At most one check in a hundred is wrong; of 120 more than 5 are so with a
    probability of less than 1 in 100."""
    alarms = sum(bool(all_aspects(np.random.default_rng(seed)).drifted) for seed in range(120))
    assert alarms <= 5


@pytest.mark.parametrize(
    ("change", "aspect"),
    [({"vendors": 1.02}, Aspect.VENDOR), ({"sure": 3.0}, Aspect.CONFIDENCE), ({"french": 0.7}, Aspect.LANGUAGE)],
)
def test_drift_is_found(change: dict[str, float], aspect: Aspect) -> None:
    found = [all_aspects(np.random.default_rng(seed), **change).drifted for seed in range(10)]
    assert sum(aspect in each for each in found) >= 8
    assert sum(len(set(each) - {aspect}) for each in found) <= 1


def test_a_drop_is_found_among_many_fields() -> None:
    """As many tests as there are fields do not hide it, beside aspects that are as before."""
    draw = np.random.default_rng(1)
    before = {f"field{number}": draw.beta(8, 1, 60) for number in range(12)}
    came = {name: draw.beta(8, 1, 60) for name in before} | {"field7": draw.beta(3, 1, 60)}
    same = AspectDrift(Aspect.LAYOUT, DriftState.SAME, 60, 60, 0.1, 0.1, 0.5)
    found = drop(Aspect.CONFIDENCE, before, came)  # type: ignore[arg-type]
    assert judged([same, same, same, found])[-1].state is DriftState.DRIFTED


def test_documents_unlike_any_are_named() -> None:
    learned, came = np.array(["a", "b"] * 20), np.array(["a"] * 20 + ["new"] * 20)
    found = of_vendors(learned, came)
    assert (found.value, found.documents) == (0.5, (20, 21, 22, 23, 24, 25))
    assert judged([found])[0].state is DriftState.DRIFTED


def test_a_difference_that_does_not_matter_is_none() -> None:
    rows = AspectDrift(Aspect.LAYOUT, DriftState.SAME, 500, 500, 0.06, 0.02, 0.0001)
    assert judged([rows])[0].state is DriftState.SAME


def test_too_few_documents_tell_nothing() -> None:
    few = np.array(["a"] * 5)
    assert of_vendors(few, np.array(["b"] * 50)).state is DriftState.UNKNOWN
    assert mixture(Aspect.LANGUAGE, [], ["en"] * 50).state is DriftState.UNKNOWN
    assert drop(Aspect.CONFIDENCE, {}, {}).state is DriftState.UNKNOWN
    assert drop(Aspect.CONFIDENCE, {"a": [0.5] * 30}, {"b": [0.5] * 30}).state is DriftState.UNKNOWN
    assert not Drift(30, judged([of_vendors(few, few)])).known


def test_what_is_stored_is_restored() -> None:
    found = all_aspects(np.random.default_rng(1), vendors=1.02)
    assert Drift.from_json(json.loads(json.dumps(found.to_json()))) == found
