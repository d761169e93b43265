"""Results of extraction: the fields of a caller's file, as commands print and the API answers them.

`to_json` writes the JSON of the contract, `from_json` restores what is stored of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

from extraction.domain.json_types import JsonObject
from extraction.domain.pages import Box, Page, PageBox
from extraction.domain.prediction import FieldValue

# Decimals that callers get: of a confidence, of a coordinate from 0 to 1, of milliseconds.
CONFIDENCE, COORDINATE, MILLISECOND = 4, 5, 1


@dataclass(frozen=True, slots=True)
class FieldAnswer:
    """An answer for a field. `source` names who gives it; `boxes` are the printed lines that it stands on."""

    value: str | None
    normalized: str | None
    confidence: float | None
    boxes: tuple[PageBox, ...]
    source: str = "student"

    @classmethod
    def of(cls, answer: FieldValue, pages: Sequence[Page]) -> Self:
        """The student's answer on `pages`, with rounded figures."""
        confidence = None if answer.confidence is None else round(answer.confidence, CONFIDENCE)
        boxes = tuple(PageBox(placed.page, _rounded(placed.box)) for placed in answer.boxes(pages))
        return cls(answer.value, answer.normalized, confidence, boxes)

    def to_json(self) -> JsonObject:
        return {
            "value": self.value,
            "normalized": self.normalized,
            "confidence": self.confidence,
            "boxes": [box.to_json() for box in self.boxes],
            "source": self.source,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        boxes = tuple(PageBox(box["page"], Box(box["x0"], box["y0"], box["x1"], box["y1"])) for box in value["boxes"])
        return cls(value["value"], value["normalized"], value["confidence"], boxes, value["source"])


Fields = dict[str, FieldAnswer]


def fields_to_json(fields: Mapping[str, FieldAnswer]) -> JsonObject:
    return {name: answer.to_json() for name, answer in fields.items()}


def fields_from_json(value: Mapping[str, Any]) -> Fields:
    return {name: FieldAnswer.from_json(answer) for name, answer in value.items()}


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds of each step: decoding, OCR, the student, and all together."""

    ingest: float
    ocr: float
    student: float
    total: float

    @classmethod
    def of_seconds(cls, *, ingest: float, ocr: float, student: float, total: float) -> Self:
        return cls(*(round(seconds * 1000, MILLISECOND) for seconds in (ingest, ocr, student, total)))

    def to_json(self) -> dict[str, float]:
        return asdict(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        return cls(value["ingest"], value["ocr"], value["student"], value["total"])


@dataclass(frozen=True, slots=True)
class FileResult:
    """The result of one file: either fields with their timing, or `error`, one sentence."""

    file: str
    error: str | None = None
    fields: Fields | None = None
    timing: Timing | None = None

    def to_json(self) -> JsonObject:
        """A row of `extract --json`."""
        return {
            "file": self.file,
            "error": self.error,
            "fields": None if self.fields is None else fields_to_json(self.fields),
            "timing_ms": None if self.timing is None else self.timing.to_json(),
        }


@dataclass(frozen=True, slots=True)
class Content:
    """A file by its content; `pages` is unknown until it is read."""

    sha256: str
    pages: int | None


@dataclass(frozen=True, slots=True)
class ExtractionResult:
    """An extraction as the API answers it; fields and timing are `None` until it is done."""

    id: str
    state: str
    error: str | None
    document: Content
    model: str
    fields: Fields | None
    timing: Timing | None

    def to_json(self) -> JsonObject:
        return {
            "id": self.id,
            "state": self.state,
            "error": self.error,
            "document": asdict(self.document),
            "model": self.model,
            "fields": None if self.fields is None else fields_to_json(self.fields),
            "timing_ms": None if self.timing is None else self.timing.to_json(),
        }


def _rounded(box: Box) -> Box:
    return Box(*(round(value, COORDINATE) for value in (box.x0, box.y0, box.x1, box.y1)))
