# Made by client/generate.py from the OpenAPI document.
"""Teaching a new version."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from kdweb_client.schemas.shared import Scores

AdviceCode = Literal[
    "unread_documents",
    "unfound_labels",
    "contradicted_labels",
    "more_time",
    "weakest_field",
    "more_documents",
    "review",
]
"""What is advised."""


Kind = Literal[
    "switched_on",
    "switched_off",
    "budget_used",
    "started",
    "not_trained",
    "promoted",
    "canary",
    "asked",
    "held_back",
    "accepted",
    "declined",
    "overtaken",
]


NextCode = Literal["off", "training", "comparing", "counting", "few_documents", "budget", "due"]
"""`COUNTING`: it waits for more labels; `DUE`: a training starts with the next count."""


Promotion = Literal["ask", "canary", "promote"]


Reason = Literal[
    "chosen",
    "switched_off",
    "nothing_serves",
    "person_promoted",
    "unknown_training",
    "not_reviewed",
    "few_documents",
    "mean",
    "fields",
    "worse",
    "failed",
    "canary_runs",
]
"""Why a candidate was not promoted without a question."""


@dataclass(frozen=True, slots=True)
class Advice:
    """What would improve the model most next."""

    code: AdviceCode
    sentence: str
    data: dict[str, str | int | float | bool | None]
    """The figures in the sentence, by name."""


@dataclass(frozen=True, slots=True)
class Automation:
    """State of a project's automation, and its newest steps."""

    settings: Settings
    next: Next
    question: PromotionQuestion | None
    steps: list[Step]
    """The newest first, at most 50."""


@dataclass(frozen=True, slots=True)
class Changes:
    """Numbers of labels."""

    corrections: int
    labels: int


@dataclass(frozen=True, slots=True)
class CheckedLabels:
    """Labels of a field that count, and that a student that did not learn from them was sure about."""

    labels: int
    agrees: int
    """It reads the same."""
    differs: int
    """It reads something else."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A new model beside the one that served, whose name is empty where none did."""

    candidate: str
    serving: str
    leads: Leads | None
    reviewed: bool
    """The answers were compared with labels of people."""
    reasons: list[Reason]
    """Why it was not promoted without a question."""
    worse: list[str]
    """Fields and groups that lost too much."""


@dataclass(frozen=True, slots=True)
class CrossCheck:
    """A cross-check."""

    id: int
    state: Literal["queued", "running", "done", "failed", "cancelled"]
    error: str | None
    """Why it failed, in one sentence."""
    folds: int
    folds_read: int
    """Folds that are done."""
    documents_read: int
    minutes: float
    config: dict[str, Any]
    seed: int
    fields: dict[str, CheckedLabels]
    """By field: what the newest cross-checks say about the labels of now."""
    assessed: bool
    """Whether the labels' probabilities take it into account yet."""
    created: datetime
    finished: datetime | None


@dataclass(frozen=True, slots=True)
class Lead:
    """ANLS of both on `n` documents, and the 95 % interval of the difference."""

    n: int
    candidate: float
    serving: float
    ci95: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Leads:
    """On documents that neither was trained on."""

    mean: Lead
    fields: dict[str, Lead]
    groups: dict[str, Lead]


@dataclass(frozen=True, slots=True)
class Next:
    """What happens next."""

    code: NextCode
    sentence: str
    new: Changes
    """Counted since the last training."""
    more: Changes
    """What is lacking for a training; either is enough."""
    at: datetime | None
    """When minutes of the week are free again, where they are used up."""


@dataclass(frozen=True, slots=True)
class Point:
    """A point of the learning curve."""

    step: int
    anls: float | None = None
    loss: float | None = None
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class PromotionQuestion:
    """Whether a model is to be promoted."""

    training_run: int
    model: str
    comparison: Comparison


@dataclass(frozen=True, slots=True)
class Settings:
    """As owners chose them."""

    active: bool
    promotion: Promotion
    corrections: int
    """It trains after so many values of people that differ from what was learned."""
    labels: int
    """It trains after so many other new labels."""
    minutes: float
    """Wall clock of one training, at most."""
    weekly_minutes: float
    """In seven days, at most."""
    margin: float
    """Mean ANLS by which a model may be worse at the lower bound of the interval."""
    field_margin: float
    """ANLS by which any field or group may be worse."""
    monthly_usd: float
    """Dollars for hints in thirty days, at most."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the history."""

    id: int
    kind: Kind
    training_run: int | None
    sentence: str
    by: str | None
    """Who decided it; null: the automation."""
    comparison: Comparison | None
    created: datetime


@dataclass(frozen=True, slots=True)
class Training:
    """A training run."""

    id: int
    name: str
    state: Literal["queued", "running", "done", "failed", "cancelled"]
    error: str | None
    """Why it failed, in one sentence."""
    labels: str
    config: dict[str, Any]
    minutes: float
    seed: int
    seconds: float | None
    """Wall clock so far."""
    stopped_because: str
    curve: list[Point]
    validation: Scores | None
    warnings: list[str]
    """What may be too little to learn from, in sentences."""
    advice: list[Advice]
    """The most promising first; empty before there is a result."""
    model: str | None
    """The model version that it made."""
    created: datetime
