"""Model versions and how well they read."""

from __future__ import annotations

from datetime import datetime

from ninja import Field, Schema

from extraction.models import ModelVersion


class Score(Schema):
    """How well a field is read; shares from 0 to 1."""

    n: int = Field(description="Labels compared with.")
    anls: float
    anls_ci95: list[float]
    exact: float
    normalized_exact: float


class Scores(Schema):
    """Quality on a set of documents; shares from 0 to 1."""

    documents: int
    mean_anls: float
    mean_anls_ci95: list[float]
    all_fields: float = Field(description="Documents with every field right.")
    fields: dict[str, Score]


class ModelOut(Schema):
    """A model version."""

    name: str
    stage: ModelVersion.Stage = Field(description="`production` is the one that serves.")
    sha256: str = Field(description="Of the manifest of its files; of models of earlier versions of the ONNX graph.")
    bytes: int
    training_run: int = Field(alias="run_id")
    validation: Scores | None = Field(alias="run.validation", description="Measured while it was trained.")
    promoted: datetime | None = Field(description="When it last became the serving one.")
    created: datetime


class ModelsOut(Schema):
    results: list[ModelOut]
    next: int | None = Field(description="The `cursor` of the part after this one; null at the end.")
