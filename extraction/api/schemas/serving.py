"""Serving: extractions of files and the model versions that answer."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from ninja import Field, Schema
from pydantic import ConfigDict

from extraction.api.schemas.rows import Box, Row, is_none
from extraction.api.schemas.scores import Scores
from extraction.domain.escalation.outcomes import AnswerSource, Outcome
from extraction.domain.evaluation.guarantees import GuaranteeState
from extraction.domain.results.extraction import FieldAnswer
from extraction.domain.results.review import ReviewState
from extraction.models import ExtractionBatch, ModelVersion
from extraction.services.reports.promotion import Concern

SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


class GroupChecks(Schema):
    """What arithmetic says about the rows of a group."""

    sum: bool | None = Field(description="Whether the sum of the rows' amounts is printed; null: there are none.")


class Answer(Schema):
    """What is said about a field."""

    value: str | None = Field(description="The printed text; null: not on the document.")
    normalized: str | None = Field(description="The value in the field's format; null where it cannot be read so.")
    confidence: float | None = Field(description="The probability, from 0 to 1, that the value is right.")
    boxes: list[Box]
    source: AnswerSource = Field(description="Who says so: the student, the teacher, or both the same.")
    doubtful: bool | None = Field(
        None, description="True where student and teacher differ, and neither is surely right.", exclude_if=is_none
    )
    accepted: bool | None = Field(
        description="Whether it is sure enough to be accepted unseen; null: the project allows no wrong answers there."
    )
    rows: list[Row] | None = Field(
        None, description="Of a group, in reading order; other fields have none.", exclude_if=is_none
    )
    checks: GroupChecks | None = Field(None, description="Of a group; other fields have none.", exclude_if=is_none)

    @staticmethod
    def resolve_boxes(answer: FieldAnswer) -> list[dict[str, int | float]]:
        return [box.to_json() for box in answer.boxes]

    @staticmethod
    def resolve_doubtful(answer: FieldAnswer) -> bool | None:
        return answer.doubtful or None

    @staticmethod
    def resolve_checks(answer: FieldAnswer) -> dict[str, bool | None] | None:
        return None if answer.rows is None else {"sum": answer.sum}


class Timing(Schema):
    """Milliseconds of each step."""

    ingest: float
    ocr: float
    student: float
    total: float


class Content(Schema):
    """The file by its content."""

    sha256: str
    pages: int | None


class ReviewedValueOut(Schema):
    """A field's value as people left it."""

    value: str | None = Field(description="The printed text; null: not on the document.")
    normalized: str | None = Field(description="The value in the field's format; null where it cannot be read so.")


class ReviewOut(Schema):
    """What people say of the file, which is a document of the project."""

    document: int = Field(description="The document's id.")
    state: ReviewState
    reviewed: datetime | None = Field(description="When somebody decided.")
    reason: str | None = Field(description="Why it was rejected.")
    fields: dict[str, ReviewedValueOut] | None = Field(description="The values in force once it is accepted.")


class ExtractionOut(Schema):
    """The fields of one file."""

    id: UUID
    state: Literal["queued", "done", "failed"]
    error: str | None = Field(description="Why it failed, in one sentence.")
    document: Content
    model: str = Field(description="The name of the model version that answers.")
    fields: dict[str, Answer] | None = Field(description="By the fields' names; null until it is done.")
    timing_ms: Timing | None = Field(alias="timing", description="Null until it is done.")
    escalated: Outcome | None = Field(
        description="Whether the teacher was asked, too, and why not; null until it is done. `failed`: it gave no "
        "usable answer in time, so the student's stands."
    )
    usd: float = Field(description="Dollars that the teacher's answer cost.")
    unsure: bool | None = Field(
        description="Whether a person should look at a field: it is doubtful, not accepted, or where nothing says that "
        "its confidence is below 0.7. Null until it is done, and of answers of earlier versions."
    )
    review: ReviewOut | None = Field(description="Null: the file is no document of the project.")

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": "5b0a3c0e-6d0f-4b52-9f52-0a1c8a3a9a11",
                "state": "done",
                "error": None,
                "document": {"sha256": SHA256, "pages": 1},
                "model": "first",
                "fields": {
                    "total": {
                        "value": "RM 3.30",
                        "normalized": "3.30",
                        "confidence": 0.9731,
                        "boxes": [{"page": 0, "x0": 0.61, "y0": 0.43, "x1": 0.7, "y1": 0.45}],
                        "source": "student",
                        "accepted": True,
                    },
                    "items": {
                        "value": '[{"description": "Coffee", "amount": "3.30"}]',
                        "normalized": '[{"description": "Coffee", "amount": "3.30"}]',
                        "confidence": 0.9127,
                        "boxes": [],
                        "source": "student",
                        "accepted": None,
                        "rows": [
                            {
                                "cells": {
                                    "description": {
                                        "value": "Coffee",
                                        "normalized": "Coffee",
                                        "confidence": 0.9802,
                                        "boxes": [{"page": 0, "x0": 0.08, "y0": 0.31, "x1": 0.22, "y1": 0.33}],
                                    },
                                    "amount": {
                                        "value": "3.30",
                                        "normalized": "3.30",
                                        "confidence": 0.9644,
                                        "boxes": [{"page": 0, "x0": 0.61, "y0": 0.31, "x1": 0.7, "y1": 0.33}],
                                    },
                                },
                                "confidence": 0.9351,
                                "checks": {"product": None},
                            }
                        ],
                        "checks": {"sum": True},
                    },
                },
                "timing_ms": {"ingest": 41.2, "ocr": 402.7, "student": 28.4, "total": 472.3},
                "escalated": "not_needed",
                "usd": 0.0,
                "unsure": False,
                "review": None,
            }
        }
    )


class ExtractionsOut(Schema):
    results: list[ExtractionOut]
    next: int | None = Field(description="The `cursor` of the part after this one; null at the end.")


class BatchOut(Schema):
    """A batch of files and how far it has come."""

    id: UUID = Field(alias="public_id")
    state: Literal["queued", "running", "done", "failed", "cancelled"] = Field(
        description="`failed`: it stopped, `error` says why; its answers stay."
    )
    error: str | None = Field(description="Why it stopped, in one sentence; files have errors of their own.")
    name: str = Field(description="The name of its first file.")
    model: str = Field(alias="model.name", description="The name of the model version that answers.")
    files: int = Field(alias="total", description="How many, those of archives one by one.")
    done: int = Field(alias="answered", description="Files whose fields were read.")
    failed: int = Field(alias="refused", description="Files that could not be read.")
    created: datetime
    finished: datetime | None = Field(description="When it ended.")

    @staticmethod
    def resolve_error(batch: ExtractionBatch) -> str | None:
        return batch.error or None


class BatchesOut(Schema):
    results: list[BatchOut]
    next: int | None = Field(description="The `cursor` of the part after this one; null at the end.")


class ModelOut(Schema):
    """A model version."""

    name: str
    stage: ModelVersion.Stage = Field(description="`production` is the one that serves.")
    sha256: str = Field(description="Of the manifest of its files; of models of earlier versions of the ONNX graph.")
    bytes: int
    training_run: int = Field(alias="run_id")
    validation: Scores | None = Field(alias="run.validation", description="Measured while it was trained.")
    promoted: datetime | None = Field(description="When it last became the serving one.")
    forgotten: datetime | None = Field(
        description="When its files went for what it had learned from deleted documents."
    )
    created: datetime


class ConcernOut(Schema):
    """What spoke against promoting the model."""

    code: Concern
    sentence: str


class PromotedOut(ModelOut):
    """The model that serves now."""

    warnings: list[ConcernOut] = Field(description="What spoke against it; it was promoted all the same.")


class ModelsOut(Schema):
    results: list[ModelOut]
    next: int | None = Field(description="The `cursor` of the part after this one; null at the end.")


class GuaranteeOut(Schema):
    """Which answers of a field may be accepted unseen, 90 % sure, for documents like those that people checked."""

    target: float = Field(description="The share of wrong answers that is not to be exceeded.")
    state: GuaranteeState
    checked: int = Field(description="Answers that people checked and the model's training did not use.")
    needed: int = Field(description="The fewest checked answers that allow the target, were all right.")
    threshold: float | None = Field(description="Answers with this confidence or more may be accepted.")
    accepted: int = Field(description="Of the checked answers.")
    wrong: int = Field(description="Of the accepted ones.")
    bound: float | None = Field(description="The share of wrong ones that is not exceeded.")


class FieldGuaranteeOut(Schema):
    """The share of wrong answers that a field may have, and what follows from it."""

    target: float | None = Field(description="Null: no answer of the field is accepted unseen.")
    guarantee: GuaranteeOut | None = Field(description="Null without a target, and before the model was checked.")
    agreement: GuaranteeOut | None = Field(
        description="The same of the answers with which the teacher agrees: an escalated answer may be accepted below "
        "the threshold of `guarantee`."
    )


class GuaranteesOut(Schema):
    """The guarantees of the serving model by field."""

    model: str | None
    teacher: str | None = Field(description="Whose agreement counts.")
    measured: datetime | None = Field(description="When the model was checked.")
    documents: int = Field(description="It was checked on so many.")
    checking: bool = Field(description="Whether a check waits or goes on.")
    fields: dict[str, FieldGuaranteeOut]


class TargetsIn(Schema):
    """The shares of wrong answers to allow, by field."""

    targets: dict[str, float | None] = Field(
        description="From 0.001 to 0.5; null accepts none unseen. Fields that are not named stay as they are."
    )

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"targets": {"total": 0.02}}})
