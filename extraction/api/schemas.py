"""What programs send and get. Descriptions and examples go into the OpenAPI document as they stand here."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Field, Schema
from pydantic import ConfigDict

from extraction.models import Document, ModelVersion, Report, Source, Split, TrainingRun

SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
State = Literal["queued", "running", "done", "failed", "cancelled"]


class Fault(Schema):
    """A value that does not fit."""

    pointer: str = Field(description="Where it stands: `/query/…`, `/path/…`, `/body/…` or `/file/…`.")
    detail: str


class Problem(Schema):
    """Why a call was refused, as RFC 9457 has it."""

    type: str = Field(description="Always `about:blank`: the status says what kind of problem it is.")
    title: str = Field(description="The status in words.")
    status: int
    detail: str = Field(description="One sentence for people.")
    errors: list[Fault] | None = Field(None, description="The values that do not fit, where it is about values.")

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "type": "about:blank",
                "title": "Conflict",
                "status": 409,
                "detail": "Project receipts serves no model yet; train one and promote it.",
            }
        }
    )


class Box(Schema):
    """A printed line of a value on the upright page; coordinates from 0 to 1."""

    page: int = Field(description="Starts at 0.")
    x0: float
    y0: float
    x1: float
    y1: float


class Answer(Schema):
    """What the student says about a field."""

    value: str | None = Field(description="The printed text; null: not on the document.")
    normalized: str | None = Field(description="The value in the field's format; null where it cannot be read so.")
    confidence: float | None = Field(description="The probability, from 0 to 1, that the value is right.")
    boxes: list[Box]
    source: str = Field(description="Who says so: `student`.")


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


class ExtractionOut(Schema):
    """The fields of one file."""

    id: UUID
    state: Literal["queued", "done", "failed"]
    error: str | None = Field(description="Why it failed, in one sentence.")
    document: Content
    model: str = Field(description="The name of the model version that answers.")
    fields: dict[str, Answer] | None = Field(description="By the fields' names; null until it is done.")
    timing_ms: Timing | None = Field(description="Null until it is done.")

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
                    }
                },
                "timing_ms": {"ingest": 41.2, "ocr": 402.7, "student": 28.4, "total": 472.3},
            }
        }
    )


class DocumentOut(Schema):
    """A document of the project."""

    id: int
    name: str = Field(description="The file's name as it came.")
    sha256: str
    media_type: str
    bytes: int
    pages: int = Field(alias="page_count")
    state: Document.State
    error: str | None = Field(description="Why it could not be read, in one sentence.")
    split: Split
    review: Document.Review
    source: Source | None = Field(description="The best source among its labels; null without labels.")
    confidence: float | None = Field(description="The lowest confidence among its current best labels.")
    focus: float | None = Field(description="Variance of the Laplacian of the least sharp page.")
    duplicate_of: int | None = Field(alias="duplicate_of_id", description="A document that looks the same.")
    created: datetime

    @staticmethod
    def resolve_error(row: Document) -> str | None:
        return row.error or None

    @staticmethod
    def resolve_source(row: Document) -> str | None:
        return row.source or None


class DocumentsOut(Schema):
    results: list[DocumentOut]
    next: int | None = Field(description="The `cursor` of the part after this one; null at the end.")


class UploadOut(Schema):
    """What became of one file."""

    name: str = Field(description="The file's name; for a member of a ZIP archive its path in it.")
    document: int | None = Field(description="The document's id; null where the file was refused.")
    created: bool = Field(description="False for content that the project already has.")
    error: str | None = Field(description="Why the file was refused, in one sentence.")


class UploadsOut(Schema):
    results: list[UploadOut]


class LabelOut(Schema):
    """One statement about a field."""

    field: str
    value: str | None = Field(description="The printed text; null: not on the document.")
    normalized: str | None
    confidence: float | None
    boxes: list[Box]
    source: Source
    unsure: bool = Field(description="The source itself doubted it.")
    withdrawn: bool = Field(description="The source took back what it had said before.")
    teacher: str = Field(description="The teacher or student that said it; empty for people.")
    created: datetime


class LabelsOut(Schema):
    """The current best label of each field, and all that was ever said."""

    document: int
    fields: dict[str, LabelOut | None] = Field(description="Truth before reviewers, teacher, claims and student.")
    history: list[LabelOut] = Field(description="Newest first.")


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
    sha256: str = Field(description="Of the ONNX graph.")
    bytes: int
    training_run: int = Field(alias="run_id")
    validation: Scores | None = Field(alias="run.validation", description="Measured while it was trained.")
    promoted: datetime | None = Field(description="When it last became the serving one.")
    created: datetime


class ModelsOut(Schema):
    results: list[ModelOut]
    next: int | None = Field(description="The `cursor` of the part after this one; null at the end.")


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
    model: str | None = Field(description="The model version that it made.")
    created: datetime

    @staticmethod
    def resolve_state(row: TrainingRun) -> str:
        if hasattr(row, "model_version"):
            return "done"
        # A run without a job was started by a command, in whose process it also stops.
        return (row.job.state if row.job else None) or ("cancelled" if row.stopped_because else "running")

    @staticmethod
    def resolve_error(row: TrainingRun) -> str | None:
        return (row.job.error or None) if row.job else None

    @staticmethod
    def resolve_model(row: TrainingRun) -> str | None:
        return row.model_version.name if hasattr(row, "model_version") else None


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
        return str(row.value.get("note", ""))

    @staticmethod
    def resolve_documents(row: Report) -> int | None:
        return int(row.value["documents"]) if row.value else None

    @staticmethod
    def resolve_systems(row: Report) -> list[dict[str, Any]]:
        return list(row.value.get("systems", []))


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


class ReportedSystem(System):
    errors: list[Mistake] = Field([], description="The worst answers.")


class ReportDetail(ReportHead):
    """A report with the worst answers of each system."""

    systems: list[ReportedSystem] = Field(description="Empty until it is done.")
