"""Reports: systems side by side."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from ninja import Field, Schema
from pydantic import ConfigDict

from extraction.api.schemas.report_tables import ProvenanceOut, RecountOut, ReportTables, SystemFacts
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
    facts: SystemFacts | None = None


class Difference(Schema):
    """The lead of one system over another on the same documents, with 95 % intervals."""

    left: str
    right: str
    documents: int
    mean_anls: float
    mean_anls_ci95: tuple[float, float]
    all_fields: float = Field(description="Of the shares of documents with every field right.")
    all_fields_ci95: tuple[float, float]
    mean_anls_p: float | None = Field(None, description="The p-value of the difference, two-sided.")
    all_fields_p: float | None = None


class ReportIn(Schema):
    """What to compare."""

    split: Split = Split.TEST
    against: Literal["truth", "best"] = "truth"
    systems: list[str] = Field([], description="Names, or `teacher`, `rules`, `claim`; empty: the usual ones.")
    stored: bool = Field(False, description="Take answers that students gave before, where there are any.")


class ReportDetail(ReportHead):
    """A report with the worst answers of each system."""

    differences: list[Difference] = Field(description="Of each pair of systems.")
    systems: list[ReportedSystem] = Field(description="Empty until it is done.")
    tables: ReportTables | None = Field(description="Null for reports of earlier versions.")
    provenance: ProvenanceOut | None = Field(description="What it was computed from; null for earlier versions.")
    recount: RecountOut | None = Field(description="How computing it again came out; null: not asked for.")

    @staticmethod
    def resolve_tables(row: Report) -> JsonObject | None:
        value = row.as_domain()
        return value.tables.to_json() if value and value.tables else None

    @staticmethod
    def resolve_provenance(row: Report) -> JsonObject | None:
        return row.provenance.to_json() if row.provenance else None

    @staticmethod
    def resolve_recount(row: Report) -> JsonObject | None:
        return row.last_recount.to_json() if row.last_recount else None
