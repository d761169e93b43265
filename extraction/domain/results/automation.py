"""Figures of a project's automatic steps, as the history keeps them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Self

from extraction.domain.evaluation.leads import Leads
from extraction.domain.json_types import JsonObject


@dataclass(frozen=True, slots=True)
class Changes:
    """What a training would learn anew: `corrections`, values of people that differ from what was learned or stood
    there before, and other `labels` that are new."""

    corrections: int = 0
    labels: int = 0

    def to_json(self) -> JsonObject:
        return asdict(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        return cls(value["corrections"], value["labels"])


@dataclass(frozen=True, slots=True)
class Spent:
    """Minutes of automatic training in a week, and the budget for them."""

    minutes: float
    budget: float

    def to_json(self) -> JsonObject:
        return asdict(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        return cls(value["minutes"], value["budget"])


class Reason(StrEnum):
    """Why a candidate was not promoted without a question."""

    CHOSEN = "chosen"
    SWITCHED_OFF = "switched_off"
    NOTHING_SERVES = "nothing_serves"
    PERSON_PROMOTED = "person_promoted"
    UNKNOWN_TRAINING = "unknown_training"
    NOT_REVIEWED = "not_reviewed"
    FEW_DOCUMENTS = "few_documents"
    MEAN = "mean"
    FIELDS = "fields"
    WORSE = "worse"
    FAILED = "failed"
    CANARY_RUNS = "canary_runs"


@dataclass(frozen=True, slots=True)
class Comparison:
    """A candidate beside the model that served, by names; `serving` is empty where none did.

    `leads` are missing where nothing could be compared. `reviewed`: the answers were compared with labels of people.
    `worse` names the fields and groups that lost too much.
    """

    candidate: str
    serving: str
    leads: Leads | None = None
    reviewed: bool = False
    reasons: tuple[Reason, ...] = ()
    worse: tuple[str, ...] = ()

    @property
    def documents(self) -> int:
        return self.leads.documents if self.leads else 0

    def to_json(self) -> JsonObject:
        return {
            "candidate": self.candidate,
            "serving": self.serving,
            "leads": self.leads.to_json() if self.leads else None,
            "reviewed": self.reviewed,
            "reasons": [reason.value for reason in self.reasons],
            "worse": list(self.worse),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        return cls(
            value["candidate"],
            value["serving"],
            Leads.from_json(value["leads"]) if value["leads"] else None,
            value["reviewed"],
            tuple(Reason(reason) for reason in value["reasons"]),
            tuple(value["worse"]),
        )
