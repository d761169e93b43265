"""Description of a trained model, kept as `student.json` in its folder: all that serving needs beside the network."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from extraction.domain.errors import filled, gettext_noop
from extraction.domain.field_types import DayOrder
from extraction.domain.fields import Schema
from extraction.domain.json_types import JsonObject
from extraction.domain.learning.training import Settings
from extraction.engines.atomic import atomic_write
from extraction.engines.student.layout.files import DESCRIPTION
from extraction.engines.student.layout.inference.calibration import Calibration
from extraction.engines.student.layout.inference.lexicon import Lexicon
from extraction.engines.student.layout.inference.table_calibration import TableCalibration

FORMAT = 3
# Format 2 calls the lexicon `spellings` and the quantization `precision`; it is read too.
READABLE = (2, FORMAT)

FULL, QUANTIZED = "fp32", "int8"
ROUNDED = gettext_noop(
    "Rounded to eight bits, the student serves: mean ANLS {quantized} instead of {full} on {documents} documents, "
    "{same} of the answers the same."
)
NOT_ROUNDED = gettext_noop(
    "Rounded to eight bits, the student does not serve: mean ANLS {quantized} instead of {full} on {documents} "
    "documents, {same} of the answers the same."
)


@dataclass(frozen=True, slots=True)
class Quantization:
    """Which graph serves (`FULL` or `QUANTIZED`) and why: the mean ANLS of each against the labels of `documents`
    documents, and the fraction of their answers that are the same."""

    served: str
    documents: int
    full: float
    quantized: float
    same: float

    @property
    def summary(self) -> str:
        """One line for people."""
        return filled(
            ROUNDED if self.served == QUANTIZED else NOT_ROUNDED,
            quantized=f"{self.quantized:.4f}",
            full=f"{self.full:.4f}",
            documents=self.documents,
            same=f"{self.same:.1%}",
        )

    def to_json(self) -> dict[str, str | float]:
        return {
            "served": self.served,
            "documents": self.documents,
            "full": self.full,
            "quantized": self.quantized,
            "same": self.same,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        quantized = value["quantized"] if "quantized" in value else value["rounded"]
        return cls(value["served"], value["documents"], value["full"], quantized, value["same"])


@dataclass(frozen=True, slots=True)
class ModelDescription:
    """`window` is the number of tokens of a window, special tokens included; `config` are the settings of the training.

    `tables` is `None` for a model that does not read rows, `quantization` before it is decided.
    """

    schema: Schema
    day_order: DayOrder
    window: int
    config: Settings
    calibration: Calibration
    lexicon: Lexicon
    tables: TableCalibration | None = None
    quantization: Quantization | None = None

    def to_json(self) -> JsonObject:
        return {
            "format": FORMAT,
            "schema": self.schema.to_json(),
            "day_order": self.day_order,
            "window": self.window,
            "config": dict(self.config),
            "calibration": self.calibration.to_json(),
            "lexicon": self.lexicon.to_json(),
            "tables": self.tables.to_json() if self.tables else None,
            "quantization": self.quantization.to_json() if self.quantization else None,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """Raises `ValueError` for a format of another version."""
        if value["format"] not in READABLE:
            raise ValueError("The model was written by another version of this program.")
        old = value["format"] != FORMAT
        quantization = value.get("precision" if old else "quantization")
        return cls(
            schema=Schema.restore(value["schema"]),
            day_order=value["day_order"],
            window=value["window"],
            config=value["config"],
            calibration=Calibration.from_json(value["calibration"]),
            lexicon=Lexicon.from_json(value["spellings" if old else "lexicon"]),
            tables=TableCalibration.from_json(value["tables"]) if value.get("tables") else None,
            quantization=Quantization.from_json(quantization) if quantization else None,
        )

    def write(self, folder: Path) -> None:
        """Write `folder / DESCRIPTION`, by renaming: it is there as a whole or not at all."""
        with atomic_write(folder / DESCRIPTION) as draft:
            draft.write_text(json.dumps(self.to_json(), indent=2, ensure_ascii=False), "utf-8")

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Raises `FileNotFoundError`, and `ValueError` for what is damaged or of another version."""
        return cls.from_json(json.loads((folder / DESCRIPTION).read_text("utf-8")))
