# Made by client/generate.py from the OpenAPI document.
"""How well teacher, student and rules read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from kdweb_client.schemas.shared import GroupScore, GuaranteeState, Score, Split

Aspect = Literal["layout", "vendor", "language", "confidence"]
"""What is compared."""


Cause = Literal["not_read", "wrong_span", "wrong_normaliser", "wrong_label"]
"""What went wrong."""


DriftState = Literal["unknown", "same", "drifted"]


Mending = Literal["open", "confirmed", "mended", "mended_to_answer"]
"""What became of the label that an answer differs from."""


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
class AspectDrift:
    """One aspect of what came in against what was learned from."""

    aspect: Aspect
    state: DriftState
    learned: int
    came: int
    value: float | None
    expected: float | None
    """What chance makes of it without drift."""
    p_value: float | None
    documents: list[int]
    """Some that are unlike what was learned."""


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
class ComparedDocument:
    """A document with the fields that one of the two has wrong, or the chosen one."""

    document: int
    name: str
    left_right: bool
    right_right: bool
    fields: list[ComparedField]


@dataclass(frozen=True, slots=True)
class ComparedField:
    """A field of a document with both answers."""

    field: str
    truth: str | None
    left: Side
    right: Side


@dataclass(frozen=True, slots=True)
class CoveragePoint:
    """The answers with at least this confidence."""

    confidence: float
    coverage: float
    """Their share of all answers."""
    right: float
    """Share of them that is right."""


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
class Drift:
    """The last comparison of what comes in with what the serving model learned from."""

    model: str | None
    """The serving model; null before the first check."""
    measured: datetime | None
    days: int | None
    """What came in within so many days was compared."""
    drifted: list[Aspect]
    aspects: list[AspectDrift]


@dataclass(frozen=True, slots=True)
class LearningCurve:
    """Quality of a project's models against what went into them."""

    measured_on: str
    """The split of the documents, or `validation`."""
    points: list[LearningPoint]
    outlook: Outlook | None
    """Null: not known, the models are too few or too much alike."""
    minutes_a_label: float | None
    usd_a_label: float | None


@dataclass(frozen=True, slots=True)
class LearningPoint:
    """A model and what went into it."""

    model: str
    labels: int
    minutes: float
    """Of review until its training began."""
    usd: float
    """For teachers until its training began."""
    quality: float
    """Mean ANLS, 0 to 1."""
    ci95: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Lineage:
    """What a student took to become."""

    labelled: int
    training_seconds: float
    review_seconds: float | None
    """Null: not known."""


@dataclass(frozen=True, slots=True)
class Miss:
    """An answer for a flat field that is not right."""

    id: int
    document: int
    name: str
    system: str
    field: str
    truth: str | None
    """As it was scored."""
    answer: str | None
    """As it was scored."""
    confidence: float | None
    similarity: float
    """ANLS, 0 to 1."""
    cause: Cause
    mending: Mending
    """What became of the label since the report was written."""


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
class Outlook:
    """What more labels would add to the quality of the model that learned from the most."""

    more: int
    gain: float
    ci95: tuple[float, float]


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
class ReliabilityBin:
    """Answers whose confidence is in a tenth of the scale."""

    low: float
    high: float
    confidence: float
    """Their mean."""
    answers: int
    right: float
    """Share of them, 0 to 1."""
    right_ci95: tuple[float, float]


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
class Side:
    """What one of two systems answered."""

    answer: str | None
    right: bool


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
class Threshold:
    """From which confidence on answers may be accepted unseen, for documents like these."""

    target: float
    """The share of wrong answers that is not to be exceeded."""
    state: GuaranteeState
    checked: int
    needed: int
    """The fewest answers that allow the target, were all right."""
    threshold: float | None
    accepted: int
    wrong: int
    bound: float | None
    """The share of wrong ones that is not exceeded with 90 % confidence."""


@dataclass(frozen=True, slots=True)
class Trust:
    """How far the confidences of a system come true."""

    system: str
    field: str | None
    """Null: all flat fields together."""
    answers: int
    without_confidence: int
    auroc: float | None
    calibration_error: float | None
    reliability: list[ReliabilityBin]
    accuracy_at_coverage: list[CoveragePoint]
    threshold: Threshold | None


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
