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
    errors: list[Mistake] | None = None
    """The worst answers for flat fields."""
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
    groups: dict[str, GroupScore] | None = None
    """The rows of each group."""


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
