"""Figures of a canary so far, and whether its candidate is surely not worse, or surely worse."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Self

from extraction.domain.evaluation.bootstrap import Interval, interval
from extraction.domain.evaluation.leads import Margins
from extraction.domain.json_types import JsonObject


class Verdict(StrEnum):
    """What may be said of the candidate."""

    OPEN = "open"
    NOT_WORSE = "not_worse"
    WORSE = "worse"


class Doubt(StrEnum):
    """Why it is open, or why a candidate that is not worse waits for a person."""

    FEW_DOCUMENTS = "few_documents"
    MEAN = "mean"
    FIELDS = "fields"
    FAILURES = "failures"


@dataclass(frozen=True, slots=True)
class Rule:
    """A candidate is surely not worse where the lower bound of its lead in mean ANLS is above minus `margin` (0–1),
    over at least `documents` compared documents. Its failures, and a field that lost more than `field_margin`, leave it
    to a person."""

    margin: float = 0.01
    documents: int = 50
    field_margin: float = Margins().field


@dataclass(frozen=True, slots=True)
class FieldFigures:
    """A field over the documents in which the two answer differently: how many these are and how many of them have a
    truth, mean ANLS of both by it, and mean confidences of both (`None`: there are none)."""

    differing: int = 0
    checked: int = 0
    candidate: float | None = None
    serving: float | None = None
    candidate_confidence: float | None = None
    serving_confidence: float | None = None

    @property
    def lead(self) -> float | None:
        """That of the candidate where both differ; `None` where nothing is checked."""
        return None if self.candidate is None or self.serving is None else self.candidate - self.serving


@dataclass(frozen=True, slots=True)
class Figures:
    """`documents` were answered by both; in `differing` of them the answers differ, of which `checked` have a truth for
    all that differs. `lead` is the estimate of the candidate's lead in mean ANLS over all documents (`None`: no
    difference is checked), `ci95` the interval that holds at every look. `expected` is what the confidences of both let
    expect of the lead, no measurement. Milliseconds are means."""

    documents: int = 0
    differing: int = 0
    checked: int = 0
    lead: float | None = None
    ci95: Interval = (-1.0, 1.0)
    expected: float = 0.0
    candidate_ms: float | None = None
    serving_ms: float | None = None
    fields: Mapping[str, FieldFigures] = field(default_factory=dict)

    def to_json(self) -> JsonObject:
        return {**asdict(self), "ci95": list(self.ci95)}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        fields = {name: FieldFigures(**figures) for name, figures in value["fields"].items()}
        return cls(**{**value, "ci95": interval(value["ci95"]), "fields": fields})


def verdict(found: Figures, rule: Rule, failures: int = 0) -> tuple[Verdict, tuple[Doubt, ...]]:
    """What may be said, and what speaks against going on by itself."""
    low, high = found.ci95
    if high < 0:
        return Verdict.WORSE, ()
    doubts = [Doubt.FEW_DOCUMENTS] if found.documents < rule.documents else []
    doubts += [Doubt.MEAN] if low <= -rule.margin else []
    said = Verdict.OPEN if doubts else Verdict.NOT_WORSE
    doubts += [Doubt.FIELDS] if worse_fields(found, rule) else []
    doubts += [Doubt.FAILURES] if failures else []
    return said, tuple(doubts)


def worse_fields(found: Figures, rule: Rule) -> list[str]:
    """Fields that lost more than their margin over all documents, by estimate."""
    return [
        name
        for name, each in found.fields.items()
        if each.lead is not None and each.lead * each.differing / found.documents < -rule.field_margin
    ]


def is_margin(value: float) -> bool:
    """Whether it is a difference in mean ANLS that a candidate can be held to: over 0, at most a fifth."""
    return math.isfinite(value) and 0 < value <= 0.2
