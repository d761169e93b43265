# Made by client/generate.py from the OpenAPI document.
"""Files in, fields out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from kdweb_client.schemas.shared import Box, Outcome, Row

AnswerSource = Literal["student", "teacher", "both"]
"""Who gives an answer; `BOTH` say the same."""


ReviewState = Literal["waiting", "accepted", "rejected"]
"""How far review of a file has come."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said about a field."""

    value: str | None
    """The printed text; null: not on the document."""
    normalized: str | None
    """The value in the field's format; null where it cannot be read so."""
    confidence: float | None
    """The probability, from 0 to 1, that the value is right."""
    boxes: list[Box]
    source: AnswerSource
    """Who says so: the student, the teacher, or both the same."""
    accepted: bool | None
    """Whether it is sure enough to be accepted unseen; null: the project allows no wrong answers there."""
    checks: GroupChecks | None = None
    """Of a group; other fields have none."""
    doubtful: bool | None = None
    """True where student and teacher differ, and neither is surely right."""
    rows: list[Row] | None = None
    """Of a group, in reading order; other fields have none."""


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch of files and how far it has come."""

    id: UUID
    state: Literal["queued", "running", "done", "failed", "cancelled"]
    """`failed`: it stopped, `error` says why; its answers stay."""
    error: str | None
    """Why it stopped, in one sentence; files have errors of their own."""
    name: str
    """The name of its first file."""
    model: str
    """The name of the model version that answers."""
    files: int
    """How many, those of archives one by one."""
    done: int
    """Files whose fields were read."""
    failed: int
    """Files that could not be read."""
    created: datetime
    finished: datetime | None
    """When it ended."""


@dataclass(frozen=True, slots=True)
class Content:
    """The file by its content."""

    sha256: str
    pages: int | None


@dataclass(frozen=True, slots=True)
class Extraction:
    """The fields of one file."""

    id: UUID
    state: Literal["queued", "done", "failed"]
    error: str | None
    """Why it failed, in one sentence."""
    document: Content
    model: str
    """The name of the model version that answers."""
    fields: dict[str, Answer] | None
    """By the fields' names; null until it is done."""
    timing_ms: Timing | None
    """Null until it is done."""
    escalated: Outcome | None
    """Whether the teacher was asked, too, and why not; null until it is done. `failed`: it gave no usable answer
    in time, so the student's stands."""
    usd: float
    """Dollars that the teacher's answer cost."""
    unsure: bool | None
    """Whether a person should look at a field: it is doubtful, not accepted, or where nothing says that its
    confidence is below 0.7. Null until it is done, and of answers of earlier versions."""
    review: Review | None
    """Null: the file is no document of the project."""


@dataclass(frozen=True, slots=True)
class GroupChecks:
    """What arithmetic says about the rows of a group."""

    sum: bool | None
    """Whether the sum of the rows' amounts is printed; null: there are none."""


@dataclass(frozen=True, slots=True)
class Review:
    """What people say of the file, which is a document of the project."""

    document: int
    """The document's id."""
    state: ReviewState
    reviewed: datetime | None
    """When somebody decided."""
    reason: str | None
    """Why it was rejected."""
    fields: dict[str, ReviewedValue] | None
    """The values in force once it is accepted."""


@dataclass(frozen=True, slots=True)
class ReviewedValue:
    """A field's value as people left it."""

    value: str | None
    """The printed text; null: not on the document."""
    normalized: str | None
    """The value in the field's format; null where it cannot be read so."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds of each step."""

    ingest: float
    ocr: float
    student: float
    total: float
