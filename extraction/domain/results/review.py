"""What people say of a caller's file, once it is a document of the project."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum

from extraction.domain.json_types import JsonObject


class ReviewState(StrEnum):
    """How far review of a file has come."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class ReviewedValue:
    """A field's value as people left it; `None`: the field is not on the document."""

    value: str | None
    normalized: str | None


@dataclass(frozen=True, slots=True)
class FileReview:
    """Review of the file's document, which is named by its primary key. `reviewed`: when somebody decided. `fields` are
    the values in force, by field, once it is accepted; `reason` is why it was rejected."""

    document: int
    state: ReviewState
    reviewed: datetime | None = None
    reason: str | None = None
    fields: Mapping[str, ReviewedValue] | None = None

    def to_json(self) -> JsonObject:
        return {
            "document": self.document,
            "state": self.state.value,
            "reviewed": None if self.reviewed is None else self.reviewed.isoformat(),
            "reason": self.reason,
            "fields": None if self.fields is None else {name: asdict(value) for name, value in self.fields.items()},
        }
