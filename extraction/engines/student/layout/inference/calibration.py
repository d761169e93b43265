"""Calibration: from the signals of an answer to the probability that it is right.

A logistic regression over the signals of `postprocessing`, with one intercept a field, regularised towards no effect
where there are few answers to fit. "Right" is equal after the field's normaliser, texts without regard to commas and
spaces.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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


def fit(rows: Sequence[tuple[str, NDArray[np.float64], bool]], names: tuple[str, ...] = SIGNALS) -> Calibration:
    """Calibration fitted on (field, signals of shape `[len(names)]`, right) of answers to validation documents.

    With fewer than `FEWEST` rows, or where all or none are right, it is not fitted.
    """
    from sklearn.linear_model import LogisticRegression

    right = np.array([row[2] for row in rows], dtype=bool)
    if len(rows) < FEWEST or right.all() or not right.any():
        return Calibration(answers=len(rows), signals=names)
    signals = np.stack([row[1] for row in rows])
    center, spread = signals.mean(axis=0), signals.std(axis=0) + 1e-3
    fields = sorted({row[0] for row in rows})
    one_hot = np.array([[float(row[0] == name) for name in fields] for row in rows])
    model = LogisticRegression(C=STRENGTH, max_iter=1000)
    model.fit(np.hstack([(signals - center) / spread, one_hot]), right)
    weights, biases = model.coef_[0][: len(names)], model.coef_[0][len(names) :]
    return Calibration(
        tuple(map(float, weights)),
        tuple(map(float, center)),
        tuple(map(float, spread)),
        float(model.intercept_[0]),
        dict(zip(fields, map(float, biases), strict=True)),
        len(rows),
        names,
    )
