"""Results of extraction: the fields of a caller's file, as commands print and the API answers them.

`to_json` writes the JSON of the contract, `from_json` restores what is stored of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Self

from extraction.domain.escalation.outcomes import AnswerSource, Outcome
from extraction.domain.json_types import JsonObject
from extraction.domain.pages import Box, Page, PageBox
from extraction.domain.prediction import DOUBTFUL, FieldValue, RowValue
from extraction.domain.results.review import FileReview

# Decimals that callers get: of a confidence, of a coordinate from 0 to 1, of milliseconds.
CONFIDENCE, COORDINATE, MILLISECOND = 4, 5, 1


@dataclass(frozen=True, slots=True)
class CellAnswer:
    """A cell of a row; `boxes` are the printed lines that it stands on."""

    value: str | None
    normalized: str | None
    confidence: float | None
    boxes: tuple[PageBox, ...]

    @classmethod
    def of(cls, cell: FieldValue, pages: Sequence[Page]) -> Self:
        return cls(cell.value, cell.normalized, rounded_confidence(cell.confidence), _boxes(cell, pages))

    @property
    def doubtful(self) -> bool:
        """Whether its confidence is low."""
        return self.confidence is not None and self.confidence < DOUBTFUL

    def to_json(self) -> JsonObject:
        return {
            "value": self.value,
            "normalized": self.normalized,
            "confidence": self.confidence,
            "boxes": [box.to_json() for box in self.boxes],
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        return cls(value["value"], value["normalized"], value["confidence"], _boxes_from_json(value["boxes"]))


@dataclass(frozen=True, slots=True)
class RowAnswer:
    """A row of a group: its cells by field, the probability that all are right, and whether quantity times price is its
    amount (`None`: it has not all three)."""

    cells: Mapping[str, CellAnswer]
    confidence: float | None
    product: bool | None

    @classmethod
    def of(cls, row: RowValue, pages: Sequence[Page]) -> Self:
        cells = {name: CellAnswer.of(cell, pages) for name, cell in row.cells.items()}
        return cls(cells, rounded_confidence(row.confidence), row.product)

    def to_json(self) -> JsonObject:
        return {
            "cells": {name: cell.to_json() for name, cell in self.cells.items()},
            "confidence": self.confidence,
            "checks": {"product": self.product},
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        cells = {name: CellAnswer.from_json(cell) for name, cell in value["cells"].items()}
        return cls(cells, value["confidence"], value["checks"]["product"])


@dataclass(frozen=True, slots=True)
class FieldAnswer:
    """An answer for a field. `source` names who gives it (an `AnswerSource`); `boxes` are the printed lines that it
    stands on. `doubtful`: student and teacher differ, and neither is surely right.

    `rows` are those of a group (`None` for other fields), `sum` whether their amounts add up to one that is printed
    (`None`: they have none). `accepted` says whether it is sure enough to be accepted unseen (`None`: nobody allows any
    wrong answers there).
    """

    value: str | None
    normalized: str | None
    confidence: float | None
    boxes: tuple[PageBox, ...]
    source: str = AnswerSource.STUDENT.value
    rows: tuple[RowAnswer, ...] | None = None
    sum: bool | None = None
    doubtful: bool = False
    accepted: bool | None = None

    @classmethod
    def of(
        cls,
        answer: FieldValue,
        pages: Sequence[Page],
        source: AnswerSource = AnswerSource.STUDENT,
        *,
        doubtful: bool = False,
        accepted: bool | None = None,
    ) -> Self:
        """An answer on `pages`, with rounded figures."""
        rows = None if answer.rows is None else tuple(RowAnswer.of(row, pages) for row in answer.rows)
        confidence, boxes = rounded_confidence(answer.confidence), _boxes(answer, pages)
        return cls(
            answer.value, answer.normalized, confidence, boxes, source.value, rows, answer.adds_up, doubtful, accepted
        )

    @property
    def unsure(self) -> bool:
        """Whether a person should look at it: it is disputed or not accepted unseen, where nothing says so its
        confidence is low."""
        if self.accepted is None:
            return self.doubtful or (self.confidence is not None and self.confidence < DOUBTFUL)
        return self.doubtful or not self.accepted

    @property
    def columns(self) -> tuple[str, ...]:
        """The fields of the rows' cells, in the order in which they come up."""
        return tuple(dict.fromkeys(name for row in self.rows or () for name in row.cells))

    def to_json(self) -> JsonObject:
        table: JsonObject = {}
        if self.rows is not None:
            table = {"rows": [row.to_json() for row in self.rows], "checks": {"sum": self.sum}}
        return {
            "value": self.value,
            "normalized": self.normalized,
            "confidence": self.confidence,
            "boxes": [box.to_json() for box in self.boxes],
            "source": self.source,
            **({"doubtful": True} if self.doubtful else {}),
            "accepted": self.accepted,
            **table,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        rows = tuple(RowAnswer.from_json(row) for row in value["rows"]) if "rows" in value else None
        return cls(
            value["value"],
            value["normalized"],
            value["confidence"],
            _boxes_from_json(value["boxes"]),
            value["source"],
            rows,
            value["checks"]["sum"] if rows is not None else None,
            value.get("doubtful", False),
            value.get("accepted"),
        )


Fields = dict[str, FieldAnswer]


def unsure(fields: Fields) -> bool:
    """Whether a person should look at any of them."""
    return any(answer.unsure for answer in fields.values())


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

    def plus(self, seconds: float) -> Timing:
        """With so many seconds that somebody waited beside these steps."""
        return replace(self, total=round(self.total + seconds * 1000, MILLISECOND))

    def to_json(self) -> dict[str, float]:
        return asdict(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        return cls(value["ingest"], value["ocr"], value["student"], value["total"])


@dataclass(frozen=True, slots=True)
class FileResult:
    """The result of one file: either fields with their timing, or `error`, one sentence.

    `escalated` says whether the teacher was asked (`None` for a refused file), `usd` what that cost.
    """

    file: str
    error: str | None = None
    fields: Fields | None = None
    timing: Timing | None = None
    escalated: Outcome | None = None
    usd: float = 0.0

    def to_json(self) -> JsonObject:
        """A row of `extract --json`."""
        return {
            "file": self.file,
            "error": self.error,
            "fields": None if self.fields is None else fields_to_json(self.fields),
            "timing_ms": None if self.timing is None else self.timing.to_json(),
            "escalated": self.escalated and self.escalated.value,
            "usd": self.usd,
        }


@dataclass(frozen=True, slots=True)
class BatchUpload:
    """A file of a batch as it came: how many files it stands for, why it was refused as a whole, if it was, and whether
    it is a manifest of keys of the object store."""

    name: str
    files: int
    error: str | None = None
    manifest: bool = False

    def to_json(self) -> JsonObject:
        return asdict(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        return cls(value["name"], value["files"], value["error"], value.get("manifest", False))


@dataclass(frozen=True, slots=True)
class Content:
    """A file by its content; `pages` is unknown until it is read."""

    sha256: str
    pages: int | None


@dataclass(frozen=True, slots=True)
class ExtractionResult:
    """An extraction as the API answers it; fields, timing, `escalated` and `unsure` are `None` until it is done.

    `unsure`: a person should look at one of the fields (`None` also of answers of earlier versions). `review` is what
    people say of the file (`None`: it is no document of the project).
    """

    id: str
    state: str
    error: str | None
    document: Content
    model: str
    fields: Fields | None
    timing: Timing | None
    escalated: Outcome | None = None
    usd: float = 0.0
    unsure: bool | None = None
    review: FileReview | None = None

    def to_json(self) -> JsonObject:
        return {
            "id": self.id,
            "state": self.state,
            "error": self.error,
            "document": asdict(self.document),
            "model": self.model,
            "fields": None if self.fields is None else fields_to_json(self.fields),
            "timing_ms": None if self.timing is None else self.timing.to_json(),
            "escalated": self.escalated and self.escalated.value,
            "usd": self.usd,
            "unsure": self.unsure,
            "review": None if self.review is None else self.review.to_json(),
        }


def rounded_confidence(value: float | None) -> float | None:
    """A confidence as callers get it."""
    return None if value is None else round(value, CONFIDENCE)


def _boxes(answer: FieldValue, pages: Sequence[Page]) -> tuple[PageBox, ...]:
    return tuple(PageBox(placed.page, _rounded(placed.box)) for placed in answer.boxes(pages))


def _boxes_from_json(value: Sequence[Mapping[str, Any]]) -> tuple[PageBox, ...]:
    return tuple(PageBox(box["page"], Box(box["x0"], box["y0"], box["x1"], box["y1"])) for box in value)


def _rounded(box: Box) -> Box:
    return Box(*(round(value, COORDINATE) for value in (box.x0, box.y0, box.x1, box.y1)))
