"""Answers of a system beside their truths, as comparisons of two systems show them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from extraction.domain.json_types import JsonObject

# Characters of a value that are kept: rows of a group can be long.
LONGEST = 500


@dataclass(frozen=True, slots=True)
class ComparedAnswer:
    """Truth and answer of a field as they were scored (`None`: not on the document), and whether they are the same."""

    truth: str | None
    answer: str | None
    right: bool

    def to_json(self) -> JsonObject:
        return {"truth": _cut(self.truth), "answer": _cut(self.answer), "right": self.right}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        return cls(value["truth"], value["answer"], value["right"])


def _cut(text: str | None) -> str | None:
    return text if text is None or len(text) <= LONGEST else f"{text[:LONGEST]}…"
