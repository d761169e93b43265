"""Reports: systems side by side."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ninja import Field, Schema
from pydantic import ConfigDict

from extraction.api.schemas.scores import Scores
from extraction.api.schemas.training import State
from extraction.domain.json_types import JsonObject
from extraction.models import Report, Split


class System(Scores):
    """A system of a report."""

    name: str
    kind: str = Field(description="`teacher`, `student`, `rules` or `claim`.")
    documents_per_second: float | None = Field(description="From file to fields; null for recorded answers.")

    model_config = ConfigDict(extra="ignore")


class ReportHead(Schema):
    """What was compared, and how far that has come."""

    id: int
    state: State
    error: str | None = Field(description="Why it failed, in one sentence.")
    split: Split
    against: str
    note: str = Field(description="What the answers were compared with.")
    documents: int | None
    created: datetime

    @staticmethod
    def resolve_state(row: Report) -> str:
        return "done" if row.value else (row.job.state if row.job else "failed")

    @staticmethod
    def resolve_error(row: Report) -> str | None:
        return (row.job.error or None) if row.job else None

    @staticmethod
    def resolve_note(row: Report) -> str:
        value = row.as_domain()
        return value.note if value else ""

    @staticmethod
    def resolve_documents(row: Report) -> int | None:
        value = row.as_domain()
        return value.documents if value else None

    @staticmethod
    def resolve_differences(row: Report) -> list[JsonObject]:
        value = row.as_domain()
        return [pair.to_json() for pair in value.differences] if value else []

    @staticmethod
    def resolve_systems(row: Report) -> list[dict[str, Any]]:
        value = row.as_domain()
        return [system.to_json() for system in value.systems] if value else []


class ReportOut(ReportHead):
    """Systems side by side on one split."""

    systems: list[System] = Field(description="Empty until it is done.")


class ReportsOut(Schema):
    results: list[ReportOut]
    next: int | None = Field(description="The `cursor` of the part after this one; null at the end.")


class Mistake(Schema):
    """An answer that was not right."""

    document: int
    name: str
    field: str
    truth: Any
    answer: Any
    nls: float = Field(description="How near it came, from 0 to 1.")


class WrongRow(Schema):
    """A true row beside the answered one, cells by field; null where there is no such row."""

    truth: dict[str, str | None] | None
    answer: dict[str, str | None] | None
    wrong: list[str] = Field(description="The fields of the cells that are not right.")


class WrongTable(Schema):
    """A group of a document whose rows are not all right."""

    document: int
    name: str
    field: str
    corrections: int = Field(description="Cells to change, fill or clear.")
    right: int = Field(description="Rows that are right.")
    rows: list[WrongRow] = Field(description="The first rows that are not.")
    more: int = Field(description="Rows that are not right and not listed.")


class ReportedSystem(System):
    """A system of a report with its worst answers."""

    errors: list[Mistake] = Field([], description="The worst answers for flat fields.")
    tables: list[WrongTable] = Field([], description="The documents whose rows have the most left to do.")


class Difference(Schema):
    """The lead of one system over another on the same documents, with 95 % intervals."""

    left: str
    right: str
    documents: int
    mean_anls: float
    mean_anls_ci95: tuple[float, float]
    all_fields: float = Field(description="Of the shares of documents with every field right.")
    all_fields_ci95: tuple[float, float]


class ReportDetail(ReportHead):
    """A report with the worst answers of each system."""

    differences: list[Difference] = Field(description="Of each pair of systems.")
    systems: list[ReportedSystem] = Field(description="Empty until it is done.")
