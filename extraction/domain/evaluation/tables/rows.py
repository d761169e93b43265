"""A document of a report as it is frozen: what was true, what each system answered, and what is known of the document.

All figures of a report are computed from these rows alone, so that they can be computed again to the same numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from extraction.domain.evaluation.scoring import Row
from extraction.domain.json_types import JsonObject
from extraction.domain.prediction import FieldValue


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a document beside its values.

    `focus` is the variance of the Laplacian of its least sharp page, `language` a code (empty: not known), `origin` how
    it came into the project, `media_type` that of its file. `vendor` has the letters of who sent it (empty: not known),
    of whom the project has `vendor_documents` labelled documents. `seen` says of each student, by name, whether it
    learned from documents of that vendor.
    """

    focus: float | None = None
    language: str = ""
    origin: str = ""
    media_type: str = ""
    vendor: str = ""
    vendor_documents: int = 0
    seen: Mapping[str, bool] = field(default_factory=dict)

    def to_json(self) -> JsonObject:
        return asdict(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        return cls(**value)


@dataclass(frozen=True, slots=True)
class Truth:
    """A value that counts as right, as it is printed and in its field's format."""

    value: str | None
    normalized: str | None


@dataclass(frozen=True, slots=True)
class FrozenRow:
    """A document by its primary key: truths by field, answers by system and field, without places on the pages."""

    document: int
    name: str
    truths: Mapping[str, Truth]
    answers: Mapping[str, Mapping[str, FieldValue]]
    facts: Facts = Facts()

    def row(self, system: str) -> Row:
        """As it is scored for a system."""
        return {name: [truth.value] for name, truth in self.truths.items()}, self.answers.get(system, {})

    def answer(self, system: str, name: str) -> FieldValue:
        return self.answers.get(system, {}).get(name) or FieldValue(None, None)

    def to_json(self) -> JsonObject:
        """Values are written `[printed, normalised]`, answers with their confidence as a third."""
        return {
            "name": self.name,
            "truths": {name: [truth.value, truth.normalized] for name, truth in self.truths.items()},
            "answers": {
                system: {name: [answer.value, answer.normalized, answer.confidence] for name, answer in fields.items()}
                for system, fields in self.answers.items()
            },
            "facts": self.facts.to_json(),
        }

    @classmethod
    def from_json(cls, document: int, value: Mapping[str, Any]) -> Self:
        return cls(
            document,
            value["name"],
            {name: Truth(*truth) for name, truth in value["truths"].items()},
            {
                system: {name: FieldValue(*answer) for name, answer in fields.items()}
                for system, fields in value["answers"].items()
            },
            Facts.from_json(value["facts"]),
        )
