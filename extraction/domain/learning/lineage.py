"""Lineage: which documents a model learned from, and how it used them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from extraction.domain.json_types import JsonObject
from extraction.domain.learning.training import Part


class Use(StrEnum):
    """What a training did with a document."""

    TRAINING = "training"
    VALIDATION = "validation"
    CALIBRATION = "calibration"
    PRETRAINING = "pretraining"


# Documents that are held out measure the model and calibrate its confidences.
USES_OF_PART = {Part.TRAIN: (Use.TRAINING,), Part.VALIDATION: (Use.VALIDATION, Use.CALIBRATION)}


@dataclass(frozen=True, slots=True)
class Learned:
    """A document, by its content hash and the key of its deletion (0: it is still there), and its uses in a training,
    in the order of `Use`."""

    sha256: str
    uses: tuple[Use, ...]
    deletion: int = 0

    def to_json(self) -> JsonObject:
        return {"sha256": self.sha256, "uses": [use.value for use in self.uses], "deletion": self.deletion}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        return cls(value["sha256"], tuple(map(Use, value["uses"])), value["deletion"])
