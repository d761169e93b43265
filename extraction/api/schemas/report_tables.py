"""Tables of a report: parts of its documents, student beside teacher, and what its numbers were computed from."""

from __future__ import annotations

from datetime import datetime

from ninja import Field, Schema

from extraction.domain.evaluation.tables.partitions import PartitionKind
from extraction.domain.results.provenance import RecountState


class PartScore(Schema):
    """A system on a part of the documents."""

    mean_anls: float
    mean_anls_ci95: list[float]
    all_fields: float
    all_fields_ci95: list[float]
    fields: dict[str, float] = Field(description="ANLS by field.")


class DocumentsPart(Schema):
    """Documents alike in one respect."""

    key: str = Field(description="Empty where it is not known.")
    documents: int
    systems: dict[str, PartScore]


class Partition(Schema):
    """All documents by one respect."""

    kind: PartitionKind
    of: str = Field(description="The student whose training it is about (`seen`), else empty.")
    parts: list[DocumentsPart]


class Cells(Schema):
    """Answers of both for one field."""

    both_right: int
    student_only: int
    teacher_only: int
    both_wrong: int
    same: int = Field(description="Wrong answers that are equal.")
    chance: float = Field(description="So many would be equal by chance.")


class Agreement(Schema):
    """A student beside a teacher."""

    student: str
    teacher: str
    anls: float | None = Field(description="Of the student's answers, the teacher's taken as truth.")
    anls_ci95: list[float] | None
    fields: dict[str, Cells]


class ReportTables(Schema):
    """Quality by parts of the documents, and student beside teacher."""

    partitions: list[Partition]
    agreements: list[Agreement]


class ReportTiming(Schema):
    """Milliseconds from file to fields that half and 19 of 20 documents took at most."""

    documents: int
    p50_ms: float
    p95_ms: float
    now: bool = Field(description="Measured when the report was written; else when the teacher answered.")


class Lineage(Schema):
    """What a student took to become."""

    labelled: int
    training_seconds: float
    review_seconds: float | None = Field(description="Null: not known.")


class SystemFacts(Schema):
    """Speed, missing answers and effort of a system."""

    timing: ReportTiming | None
    refusals: int
    malformed: int
    lineage: Lineage
    escalated_usd: float = Field(description="What a document costs on average for its escalation.")


class CodeVersion(Schema):
    """A version of kdweb."""

    version: str
    commit: str


class SystemOrigin(Schema):
    """A system of a report, and of a student what it learned from."""

    name: str
    kind: str
    model: str = Field(description="SHA-256 of a student's files.")
    snapshot: str = Field(description="SHA-256 of the labels that it learned from.")
    learned_from: str


class ProvenanceOut(Schema):
    """What the numbers of a report were computed from."""

    code: CodeVersion
    documents: int
    sha256: str = Field(description="Of all documents with their labels and answers.")
    systems: list[SystemOrigin]


class RecountOut(Schema):
    """A report computed again."""

    state: RecountState
    at: datetime
    code: CodeVersion
    differences: list[str] = Field(description="Places of numbers that differ.")
    deleted: int = Field(description="Documents that were deleted since.")
