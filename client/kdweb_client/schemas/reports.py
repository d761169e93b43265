# Made by client/generate.py from the OpenAPI document.
"""How well teacher, student and rules read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from kdweb_client.schemas.shared import GroupScore, Score, Split

PartitionKind = Literal["vendors", "seen", "focus", "language", "origin", "media_type"]


RecountState = Literal["same", "different", "incomplete"]
"""What computing a report again has shown. `INCOMPLETE`: documents of it were deleted since."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """A student beside a teacher."""

    student: str
    teacher: str
    anls: float | None
    """Of the student's answers, the teacher's taken as truth."""
    anls_ci95: list[float] | None
    fields: dict[str, Cells]


@dataclass(frozen=True, slots=True)
class Cells:
    """Answers of both for one field."""

    both_right: int
    student_only: int
    teacher_only: int
    both_wrong: int
    same: int
    """Wrong answers that are equal."""
    chance: float
    """So many would be equal by chance."""


@dataclass(frozen=True, slots=True)
class CodeVersion:
    """A version of kdweb."""

    version: str
    commit: str


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
    all_fields_p: float | None = None
    mean_anls_p: float | None = None
    """The p-value of the difference, two-sided."""


@dataclass(frozen=True, slots=True)
class DocumentsPart:
    """Documents alike in one respect."""

    key: str
    """Empty where it is not known."""
    documents: int
    systems: dict[str, PartScore]


@dataclass(frozen=True, slots=True)
class Lineage:
    """What a student took to become."""

    labelled: int
    training_seconds: float
    review_seconds: float | None
    """Null: not known."""


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
class PartScore:
    """A system on a part of the documents."""

    mean_anls: float
    mean_anls_ci95: list[float]
    all_fields: float
    all_fields_ci95: list[float]
    fields: dict[str, float]
    """ANLS by field."""


@dataclass(frozen=True, slots=True)
class Partition:
    """All documents by one respect."""

    kind: PartitionKind
    of: str
    """The student whose training it is about (`seen`), else empty."""
    parts: list[DocumentsPart]


@dataclass(frozen=True, slots=True)
class Provenance:
    """What the numbers of a report were computed from."""

    code: CodeVersion
    documents: int
    sha256: str
    """Of all documents with their labels and answers."""
    systems: list[SystemOrigin]


@dataclass(frozen=True, slots=True)
class Recount:
    """A report computed again."""

    state: RecountState
    at: datetime
    code: CodeVersion
    differences: list[str]
    """Places of numbers that differ."""
    deleted: int
    """Documents that were deleted since."""


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
    tables: ReportTables | None
    """Null for reports of earlier versions."""
    provenance: Provenance | None
    """What it was computed from; null for earlier versions."""
    recount: Recount | None
    """How computing it again came out; null: not asked for."""


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
class ReportTables:
    """Quality by parts of the documents, and student beside teacher."""

    partitions: list[Partition]
    agreements: list[Agreement]


@dataclass(frozen=True, slots=True)
class ReportTiming:
    """Milliseconds from file to fields that half and 19 of 20 documents took at most."""

    documents: int
    p50_ms: float
    p95_ms: float
    now: bool
    """Measured when the report was written; else when the teacher answered."""


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
    all_fields_ci95: list[float] | None = None
    errors: list[Mistake] | None = None
    """The worst answers for flat fields."""
    facts: SystemFacts | None = None
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
    all_fields_ci95: list[float] | None = None
    groups: dict[str, GroupScore] | None = None
    """The rows of each group."""


@dataclass(frozen=True, slots=True)
class SystemFacts:
    """Speed, missing answers and effort of a system."""

    timing: ReportTiming | None
    refusals: int
    malformed: int
    lineage: Lineage
    escalated_usd: float
    """What a document costs on average for its escalation."""


@dataclass(frozen=True, slots=True)
class SystemOrigin:
    """A system of a report, and of a student what it learned from."""

    name: str
    kind: str
    model: str
    """SHA-256 of a student's files."""
    snapshot: str
    """SHA-256 of the labels that it learned from."""
    learned_from: str


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
