"""Trust in a report: misses with their causes, confidences, two systems side by side."""

from __future__ import annotations

from typing import Any

from ninja import Field, Schema

from extraction.domain.evaluation.guarantees import GuaranteeState
from extraction.domain.trust.causes import Cause
from extraction.services.reports.trust.misses import Mending, ShownMiss


class MissOut(Schema):
    """An answer for a flat field that is not right."""

    id: int
    document: int
    name: str
    system: str
    field: str
    truth: str | None = Field(description="As it was scored.")
    answer: str | None = Field(description="As it was scored.")
    confidence: float | None
    similarity: float = Field(description="ANLS, 0 to 1.")
    cause: Cause
    mending: Mending = Field(description="What became of the label since the report was written.")

    @staticmethod
    def resolve_id(miss: ShownMiss) -> int:
        return int(miss.row.pk)

    @staticmethod
    def resolve_document(miss: ShownMiss) -> int:
        return int(miss.row.document_id)

    @staticmethod
    def resolve_name(miss: ShownMiss) -> str:
        return str(miss.row.document.name)

    @staticmethod
    def resolve_system(miss: ShownMiss) -> str:
        return str(miss.row.system)

    @staticmethod
    def resolve_field(miss: ShownMiss) -> str:
        return str(miss.row.field)

    @staticmethod
    def resolve_truth(miss: ShownMiss) -> Any:
        return miss.row.truth

    @staticmethod
    def resolve_answer(miss: ShownMiss) -> Any:
        return miss.row.answer

    @staticmethod
    def resolve_confidence(miss: ShownMiss) -> Any:
        return miss.row.confidence

    @staticmethod
    def resolve_similarity(miss: ShownMiss) -> float:
        return float(miss.row.similarity)


class MissesOut(Schema):
    results: list[MissOut]
    next: int | None = Field(description="The `cursor` of the part after this one; null at the end.")


class ReliabilityBin(Schema):
    """Answers whose confidence is in a tenth of the scale."""

    low: float
    high: float
    confidence: float = Field(description="Their mean.")
    answers: int
    right: float = Field(description="Share of them, 0 to 1.")
    right_ci95: tuple[float, float]


class CoveragePointOut(Schema):
    """The answers with at least this confidence."""

    confidence: float
    coverage: float = Field(description="Their share of all answers.")
    right: float = Field(description="Share of them that is right.")


class ThresholdOut(Schema):
    """From which confidence on answers may be accepted unseen, for documents like these."""

    target: float = Field(description="The share of wrong answers that is not to be exceeded.")
    state: GuaranteeState
    checked: int
    needed: int = Field(description="The fewest answers that allow the target, were all right.")
    threshold: float | None
    accepted: int
    wrong: int
    bound: float | None = Field(description="The share of wrong ones that is not exceeded with 90 % confidence.")


class TrustOut(Schema):
    """How far the confidences of a system come true."""

    system: str
    field: str | None = Field(description="Null: all flat fields together.")
    answers: int
    without_confidence: int
    auroc: float | None
    calibration_error: float | None
    reliability: list[ReliabilityBin]
    accuracy_at_coverage: list[CoveragePointOut]
    threshold: ThresholdOut | None


class PairCountsOut(Schema):
    """Documents by who has them right."""

    documents: int
    both_right: int
    only_left: int
    only_right: int
    both_wrong: int
    p_value: float = Field(description="Of McNemar's exact test: how probably chance alone makes such a difference.")


class SideOut(Schema):
    """What one of two systems answered."""

    answer: str | None
    right: bool


class ComparedFieldOut(Schema):
    """A field of a document with both answers."""

    field: str
    truth: str | None
    left: SideOut
    right: SideOut


class ComparedDocumentOut(Schema):
    """A document with the fields that one of the two has wrong, or the chosen one."""

    document: int
    name: str
    left_right: bool
    right_right: bool
    fields: list[ComparedFieldOut]


class SystemsComparedOut(Schema):
    """Two systems on the same documents."""

    left: str
    right: str
    field: str | None = Field(description="Null: every field of a document.")
    counts: PairCountsOut
    results: list[ComparedDocumentOut]
    next: int | None = Field(description="The `cursor` of the part after this one; null at the end.")
