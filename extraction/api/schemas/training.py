"""Training runs and cross-checks."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from ninja import Field, Schema
from pydantic import ConfigDict

from extraction.api.schemas.scores import Scores
from extraction.domain.learning.folds import FEWEST_FOLDS, MOST_FOLDS
from extraction.models import CrossCheck, TrainingRun
from extraction.services.training import advice, messages, sufficiency
from extraction.services.training.advice import AdviceCode
from extraction.services.training.cross_checks import checks, results

State = Literal["queued", "running", "done", "failed", "cancelled"]


class TrainingIn(Schema):
    """What to train, and from which labels."""

    name: str = Field(description="Of the run and of the model it makes.", examples=["second"], max_length=50)
    labels: Literal["best", "truth", "reviewer", "teacher", "claim"] = "best"
    config: dict[str, Any] = Field({}, description="What differs from the usual student; see docs/student.md.")
    minutes: float = Field(20, gt=0, le=24 * 60, description="Wall clock at most.")
    seed: int = Field(0, ge=0, le=2**31 - 1)

    model_config = ConfigDict(extra="forbid", strict=True)


class Point(Schema):
    """A point of the learning curve."""

    step: int
    seconds: float | None = None
    loss: float | None = None
    anls: float | None = None

    model_config = ConfigDict(extra="allow")


class AdviceOut(Schema):
    """What would improve the model most next."""

    code: AdviceCode
    sentence: str
    data: dict[str, str | int | float | bool | None] = Field(description="The figures in the sentence, by name.")


class TrainingOut(Schema):
    """A training run."""

    id: int
    name: str
    state: State
    error: str | None = Field(description="Why it failed, in one sentence.")
    labels: str
    config: dict[str, Any]
    minutes: float
    seed: int
    seconds: float | None = Field(description="Wall clock so far.")
    stopped_because: str
    curve: list[Point]
    validation: Scores | None
    warnings: list[str] = Field(description="What may be too little to learn from, in sentences.")
    advice: list[AdviceOut] = Field(description="The most promising first; empty before there is a result.")
    model: str | None = Field(description="The model version that it made.")
    created: datetime

    @staticmethod
    def resolve_state(row: TrainingRun) -> str:
        return row.state.value

    @staticmethod
    def resolve_error(row: TrainingRun) -> str | None:
        return (row.job.error or None) if row.job else None

    @staticmethod
    def resolve_validation(row: TrainingRun) -> dict[str, Any] | None:
        # Empty where there were no validation documents.
        return row.validation or None

    @staticmethod
    def resolve_warnings(row: TrainingRun) -> list[str]:
        return messages.of_sufficiency(sufficiency.of_snapshot(row.snapshot)) if row.snapshot else []

    @staticmethod
    def resolve_advice(row: TrainingRun) -> list[dict[str, Any]]:
        return [] if row.state.active else [messages.advice_json(piece) for piece in advice.of_run(row)]

    @staticmethod
    def resolve_model(row: TrainingRun) -> str | None:
        return row.model_version.name if hasattr(row, "model_version") else None


class CrossCheckIn(Schema):
    """How to check labels."""

    folds: int = Field(
        checks.FOLDS,
        ge=FEWEST_FOLDS,
        le=MOST_FOLDS,
        description="Into how many parts the documents are dealt: a short training for each.",
    )
    minutes: float = Field(checks.MINUTES, gt=0, le=24 * 60, description="Wall clock of all trainings together.")
    config: dict[str, Any] = Field({}, description="What differs from the usual student; see docs/student.md.")
    seed: int = Field(0, ge=0, le=2**31 - 1)

    model_config = ConfigDict(extra="forbid", strict=True)


class CheckedLabels(Schema):
    """Labels of a field that count, and that a student that did not learn from them was sure about."""

    labels: int
    agrees: int = Field(description="It reads the same.")
    differs: int = Field(description="It reads something else.")


class CrossCheckOut(Schema):
    """A cross-check."""

    id: int
    state: State
    error: str | None = Field(description="Why it failed, in one sentence.")
    folds: int
    folds_read: int = Field(description="Folds that are done.")
    documents_read: int
    minutes: float
    config: dict[str, Any]
    seed: int
    fields: dict[str, CheckedLabels] = Field(
        description="By field: what the newest cross-checks say about the labels of now."
    )
    assessed: bool = Field(description="Whether the labels' probabilities take it into account yet.")
    created: datetime
    finished: datetime | None

    @staticmethod
    def resolve_state(row: CrossCheck) -> str:
        return row.state.value

    @staticmethod
    def resolve_error(row: CrossCheck) -> str | None:
        return (row.job.error or None) if row.job else None

    @staticmethod
    def resolve_folds_read(row: CrossCheck) -> int:
        return len(row.read)

    @staticmethod
    def resolve_documents_read(row: CrossCheck) -> int:
        return sum(outcome.documents for outcome in row.read.values())

    @staticmethod
    def resolve_fields(row: CrossCheck) -> dict[str, Any]:
        return {
            each.field: {"labels": each.labels, "agrees": each.agrees, "differs": each.differs}
            for each in results.of_fields(row.project)
        }

    @staticmethod
    def resolve_assessed(row: CrossCheck) -> bool:
        return not results.waits(row.project)
