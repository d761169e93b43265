"""From what speaks for an answer to the probability that it is right.

A logistic regression over the signals of `answering`, one intercept a field, drawn towards doing nothing where there
are few answers to learn from. "Right" is equal after the field's normaliser, texts without regard to commas and spaces.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from extraction.engines.student.layout.inference.postprocessing import SIGNALS, Answer

FEWEST = 12  # answers below which the raw probability is only damped
DAMPED = 0.8
STRENGTH = 1.0  # inverse regularisation


@dataclass(frozen=True)
class Calibration:
    """`confidence = sigmoid(weights · (signals − center) / spread + bias + field bias)`; empty weights: not learned."""

    weights: tuple[float, ...] = ()
    center: tuple[float, ...] = ()
    spread: tuple[float, ...] = ()
    bias: float = 0.0
    fields: Mapping[str, float] = field(default_factory=dict)
    answers: int = 0

    def confidence(self, name: str, signals: NDArray[np.float64]) -> float:
        if not self.weights:
            return float(DAMPED / (1 + np.exp(-signals[0])))
        scaled = (signals - np.array(self.center)) / np.array(self.spread)
        odds = float(np.dot(self.weights, scaled)) + self.bias + self.fields.get(name, 0.0)
        return float(1 / (1 + np.exp(-odds)))

    def apply(self, found: Mapping[str, Answer]) -> dict[str, Answer]:
        return {
            name: replace(answer, value=replace(answer.value, confidence=self.confidence(name, answer.signals)))
            for name, answer in found.items()
        }

    def export(self) -> dict[str, Any]:
        return {
            "signals": list(SIGNALS),
            "weights": list(self.weights),
            "center": list(self.center),
            "spread": list(self.spread),
            "bias": self.bias,
            "fields": dict(self.fields),
            "answers": self.answers,
        }

    @classmethod
    def from_export(cls, value: Mapping[str, Any]) -> Self:
        """Weights of other signals than today's mean nothing: such a calibration counts as not learned."""
        if value["signals"] != list(SIGNALS):
            return cls(answers=value["answers"])
        return cls(
            tuple(value["weights"]),
            tuple(value["center"]),
            tuple(value["spread"]),
            value["bias"],
            value["fields"],
            value["answers"],
        )


def fit(rows: Sequence[tuple[str, NDArray[np.float64], bool]]) -> Calibration:
    """From (field, signals, right) of answers to documents that the student did not learn from."""
    from sklearn.linear_model import LogisticRegression

    right = np.array([row[2] for row in rows], dtype=bool)
    if len(rows) < FEWEST or right.all() or not right.any():
        return Calibration(answers=len(rows))
    signals = np.stack([row[1] for row in rows])
    center, spread = signals.mean(axis=0), signals.std(axis=0) + 1e-3
    names = sorted({row[0] for row in rows})
    which = np.array([[float(row[0] == name) for name in names] for row in rows])
    model = LogisticRegression(C=STRENGTH, max_iter=1000)
    model.fit(np.hstack([(signals - center) / spread, which]), right)
    weights, fields = model.coef_[0][: len(SIGNALS)], model.coef_[0][len(SIGNALS) :]
    return Calibration(
        tuple(map(float, weights)),
        tuple(map(float, center)),
        tuple(map(float, spread)),
        float(model.intercept_[0]),
        dict(zip(names, map(float, fields), strict=True)),
        len(rows),
    )
