"""Calibration: from the signals of an answer to the probability that it is right.

A logistic regression over the signals of `postprocessing`, with one intercept a field, regularised towards no effect
where there are few answers to fit. What speaks for an answer by its nature may be given no weight against it, which
chance among few answers else does. "Right" is equal after the field's normaliser, texts without regard to commas and
spaces.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from extraction.domain.json_types import JsonObject
from extraction.engines.student.layout.inference.postprocessing import SIGNALS, Answer

FEWEST = 12  # answers below which the raw probability is only damped
DAMPED = 0.8
STRENGTH = 1.0  # inverse regularisation


@dataclass(frozen=True)
class Calibration:
    """`confidence = sigmoid(weights · (signals − center) / spread + bias + field bias)`.

    `weights`, `center` and `spread` have one number for each of `signals`; empty weights: not fitted. `answers` is the
    number of answers that it was fitted on.
    """

    weights: tuple[float, ...] = ()
    center: tuple[float, ...] = ()
    spread: tuple[float, ...] = ()
    bias: float = 0.0
    fields: Mapping[str, float] = field(default_factory=dict)
    answers: int = 0
    signals: tuple[str, ...] = SIGNALS

    def confidence(self, name: str, signals: NDArray[np.float64]) -> float:
        """Probability (0–1) for an answer to the field `name` with `signals` of shape `[len(self.signals)]`."""
        if not self.weights:
            return float(DAMPED / (1 + np.exp(-signals[0])))
        scaled = (signals - np.array(self.center)) / np.array(self.spread)
        odds = float(np.dot(self.weights, scaled)) + self.bias + self.fields.get(name, 0.0)
        return float(1 / (1 + np.exp(-odds)))

    def apply(self, answers: Mapping[str, Answer]) -> dict[str, Answer]:
        """The answers, by field, with their confidence set."""
        return {
            name: replace(answer, value=replace(answer.value, confidence=self.confidence(name, answer.signals)))
            for name, answer in answers.items()
        }

    def to_json(self) -> JsonObject:
        return {
            "signals": list(self.signals),
            "weights": list(self.weights),
            "center": list(self.center),
            "spread": list(self.spread),
            "bias": self.bias,
            "fields": dict(self.fields),
            "answers": self.answers,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any], names: tuple[str, ...] = SIGNALS) -> Self:
        """Weights of other signals than today's `names` mean nothing: such a calibration counts as not fitted."""
        if value["signals"] != list(names):
            return cls(answers=value["answers"], signals=names)
        return cls(
            tuple(value["weights"]),
            tuple(value["center"]),
            tuple(value["spread"]),
            value["bias"],
            value["fields"],
            value["answers"],
            names,
        )


def fit(
    rows: Sequence[tuple[str, NDArray[np.float64], bool]],
    names: tuple[str, ...] = SIGNALS,
    against: Collection[str] | None = None,
) -> Calibration:
    """Calibration fitted on (field, signals of shape `[len(names)]`, right) of answers to validation documents.

    With `against`, these signals speak against an answer or not at all, and the others for it or not at all. With fewer
    than `FEWEST` rows, or where all or none are right, it is not fitted.
    """
    right = np.array([row[2] for row in rows], dtype=bool)
    if len(rows) < FEWEST or right.all() or not right.any():
        return Calibration(answers=len(rows), signals=names)
    signals = np.stack([row[1] for row in rows])
    center, spread = signals.mean(axis=0), signals.std(axis=0) + 1e-3
    fields = sorted({row[0] for row in rows})
    one_hot = np.array([[float(row[0] == name) for name in fields] for row in rows])
    bounds = [_bounds(name, against) for name in names]
    fitted, bias = _regression(np.hstack([(signals - center) / spread, one_hot]), right, bounds)
    return Calibration(
        tuple(map(float, fitted[: len(names)])),
        tuple(map(float, center)),
        tuple(map(float, spread)),
        float(bias),
        dict(zip(fields, map(float, fitted[len(names) :]), strict=True)),
        len(rows),
        names,
    )


def _bounds(name: str, against: Collection[str] | None) -> tuple[float | None, float | None]:
    """The least and the highest weight of a signal."""
    if against is None:
        return None, None
    return (None, 0.0) if name in against else (0.0, None)


def _regression(
    signals: NDArray[np.float64], right: NDArray[np.bool_], bounds: Sequence[tuple[float | None, float | None]]
) -> tuple[NDArray[np.float64], float]:
    """Weights `[columns]`, of which the first have bounds, and the intercept of a logistic regression with an L2
    penalty on the weights."""
    from scipy.optimize import minimize
    from scipy.special import expit

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        odds = signals @ weights[:-1] + weights[-1]
        missed = expit(odds) - right
        value = STRENGTH * np.logaddexp(0, np.where(right, -odds, odds)).sum() + (weights[:-1] ** 2).sum() / 2
        slope = np.append(STRENGTH * signals.T @ missed + weights[:-1], STRENGTH * missed.sum())
        return float(value), slope

    free: list[tuple[float | None, float | None]] = [(None, None)] * (signals.shape[1] + 1 - len(bounds))
    found = minimize(loss, np.zeros(signals.shape[1] + 1), jac=True, method="L-BFGS-B", bounds=[*bounds, *free]).x
    return found[:-1], found[-1]
