"""Whether and for how much money a project's teacher reads what the student is unsure of."""

from __future__ import annotations

from datetime import datetime

from ninja import Field, Schema
from pydantic import ConfigDict

from extraction.domain.escalation.outcomes import Outcome


class EscalationIn(Schema):
    """All settings; what is left out takes its default."""

    active: bool = Field(strict=True)
    monthly_usd: float = Field(10.0, ge=0, le=100_000, strict=True, description="Dollars in a calendar month (UTC).")
    timeout_seconds: int = Field(30, ge=1, le=300, strict=True, description="Then the student's answer is given alone.")
    weights: dict[str, float] = Field(default_factory=dict, description="Of fields that differ from 1.", max_length=500)
    keep_unsure: bool = Field(
        False,
        strict=True,
        description="Files whose answers stay unsure become documents that wait for review, also while it is off.",
    )
    consent: str = Field(
        "", description="Identifier of the provider to which pictures may go: `consent.provider`.", max_length=300
    )

    model_config = ConfigDict(extra="forbid")


class EscalationSettingsOut(Schema):
    """As owners chose them."""

    active: bool
    monthly_usd: float
    timeout_seconds: int
    weights: dict[str, float]
    keep_unsure: bool = False


class EscalationConsentOut(Schema):
    """What somebody has to agree to."""

    provider: str
    sentence: str


class EscalationMonthOut(Schema):
    """The present calendar month (UTC)."""

    usd: float = Field(description="Dollars, with what is reserved for questions that have no answer yet.")
    outcomes: dict[Outcome, int] = Field(description="How many extractions, of the newest 10,000.")
    documents_expected: float = Field(description="Documents expected in 30 days at the current rate.")
    unsure: int = Field(description="How many of these extractions a person should look at.")


class CurvePointOut(Schema):
    """At a share of documents escalated."""

    share: float
    accuracy: float = Field(description="Mean share of fields right, where the documents with the largest gains go.")
    random: float = Field(description="The same where as many go at random.")
    usd_per_1000: float | None


class CurveOut(Schema):
    """Cost and quality, measured on validation documents whose values people gave."""

    model: str
    teacher: str
    documents: int
    teacher_accuracy: float
    price: float | None = Field(description="Dollars a document.")
    points: list[CurvePointOut]


class EscalationChangeOut(Schema):
    """Settings as somebody set them."""

    settings: EscalationSettingsOut
    sentence: str
    by: str | None = Field(description="Null: a command.")
    created: datetime


class EscalationOut(Schema):
    """Settings, what they lead to now, and what was measured."""

    settings: EscalationSettingsOut
    teacher: str
    problem: str | None = Field(description="Why the teacher cannot be asked here.")
    consent: EscalationConsentOut | None = Field(description="Needed before it is switched on; null: none is.")
    agreed: bool = Field(description="It is on, and somebody agreed to what is needed now.")
    price_usd: float | None = Field(description="Dollars a document, as paid lately, else estimated.")
    accuracy: dict[str, float] = Field(description="Probability that the teacher is right, by field.")
    month: EscalationMonthOut
    share: float | None = Field(description="Share of documents that the money left pays for; null: off.")
    threshold: float | None = Field(description="Gain from which documents are among them.")
    kept_waiting: int = Field(description="Files kept for review that wait for it; 1,000 at most.")
    curve: CurveOut | None
    measuring: bool = Field(description="The curve is being measured.")
    curve_problem: str | None = Field(description="Why it could not be measured.")
    changes: list[EscalationChangeOut] = Field(description="The newest first, at most 20.")
