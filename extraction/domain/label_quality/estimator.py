"""Estimator: the probability that a label is right, from its signals.

A logistic regression with an intercept for each field and each source. Its weights begin at a prior, from which labels
that people have confirmed or corrected draw them away (a maximum a posteriori estimate with Gaussian priors); a signal
that by its nature speaks for a label is never given a weight against it, which chance among few labels else does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from extraction.domain.json_types import JsonObject
from extraction.domain.label_quality.signals import Signal, known

# Log-odds of a label about which nothing is known: 0.92.
BASE = 2.5
# Standard deviations of the priors: of a signal's weight, of a field's and a source's intercept, of the common one.
WEIGHT_SPREAD, GROUP_SPREAD, BASE_SPREAD = 1.5, 0.7, 1.0
# A probability is never more certain than so, from whatever few labels it was fitted on.
SUREST = 0.998


@dataclass(frozen=True, slots=True)
class Judged:
    """A label that people have confirmed (`right`) or corrected, its source's name, and the signals about it."""

    field: str
    source: str
    signals: Mapping[str, float]
    right: bool


@dataclass(frozen=True, slots=True)
class Contribution:
    """What a signal adds to the log-odds that a label is right; negative: it speaks against it."""

    signal: str
    odds: float


@dataclass(frozen=True)
class Estimator:
    """`weights` by signal, intercepts `fields` and `sources`, all in log-odds; `labels` is the number of labels that it
    was fitted on, 0 for the prior."""

    weights: Mapping[str, float]
    base: float = BASE
    fields: Mapping[str, float] = field(default_factory=dict)
    sources: Mapping[str, float] = field(default_factory=dict)
    labels: int = 0

    @classmethod
    def prior(cls) -> Self:
        """The estimator before anybody reviewed anything."""
        return cls({signal.name: signal.prior for signal in known()})

    @classmethod
    def fit(cls, judged: Sequence[Judged]) -> Self:
        """Fitted on labels that people have judged; the prior without any."""
        if not judged:
            return cls.prior()
        signals = known()
        columns = np.array([[label.signals.get(signal.name, 0.0) for signal in signals] for label in judged])
        fields, sources = (sorted({getattr(label, name) for label in judged}) for name in ("field", "source"))
        one_hot = [
            [float(label.field == name) for name in fields] + [float(label.source == name) for name in sources]
            for label in judged
        ]
        right = np.array([label.right for label in judged], dtype=bool)
        inputs = np.hstack([columns, np.array(one_hot), np.ones((len(judged), 1))])
        found = _maximum_a_posteriori(inputs, right, signals, len(fields) + len(sources))
        groups = found[len(signals) : -1].tolist()
        return cls(
            dict(zip((signal.name for signal in signals), found[: len(signals)].tolist(), strict=True)),
            float(found[-1]),
            dict(zip(fields, groups[: len(fields)], strict=True)),
            dict(zip(sources, groups[len(fields) :], strict=True)),
            len(judged),
        )

    def probability(self, name: str, source: str, signals: Mapping[str, float]) -> float:
        """The probability (0–1) that a label of the field `name` by `source` is right."""
        odds = self.base + self.fields.get(name, 0.0) + self.sources.get(source, 0.0)
        odds += sum(part.odds for part in self.contributions(signals))
        return float(np.clip(1 / (1 + np.exp(-odds)), 1 - SUREST, SUREST))

    def contributions(self, signals: Mapping[str, float]) -> list[Contribution]:
        """What each signal adds, the weightiest first."""
        parts = [Contribution(name, self.weights.get(name, 0.0) * value) for name, value in signals.items()]
        return sorted((part for part in parts if part.odds), key=lambda part: -abs(part.odds))

    def to_json(self) -> JsonObject:
        return {
            "weights": dict(self.weights),
            "base": self.base,
            "fields": dict(self.fields),
            "sources": dict(self.sources),
            "labels": self.labels,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """A signal that is newer than the fit keeps its prior weight, to which labels without it would have led."""
        weights = {**cls.prior().weights, **value["weights"]}
        return cls(weights, value["base"], value["fields"], value["sources"], value["labels"])


def _maximum_a_posteriori(
    inputs: NDArray[np.float64], right: NDArray[np.bool_], signals: Sequence[Signal], groups: int
) -> NDArray[np.float64]:
    """Weights `[columns]` of the inputs: signals, `groups` intercepts of fields and sources, the common intercept."""
    from scipy.optimize import minimize
    from scipy.special import expit

    center = np.array([*(signal.prior for signal in signals), *[0.0] * groups, BASE])
    spread = np.array([*[WEIGHT_SPREAD] * len(signals), *[GROUP_SPREAD] * groups, BASE_SPREAD])

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        odds, away = inputs @ weights, (weights - center) / spread
        value = np.logaddexp(0, np.where(right, -odds, odds)).sum() + (away**2).sum() / 2
        return float(value), inputs.T @ (expit(odds) - right) + away / spread

    natures: list[tuple[float | None, float | None]] = [(0, None) if each.supports else (None, 0) for each in signals]
    free: list[tuple[float | None, float | None]] = [(None, None)] * (groups + 1)
    fitted: NDArray[np.float64] = minimize(loss, center, jac=True, method="L-BFGS-B", bounds=[*natures, *free]).x
    return fitted
