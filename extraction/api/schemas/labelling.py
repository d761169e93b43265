"""Label runs and label files."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from ninja import Field, Schema
from pydantic import ConfigDict

from extraction.domain.label_quality.selection import PickReason, counts
from extraction.models import LabelImport, LabelRun, Source
from extraction.services.teaching import messages

State = Literal["queued", "running", "awaiting", "done", "stopped", "failed", "cancelled"]


class LabellingIn(Schema):
    """Which teacher is asked about which documents, and what it may cost."""

    teacher: str = Field(
        "", description="`rules`, or a provider and its model; empty: the installation's.", max_length=200
    )
    method: Literal["fill", "list", "single"] = Field(
        "fill",
        description="How a model is asked: for all fields, for every labelled value, or for one field a request.",
    )
    limit: int | None = Field(None, ge=1, le=1_000_000, strict=True, description="Documents at most; null: no limit.")
    budget: float | None = Field(None, ge=0, le=999_999, strict=True, description="Dollars at most; null: no limit.")
    select: LabelRun.Selection = Field(
        LabelRun.Selection.OLDEST,
        description="Documents that come first under a limit or a budget: the oldest, or those that teach most.",
    )
    doubtful: bool = Field(False, strict=True, description="Only documents with a doubtful first answer.")
    delivery: LabelRun.Delivery = LabelRun.Delivery.DIRECT
    consent: str = Field(
        "",
        description="Identifier of the provider to which pictures may go: `anthropic`, or `openai@HOST`.",
        max_length=300,
    )

    model_config = ConfigDict(extra="forbid")


class LabellingOut(Schema):
    """A label run."""

    id: int
    teacher: str
    state: State
    error: str | None = Field(description="Why it failed, in one sentence.")
    limit: int | None
    budget: float | None
    select: LabelRun.Selection
    reasons: dict[PickReason, int] = Field(
        description="Documents that were picked because they teach most, by reason; empty before the run has begun."
    )
    documents: int = Field(description="Documents that the teacher has answered for.")
    labels: int
    refusals: int
    malformed: int
    failures: int = Field(description="Documents for which no answer could be had.")
    usd: float
    stopped_because: str
    created: datetime

    @staticmethod
    def resolve_error(row: LabelRun) -> str | None:
        return (row.job.error or None) if row.job else None

    @staticmethod
    def resolve_budget(row: LabelRun) -> float | None:
        return None if row.budget_usd is None else float(row.budget_usd)

    @staticmethod
    def resolve_select(row: LabelRun) -> str:
        return row.selection

    @staticmethod
    def resolve_reasons(row: LabelRun) -> dict[PickReason, int]:
        return dict(counts(row.picked))

    @staticmethod
    def resolve_stopped_because(row: LabelRun) -> str:
        return messages.stopped(row)


class LabelFileLineOut(Schema):
    """A line, task, receipt or file of a label file that gave no label."""

    line: int = Field(description="Its number in the file, from 1.")
    reason: str


class LabelFileOut(Schema):
    """A label file and what its loading has come to."""

    id: int
    name: str
    format: str
    source: Source
    state: Literal["loading", "mapping", "stopped", "loaded", "refused"] = Field(
        description="`loaded`: all that could be; `refused`: nothing; `stopped`: goes on where the job is repeated; "
        "`mapping`: a person has to choose fields on its page."
    )
    new: int = Field(description="Labels that were added.")
    known: int = Field(description="Labels that the source had given already.")
    passed_over: dict[str, int] = Field(description="How often a name of the file filled no field.")
    refused: int = Field(description="How many lines gave no label.")
    lines: list[LabelFileLineOut] = Field(description="The first hundred of them.")
    error: str | None = Field(description="Why it was refused or stopped, in one sentence.")
    created: datetime

    @staticmethod
    def resolve_lines(row: LabelImport) -> list[dict[str, object]]:
        return [{"line": line, "reason": reason} for line, reason in row.lines]

    @staticmethod
    def resolve_error(row: LabelImport) -> str | None:
        return row.reason or (row.job.error if row.job else "") or None


class LabelFilesOut(Schema):
    results: list[LabelFileOut]
    next: int | None = Field(description="The `cursor` of the part after this one; null at the end.")
