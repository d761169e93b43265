# Made by client/generate.py from the OpenAPI document.
"""How well teacher, student and rules read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from kdweb_client.schemas.shared import GroupScore, Score, Split


@dataclass(frozen=True, slots=True)
class Difference:
    """The lead of one system over another on the same documents, with 95 % intervals."""

    left: str
    right: str
    documents: int
    mean_anls: float
    mean_anls_ci95: tuple[float, float]
    all_fields: float
    """Of the shares of documents with every field right."""
    all_fields_ci95: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Mistake:
    """An answer that was not right."""

    document: int
    name: str
    field: str
    truth: Any
    answer: Any
    nls: float
    """How near it came, from 0 to 1."""


@dataclass(frozen=True, slots=True)
class ReportDetail:
    """A report with the worst answers of each system."""

    id: int
    state: Literal["queued", "running", "done", "failed", "cancelled"]
    error: str | None
    """Why it failed, in one sentence."""
    split: Split
    against: str
    note: str
    """What the answers were compared with."""
    documents: int | None
    created: datetime
    differences: list[Difference]
    """Of each pair of systems."""
    systems: list[ReportedSystem]
    """Empty until it is done."""


@dataclass(frozen=True, slots=True)
class Report:
    """Systems side by side on one split."""

    id: int
    state: Literal["queued", "running", "done", "failed", "cancelled"]
    error: str | None
    """Why it failed, in one sentence."""
    split: Split
    against: str
    note: str
    """What the answers were compared with."""
    documents: int | None
    created: datetime
    systems: list[System]
    """Empty until it is done."""


@dataclass(frozen=True, slots=True)
class ReportedSystem:
    """A system of a report with its worst answers."""

    documents: int
    mean_anls: float
    mean_anls_ci95: list[float]
    all_fields: float
    """Documents with every field right."""
    fields: dict[str, Score]
    name: str
    kind: str
    """`teacher`, `student`, `rules` or `claim`."""
    documents_per_second: float | None
    """From file to fields; null for recorded answers."""
    errors: list[Mistake] | None = None
    """The worst answers for flat fields."""
    groups: dict[str, GroupScore] | None = None
    """The rows of each group."""
    tables: list[WrongTable] | None = None
    """The documents whose rows have the most left to do."""


@dataclass(frozen=True, slots=True)
class System:
    """A system of a report."""

    documents: int
    mean_anls: float
    mean_anls_ci95: list[float]
    all_fields: float
    """Documents with every field right."""
    fields: dict[str, Score]
    name: str
    kind: str
    """`teacher`, `student`, `rules` or `claim`."""
    documents_per_second: float | None
    """From file to fields; null for recorded answers."""
    groups: dict[str, GroupScore] | None = None
    """The rows of each group."""


@dataclass(frozen=True, slots=True)
class WrongRow:
    """A true row beside the answered one, cells by field; null where there is no such row."""

    truth: dict[str, str | None] | None
    answer: dict[str, str | None] | None
    wrong: list[str]
    """The fields of the cells that are not right."""


@dataclass(frozen=True, slots=True)
class WrongTable:
    """A group of a document whose rows are not all right."""

    document: int
    name: str
    field: str
    corrections: int
    """Cells to change, fill or clear."""
    right: int
    """Rows that are right."""
    rows: list[WrongRow]
    """The first rows that are not."""
    more: int
    """Rows that are not right and not listed."""
