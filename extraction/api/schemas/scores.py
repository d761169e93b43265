"""Scores of a system, in models, training runs and reports alike."""

from __future__ import annotations

from ninja import Field, Schema


class Score(Schema):
    """How well a field is read; shares from 0 to 1."""

    n: int = Field(description="Labels compared with.")
    anls: float
    anls_ci95: list[float]
    exact: float
    exact_ci95: list[float] | None = None
    normalized_exact: float
    normalized_exact_ci95: list[float] | None = None


class GroupScore(Schema):
    """How well a group's rows are read; shares from 0 to 1 but for the corrections."""

    n: int = Field(description="Labels compared with.")
    anls_star: float = Field(description="ANLS* of the rows.")
    anls_star_ci95: list[float]
    nted: float = Field(description="Tree-edit accuracy.")
    nted_ci95: list[float]
    cell_f1: float = Field(description="F1 of cells, rows paired by likeness.")
    cell_f1_ci95: list[float]
    row_f1: float = Field(description="F1 of rows with every cell right.")
    row_f1_ci95: list[float]
    row_count_right: float = Field(description="Documents with the right number of rows.")
    row_count_right_ci95: list[float]
    work_left: float = Field(description="Cells to change, fill or clear, of all; less is better.")
    work_left_ci95: list[float]
    corrections: float = Field(description="Cells to change, fill or clear, a document.")
    corrections_ci95: list[float]


class Scores(Schema):
    """Quality on a set of documents; shares from 0 to 1. Fields and means are of flat fields."""

    documents: int
    mean_anls: float
    mean_anls_ci95: list[float]
    all_fields: float = Field(description="Documents with every field right.")
    all_fields_ci95: list[float] | None = None
    fields: dict[str, Score]
    groups: dict[str, GroupScore] = Field({}, description="The rows of each group.")
