"""Documents, what became of uploads, and what was said about fields."""

from __future__ import annotations

from datetime import datetime

from ninja import Field, Schema

from extraction.api.schemas.rows import Box, Row, is_none
from extraction.models import Document, Source, Split


class DocumentOut(Schema):
    """A document of the project."""

    id: int
    name: str = Field(description="The file's name as it came.")
    sha256: str
    media_type: str
    bytes: int
    pages: int = Field(alias="page_count")
    empty_pages: int = Field(description="Pages on which no word was found: blank, or not readable.")
    state: Document.State
    error: str | None = Field(description="Why it could not be read, in one sentence.")
    split: Split
    origin: Document.Origin = Field(
        description="How it came in; `escalation`: sent for extraction, and read by the teacher too; `canary`: sent "
        "for extraction, and read differently by a candidate; `unsure`: sent for extraction, and kept for review."
    )
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
    next: int | str | None = Field(
        description="The `cursor` of the part after this one, a number in the order of time; null at the end."
    )


class UploadOut(Schema):
    """What became of one file."""

    name: str = Field(description="The file's name; for a member of a ZIP archive its path in it.")
    document: int | None = Field(description="The document's id; null where the file was refused.")
    created: bool = Field(description="False for content that the project already has.")
    error: str | None = Field(description="Why the file was refused, in one sentence.")


class UploadsOut(Schema):
    """What became of the files."""

    results: list[UploadOut]


class StudentAnswer(Schema):
    """An answer of a student that did not learn from the label."""

    value: str | None = Field(description="The printed text, of a group its cells; null: not on the document.")
    confidence: float


class LabelOut(Schema):
    """One statement about a field."""

    field: str
    value: str | None = Field(description="The printed text; null: not on the document.")
    normalized: str | None
    confidence: float | None = Field(description="The source's own, from 0 to 1.")
    probability: float | None = Field(
        None, description="The probability that it is right: as assessed from all that is known, else the confidence."
    )
    signals: dict[str, float] | None = Field(
        None, description="What speaks for it and against it, from 0 to 1 each; null: not assessed."
    )
    student: StudentAnswer | None = Field(
        None, description="What a student is sure of that did not learn from it; null: nothing."
    )
    boxes: list[Box]
    source: Source
    unsure: bool = Field(description="The source itself doubted it.")
    withdrawn: bool = Field(description="The source took back what it had said before.")
    teacher: str = Field(description="The teacher or student that said it; empty for people.")
    created: datetime
    rows: list[Row] | None = Field(
        None,
        description="Of the current best label of a group, in reading order; others have none.",
        exclude_if=is_none,
    )


class AlternativeOut(Schema):
    """A value that teachers, students or claims have in place of the best one."""

    value: str | None = Field(description="The printed text; null: not on the document.")
    normalized: str | None
    said_by: list[str] = Field(description="Teachers and students by name, `claim` for claims; the newest first.")
    boxes: list[Box]


class LabelsOut(Schema):
    """The current best label of each field, and all that was ever said."""

    document: int
    fields: dict[str, LabelOut | None] = Field(description="Truth before reviewers, teacher, claims and student.")
    alternatives: dict[str, list[AlternativeOut]] = Field(
        description="By field the other values that are said now, what most say first; fields without any are left out."
    )
    history: list[LabelOut] = Field(description="Newest first.")
