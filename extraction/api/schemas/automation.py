"""What a project does by itself."""

from __future__ import annotations

from datetime import datetime

from ninja import Field, Schema
from pydantic import ConfigDict

from extraction.domain.results.automation import Reason
from extraction.models import Automation, AutomationStep
from extraction.services.automation.upcoming import Next


class SettingsOut(Schema):
    """As owners chose them."""

    active: bool
    promotion: Automation.Promotion
    corrections: int = Field(description="It trains after so many values of people that differ from what was learned.")
    labels: int = Field(description="It trains after so many other new labels.")
    minutes: float = Field(description="Wall clock of one training, at most.")
    weekly_minutes: float = Field(description="In seven days, at most.")
    margin: float = Field(description="Mean ANLS by which a model may be worse at the lower bound of the interval.")
    field_margin: float = Field(description="ANLS by which any field or group may be worse.")
    monthly_usd: float = Field(description="Dollars for hints in thirty days, at most.")


class ChangesOut(Schema):
    """Numbers of labels."""

    corrections: int
    labels: int


class NextOut(Schema):
    """What happens next."""

    code: Next
    sentence: str
    new: ChangesOut = Field(description="Counted since the last training.")
    more: ChangesOut = Field(description="What is lacking for a training; either is enough.")
    at: datetime | None = Field(description="When minutes of the week are free again, where they are used up.")


class LeadOut(Schema):
    """ANLS of both on `n` documents, and the 95 % interval of the difference."""

    n: int
    candidate: float
    serving: float
    ci95: tuple[float, float]


class LeadsOut(Schema):
    """On documents that neither was trained on."""

    mean: LeadOut
    fields: dict[str, LeadOut]
    groups: dict[str, LeadOut]


class ComparisonOut(Schema):
    """A new model beside the one that served, whose name is empty where none did."""

    candidate: str
    serving: str
    leads: LeadsOut | None
    reviewed: bool = Field(description="The answers were compared with labels of people.")
    reasons: list[Reason] = Field(description="Why it was not promoted without a question.")
    worse: list[str] = Field(description="Fields and groups that lost too much.")


class PromotionQuestionOut(Schema):
    """Whether a model is to be promoted."""

    training_run: int
    model: str
    comparison: ComparisonOut


class StepOut(Schema):
    """A step of the history."""

    id: int
    kind: AutomationStep.Kind
    training_run: int | None
    sentence: str
    by: str | None = Field(description="Who decided it; null: the automation.")
    comparison: ComparisonOut | None
    created: datetime


class AutomationOut(Schema):
    """State of a project's automation, and its newest steps."""

    settings: SettingsOut
    next: NextOut
    question: PromotionQuestionOut | None
    steps: list[StepOut] = Field(description="The newest first, at most 50.")


class PromotionAnswerIn(Schema):
    """An answer to the open question."""

    training_run: int = Field(ge=1, le=2**63 - 1, description="The one that the question is about.")
    promote: bool

    model_config = ConfigDict(extra="forbid", strict=True)
