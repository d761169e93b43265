"""Values of a training run: what it learns from, its curve, why it stopped, its result."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self

from extraction.domain.errors import gettext_noop
from extraction.domain.evaluation.scoring import Evaluation
from extraction.domain.json_types import JsonObject
from extraction.domain.learning.label_audit import LabelAudit

# Settings of a student kind, by name, as people write them in TOML or JSON.
SettingValue = str | int | float
Settings = Mapping[str, SettingValue]


class Part(StrEnum):
    """Use of a document in a run: to train on, or to validate and calibrate with."""

    TRAIN = "train"
    VALIDATION = "validation"


@dataclass(frozen=True, slots=True)
class SnapshotItem:
    """Labelled document of a snapshot: keys of the document and of its labels by field, and its weight (1 at present).

    `weights` are those of its labels by field, of 0 to 1, where they are not 1.

    Hashes of snapshots are over this JSON: a change of it makes new snapshots of the same labels.
    """

    document: int
    part: Part
    labels: Mapping[str, int]
    weight: float = 1.0
    weights: Mapping[str, float] = field(default_factory=dict)

    def to_json(self) -> JsonObject:
        return {
            "document": self.document,
            "part": self.part.value,
            "labels": dict(self.labels),
            "weight": self.weight,
            # Snapshots of before knew no weights of labels: without any, equal labels keep their hash.
            **({"weights": dict(self.weights)} if self.weights else {}),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        return cls(value["document"], Part(value["part"]), value["labels"], value["weight"], value.get("weights", {}))


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """Measurement after `step` training steps and `seconds` of wall clock; `None` where not measured at that step.

    `loss` is the training loss, `anls` the mean ANLS (0–1) on the validation documents.
    """

    step: int
    seconds: float | None = None
    loss: float | None = None
    anls: float | None = None

    def to_json(self) -> dict[str, float | None]:
        return {"step": self.step, "seconds": self.seconds, "loss": self.loss, "anls": self.anls}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        return cls(value["step"], value.get("seconds"), value.get("loss"), value.get("anls"))


@dataclass(frozen=True, slots=True)
class Epochs:
    """Passes over the training documents: planned, and done (a fraction where one was cut short)."""

    planned: int
    done: float

    @property
    def complete(self) -> bool:
        return self.done >= self.planned

    def to_json(self) -> dict[str, float]:
        return {"planned": self.planned, "done": self.done}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        return cls(value["planned"], value["done"])


TIME_UP = gettext_noop("The {minutes} minutes were used up after {done} of {planned} planned rounds.")
COMPLETED = gettext_noop("It had gone through the documents {planned} times, as planned.")


class StopReason(StrEnum):
    """Reason for which a run is no longer under way. `OTHER`: an earlier version gave it in words only."""

    COMPLETED = "completed"
    TIME_UP = "time_up"
    CANCELLED = "cancelled"
    FAILED = "failed"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Stop:
    """Why a run stopped: `epochs` for `COMPLETED` and `TIME_UP`, which also has the `minutes` that the run was given;
    a sentence as `detail` for `FAILED` and `OTHER`."""

    reason: StopReason
    minutes: float | None = None
    epochs: Epochs | None = None
    detail: str = ""

    @classmethod
    def after(cls, epochs: Epochs, minutes: float) -> Self:
        """End of a run that was neither cancelled nor failed."""
        return cls(StopReason.COMPLETED if epochs.complete else StopReason.TIME_UP, minutes, epochs)

    @property
    def sentence(self) -> str:
        """For people."""
        if self.reason is StopReason.CANCELLED:
            return gettext_noop("Cancelled.")
        if self.reason is StopReason.TIME_UP and self.epochs and self.minutes is not None:
            done, planned = self.epochs.done, self.epochs.planned
            return TIME_UP.format(minutes=f"{self.minutes:.3g}", done=f"{done:.1f}", planned=planned)
        if self.reason is StopReason.COMPLETED and self.epochs:
            return COMPLETED.format(planned=self.epochs.planned)
        return self.detail

    def to_json(self) -> JsonObject:
        return {
            "reason": self.reason.value,
            "minutes": self.minutes,
            "epochs": self.epochs.to_json() if self.epochs else None,
            "detail": self.detail,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        epochs = Epochs.from_json(value["epochs"]) if value["epochs"] else None
        return cls(StopReason(value["reason"]), value["minutes"], epochs, value["detail"])

    @classmethod
    def from_sentence(cls, sentence: str) -> Self:
        """Of a result that an earlier version wrote, which kept the sentence alone."""
        if match := _TIME_UP.fullmatch(sentence):
            return cls(StopReason.TIME_UP, float(match[1]), Epochs(int(match[3]), float(match[2])))
        if match := _COMPLETED.fullmatch(sentence):
            return cls(StopReason.COMPLETED, None, Epochs(int(match[1]), float(match[1])))
        return cls(StopReason.OTHER, detail=sentence)


_TIME_UP = re.compile(r"The (\S+) minutes were used up after (\S+) of (\d+) planned rounds\.")
_COMPLETED = re.compile(r"It had gone through the documents (\d+) times, as planned\.")


@dataclass(frozen=True, slots=True)
class TrainingResult:
    """Outcome of a complete training: wall clock in seconds over all attempts, why it ended, the evaluation on the
    validation documents (`None` where there are none) and the label audit."""

    seconds: float
    stop: Stop
    validation: Evaluation | None
    label_audit: LabelAudit

    def to_json(self) -> JsonObject:
        return {
            "seconds": self.seconds,
            "stop": self.stop.to_json(),
            "validation": self.validation.to_json() if self.validation else None,
            "label_audit": self.label_audit.to_json(),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """Also from what earlier versions wrote: `stopped_because`, a sentence, and `account`, the label audit."""
        stop = Stop.from_json(value["stop"]) if "stop" in value else Stop.from_sentence(value["stopped_because"])
        audit = value["label_audit"] if "label_audit" in value else value.get("account") or {"documents": 0}
        validation = Evaluation.from_json(value["validation"]) if value["validation"] else None
        return cls(value["seconds"], stop, validation, LabelAudit.from_json(audit))


@dataclass(frozen=True, slots=True)
class Licence:
    """Licence of an encoder's published weights; `commercial`: whether commercial use is allowed, `None`: unknown."""

    name: str
    commercial: bool | None = True

    def __str__(self) -> str:
        return self.name if self.commercial is not False else f"{self.name}{_NOT_COMMERCIAL}"


RESTRICTED = gettext_noop("{name}: not for commercial use")
_NOT_COMMERCIAL = RESTRICTED.removeprefix("{name}")


@dataclass(frozen=True, slots=True)
class EncoderInfo:
    """Encoder that a student can start from: `base` is what the setting of that name takes, `title` is for people.

    `note` is a sentence on why a run starts from it, where that is not what was to be expected.
    """

    base: str
    title: str
    licence: Licence = field(default_factory=lambda: Licence("", None))
    note: str = ""

    def to_json(self) -> dict[str, str | bool | None]:
        return {
            **({"note": self.note} if self.note else {}),
            "base": self.base,
            "title": self.title,
            "licence": self.licence.name,
            "commercial": self.licence.commercial,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """Also from what earlier versions stored, which said in the licence's text whether it is commercial."""
        name: str = value["licence"]
        restricted = name.endswith(_NOT_COMMERCIAL)
        licence = Licence(name.removesuffix(_NOT_COMMERCIAL), value.get("commercial", False if restricted else None))
        return cls(value["base"], value["title"], licence, value.get("note", ""))
