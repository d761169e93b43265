# Made by client/generate.py from the OpenAPI document.
"""What a project learns from and is measured on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from kdweb_client.schemas.shared import Box, Row, Source, Split, Use

Origin = Literal["upload", "escalation", "canary", "unsure"]
"""How it came into the project."""


ReviewCode = Literal["unlabelled", "waiting", "accepted", "rejected"]
"""How far review has come."""


Rule = Literal["unreviewed", "rejected", "documents", "answers"]
"""What a period is about, by the name of its setting."""


State = Literal["queued", "ready", "failed"]
"""How far reading has come."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """A value that teachers, students or claims have in place of the best one."""

    value: str | None
    """The printed text; null: not on the document."""
    normalized: str | None
    said_by: list[str]
    """Teachers and students by name, `claim` for claims; the newest first."""
    boxes: list[Box]


@dataclass(frozen=True, slots=True)
class Document:
    """A document of the project."""

    id: int
    name: str
    """The file's name as it came."""
    sha256: str
    media_type: str
    bytes: int
    pages: int
    empty_pages: int
    """Pages on which no word was found: blank, or not readable."""
    state: State
    error: str | None
    """Why it could not be read, in one sentence."""
    split: Split
    origin: Origin
    """How it came in; `escalation`: sent for extraction, and read by the teacher too; `canary`: sent for
    extraction, and read differently by a candidate; `unsure`: sent for extraction, and kept for review."""
    review: ReviewCode
    source: Source | None
    """The best source among its labels; null without labels."""
    confidence: float | None
    """The lowest confidence among its current best labels."""
    focus: float | None
    """Variance of the Laplacian of the least sharp page."""
    duplicate_of: int | None
    """A document that looks the same."""
    created: datetime


@dataclass(frozen=True, slots=True)
class Label:
    """One statement about a field."""

    field: str
    value: str | None
    """The printed text; null: not on the document."""
    normalized: str | None
    confidence: float | None
    """The source's own, from 0 to 1."""
    boxes: list[Box]
    source: Source
    unsure: bool
    """The source itself doubted it."""
    withdrawn: bool
    """The source took back what it had said before."""
    teacher: str
    """The teacher or student that said it; empty for people."""
    created: datetime
    probability: float | None = None
    """The probability that it is right: as assessed from all that is known, else the confidence."""
    rows: list[Row] | None = None
    """Of the current best label of a group, in reading order; others have none."""
    signals: dict[str, float] | None = None
    """What speaks for it and against it, from 0 to 1 each; null: not assessed."""
    student: StudentAnswer | None = None
    """What a student is sure of that did not learn from it; null: nothing."""


@dataclass(frozen=True, slots=True)
class Labels:
    """The current best label of each field, and all that was ever said."""

    document: int
    fields: dict[str, Label | None]
    """Truth before reviewers, teacher, claims and student."""
    alternatives: dict[str, list[Alternative]]
    """By field the other values that are said now, what most say first; fields without any are left out."""
    history: list[Label]
    """Newest first."""


@dataclass(frozen=True, slots=True)
class Learner:
    """A model, or an unfinished training, that learned from a document."""

    name: str
    model: bool
    """False: an unfinished training, which has checkpoints only."""
    uses: list[Use]


@dataclass(frozen=True, slots=True)
class Learners:
    """What learned from a document; a deletion makes all of it forget."""

    learners: list[Learner]


@dataclass(frozen=True, slots=True)
class Periods:
    """As owners chose them."""

    answers: int | None
    """Days for which extractions are kept; null: as the installation says."""
    unreviewed: int | None
    """Days; null: for ever."""
    rejected: int | None
    """Days; null: for ever."""
    documents: int | None
    """Days; null: for ever."""
    when: Literal["at_once", "nightly", "by_hand"]
    """When models forget deleted documents."""
    versions: Literal["all", "serving"]
    """Which of them are trained again."""


@dataclass(frozen=True, slots=True)
class Retention:
    """What is kept for how long, and what goes next."""

    held: bool
    """A legal hold: nothing of the project is deleted."""
    settings: Periods
    night: datetime
    """When the next deletions begin."""
    next: list[Upcoming]
    held_documents: int
    """Documents that are held for themselves."""


@dataclass(frozen=True, slots=True)
class StudentAnswer:
    """An answer of a student that did not learn from the label."""

    value: str | None
    """The printed text, of a group its cells; null: not on the document."""
    confidence: float


@dataclass(frozen=True, slots=True)
class Upcoming:
    """What one period takes."""

    rule: Rule
    days: int | None
    """Days; null: for ever."""
    number: int
    """So many go in the next night."""
    later: datetime | None
    """When the first of the others goes."""


@dataclass(frozen=True, slots=True)
class Upload:
    """What became of one file."""

    name: str
    """The file's name; for a member of a ZIP archive its path in it."""
    document: int | None
    """The document's id; null where the file was refused."""
    created: bool
    """False for content that the project already has."""
    error: str | None
    """Why the file was refused, in one sentence."""


@dataclass(frozen=True, slots=True)
class Uploads:
    """What became of the files."""

    results: list[Upload]
