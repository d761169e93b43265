# Made by client/generate.py from the OpenAPI document.
"""Where they fail, how far to trust them, and what has changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from kdweb_client.schemas.shared import GuaranteeState

Aspect = Literal["layout", "vendor", "language", "confidence"]
"""What is compared."""


Cause = Literal["not_read", "wrong_span", "wrong_normaliser", "wrong_label"]
"""What went wrong."""


DriftState = Literal["unknown", "same", "drifted"]


Mending = Literal["open", "confirmed", "mended", "mended_to_answer"]
"""What became of the label that an answer differs from."""


@dataclass(frozen=True, slots=True)
class AspectDrift:
    """One aspect of what came in against what was learned from."""

    aspect: Aspect
    state: DriftState
    learned: int
    came: int
    value: float | None
    expected: float | None
    """What chance makes of it without drift."""
    p_value: float | None
    documents: list[int]
    """Some that are unlike what was learned."""


@dataclass(frozen=True, slots=True)
class ComparedDocument:
    """A document with the fields that one of the two has wrong, or the chosen one."""

    document: int
    name: str
    left_right: bool
    right_right: bool
    fields: list[ComparedField]


@dataclass(frozen=True, slots=True)
class ComparedField:
    """A field of a document with both answers."""

    field: str
    truth: str | None
    left: Side
    right: Side


@dataclass(frozen=True, slots=True)
class CoveragePoint:
    """The answers with at least this confidence."""

    confidence: float
    coverage: float
    """Their share of all answers."""
    right: float
    """Share of them that is right."""


@dataclass(frozen=True, slots=True)
class Drift:
    """The last comparison of what comes in with what the serving model learned from."""

    model: str | None
    """The serving model; null before the first check."""
    measured: datetime | None
    days: int | None
    """What came in within so many days was compared."""
    drifted: list[Aspect]
    aspects: list[AspectDrift]


@dataclass(frozen=True, slots=True)
class LearningCurve:
    """Quality of a project's models against what went into them."""

    measured_on: str
    """The split of the documents, or `validation`."""
    points: list[LearningPoint]
    outlook: Outlook | None
    """Null: not known, the models are too few or too much alike."""
    minutes_a_label: float | None
    usd_a_label: float | None


@dataclass(frozen=True, slots=True)
class LearningPoint:
    """A model and what went into it."""

    model: str
    labels: int
    minutes: float
    """Of review until its training began."""
    usd: float
    """For teachers until its training began."""
    quality: float
    """Mean ANLS, 0 to 1."""
    ci95: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Miss:
    """An answer for a flat field that is not right."""

    id: int
    document: int
    name: str
    system: str
    field: str
    truth: str | None
    """As it was scored."""
    answer: str | None
    """As it was scored."""
    confidence: float | None
    similarity: float
    """ANLS, 0 to 1."""
    cause: Cause
    mending: Mending
    """What became of the label since the report was written."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What more labels would add to the quality of the model that learned from the most."""

    more: int
    gain: float
    ci95: tuple[float, float]


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Answers whose confidence is in a tenth of the scale."""

    low: float
    high: float
    confidence: float
    """Their mean."""
    answers: int
    right: float
    """Share of them, 0 to 1."""
    right_ci95: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Side:
    """What one of two systems answered."""

    answer: str | None
    right: bool


@dataclass(frozen=True, slots=True)
class Threshold:
    """From which confidence on answers may be accepted unseen, for documents like these."""

    target: float
    """The share of wrong answers that is not to be exceeded."""
    state: GuaranteeState
    checked: int
    needed: int
    """The fewest answers that allow the target, were all right."""
    threshold: float | None
    accepted: int
    wrong: int
    bound: float | None
    """The share of wrong ones that is not exceeded with 90 % confidence."""


@dataclass(frozen=True, slots=True)
class Trust:
    """How far the confidences of a system come true."""

    system: str
    field: str | None
    """Null: all flat fields together."""
    answers: int
    without_confidence: int
    auroc: float | None
    calibration_error: float | None
    reliability: list[ReliabilityBin]
    accuracy_at_coverage: list[CoveragePoint]
    threshold: Threshold | None
