"""Reasons why a field waits for a reviewer, and notes on confirmed values; `messages.reason` puts them into words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from extraction.domain.field_types import is_ambiguous
from extraction.domain.fields import Field
from extraction.domain.prediction import DOUBTFUL
from extraction.models import Label
from extraction.services.labels import ranking

LOW_CONFIDENCE = DOUBTFUL


class ReasonCode(StrEnum):
    NO_LABEL = "no_label"
    UNSURE = "unsure"  # the source doubted its own value
    LOW_CONFIDENCE = "low_confidence"
    REQUIRED_BUT_ABSENT = "required_but_absent"
    NOT_ON_PAGE = "not_on_page"  # the value was not found among the words
    INVALID_VALUE = "invalid_value"  # not a value of the field's type
    AMBIGUOUS_VALUE = "ambiguous_value"  # one of several values, such as two days
    OTHER_VALUE = "other_value"  # another source has another value


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason for `field`; `label` is the label that it is about, `None` for `NO_LABEL`."""

    code: ReasonCode
    field: Field
    label: Label | None = None


def doubts(field: Field, best: Label | None) -> list[Reason]:
    """Reasons from the source of a label that no person has confirmed."""
    if best is None:
        return [Reason(ReasonCode.NO_LABEL, field)]
    reasons = []
    if best.unsure:
        reasons.append(Reason(ReasonCode.UNSURE, field, best))
    if is_low(best):
        reasons.append(Reason(ReasonCode.LOW_CONFIDENCE, field, best))
    return reasons


def is_low(label: Label) -> bool:
    """Whether the confidence, where there is one, is low."""
    return label.probability is not None and label.probability < LOW_CONFIDENCE


def anomalies(field: Field, best: Label | None) -> list[Reason]:
    """Reasons that hold whoever wrote the value, as far as they can be detected without the right one."""
    if best is None:
        return []
    if best.value is None:
        return [Reason(ReasonCode.REQUIRED_BUT_ABSENT, field, best)] if field.required else []
    reasons = []
    if not best.spans and field.kind.alignable:
        reasons.append(Reason(ReasonCode.NOT_ON_PAGE, field, best))
    if best.normalized is None and field.kind.invalid:
        ambiguous = is_ambiguous(field, best.value)
        reasons.append(Reason(ReasonCode.AMBIGUOUS_VALUE if ambiguous else ReasonCode.INVALID_VALUE, field, best))
    return reasons


def disagreements(field: Field, best: Label | None, labels: Sequence[Label]) -> list[Reason]:
    """The current values of other sources among the field's `labels` that differ in meaning from the best one."""
    if best is None:
        return []
    return [Reason(ReasonCode.OTHER_VALUE, field, label) for label in ranking.disagreeing(best, labels)]
