"""The learning curve of a project, and drift."""

from __future__ import annotations

from datetime import datetime

from ninja import Field, Schema

from extraction.domain.trust.drift import Aspect, DriftState


class LearningPointOut(Schema):
    """A model and what went into it."""

    model: str
    labels: int
    minutes: float = Field(description="Of review until its training began.")
    usd: float = Field(description="For teachers until its training began.")
    quality: float = Field(description="Mean ANLS, 0 to 1.")
    ci95: tuple[float, float]


class OutlookOut(Schema):
    """What more labels would add to the quality of the model that learned from the most."""

    more: int
    gain: float
    ci95: tuple[float, float]


class LearningCurveOut(Schema):
    """Quality of a project's models against what went into them."""

    measured_on: str = Field(description="The split of the documents, or `validation`.")
    points: list[LearningPointOut]
    outlook: OutlookOut | None = Field(description="Null: not known, the models are too few or too much alike.")
    minutes_a_label: float | None
    usd_a_label: float | None


class AspectDriftOut(Schema):
    """One aspect of what came in against what was learned from."""

    aspect: Aspect
    state: DriftState
    learned: int
    came: int
    value: float | None
    expected: float | None = Field(description="What chance makes of it without drift.")
    p_value: float | None
    documents: list[int] = Field(description="Some that are unlike what was learned.")


class DriftOut(Schema):
    """The last comparison of what comes in with what the serving model learned from."""

    model: str | None = Field(description="The serving model; null before the first check.")
    measured: datetime | None
    days: int | None = Field(description="What came in within so many days was compared.")
    drifted: list[Aspect]
    aspects: list[AspectDriftOut]
