"""Scores of a system, in models, training runs and reports alike."""

from __future__ import annotations

from ninja import Field, Schema


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
