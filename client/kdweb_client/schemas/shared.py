# Made by client/generate.py from the OpenAPI document.
"""What the calls of several subjects answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

GuaranteeState = Literal["held", "too_few", "too_many_wrong"]
"""Whether answers of a field may be accepted unseen."""


Outcome = Literal["off", "not_needed", "no_budget", "no_consent", "unavailable", "failed", "done"]
"""`NO_CONSENT`: nobody agreed that pictures go to this teacher's provider. `UNAVAILABLE`: the project's
teacher cannot be asked here. `FAILED`: it gave no usable answer in time, so the student's stands."""


Source = Literal["truth", "reviewer", "teacher", "claim", "student"]


Split = Literal["train", "validation", "test"]


Use = Literal["training", "validation", "calibration", "pretraining"]
"""What a training did with a document."""


@dataclass(frozen=True, slots=True)
class Box:
    """A printed line of a value on the upright page; coordinates from 0 to 1."""

    page: int
    """Starts at 0."""
    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a row."""

    value: str | None
    """The printed text."""
    normalized: str | None
    """The value in the field's format; null where it cannot be read so."""
    confidence: float | None
    """The probability, from 0 to 1, that the value is right."""
    boxes: list[Box]


@dataclass(frozen=True, slots=True)
class GroupScore:
    """How well a group's rows are read; shares from 0 to 1 but for the corrections."""

    n: int
    """Labels compared with."""
    anls_star: float
    """ANLS* of the rows."""
    anls_star_ci95: list[float]
    nted: float
    """Tree-edit accuracy."""
    nted_ci95: list[float]
    cell_f1: float
    """F1 of cells, rows paired by likeness."""
    cell_f1_ci95: list[float]
    row_f1: float
    """F1 of rows with every cell right."""
    row_f1_ci95: list[float]
    row_count_right: float
    """Documents with the right number of rows."""
    row_count_right_ci95: list[float]
    work_left: float
    """Cells to change, fill or clear, of all; less is better."""
    work_left_ci95: list[float]
    corrections: float
    """Cells to change, fill or clear, a document."""
    corrections_ci95: list[float]


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a group. Fields without a cell are not printed in it."""

    cells: dict[str, Cell]
    """By the names of the group's fields."""
    confidence: float | None
    """The probability, from 0 to 1, that all cells are right."""
    checks: RowChecks


@dataclass(frozen=True, slots=True)
class RowChecks:
    """What arithmetic says about a row."""

    product: bool | None
    """Whether quantity times price is the amount; null: not all are printed."""


@dataclass(frozen=True, slots=True)
class Score:
    """How well a field is read; shares from 0 to 1."""

    n: int
    """Labels compared with."""
    anls: float
    anls_ci95: list[float]
    exact: float
    normalized_exact: float
    exact_ci95: list[float] | None = None
    normalized_exact_ci95: list[float] | None = None


@dataclass(frozen=True, slots=True)
class Scores:
    """Quality on a set of documents; shares from 0 to 1. Fields and means are of flat fields."""

    documents: int
    mean_anls: float
    mean_anls_ci95: list[float]
    all_fields: float
    """Documents with every field right."""
    fields: dict[str, Score]
    all_fields_ci95: list[float] | None = None
    groups: dict[str, GroupScore] | None = None
    """The rows of each group."""
