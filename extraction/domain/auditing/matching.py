"""Matching of claims to receipts: by file or reference, else by employee, amount, date and merchant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Self

from extraction.domain.json_types import JsonObject


class MatchBy(StrEnum):
    """What a match rests on."""

    FILE = "file"
    REFERENCE = "reference"
    VALUES = "values"
    PERSON = "person"  # somebody chose the receipt


@dataclass(frozen=True, slots=True)
class Match:
    """A claim's receipt, by their keys; `probability` (0–1) that it is the right one."""

    claim: str
    document: str
    by: MatchBy
    probability: float = 1.0

    def to_json(self) -> JsonObject:
        return {**asdict(self), "by": self.by.value}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        return cls(**{**value, "by": MatchBy(value["by"])})


@dataclass(frozen=True, slots=True)
class Matching:
    """The matches in the order of the claims, and what stays over on either side, by key."""

    matches: tuple[Match, ...]
    claims: tuple[str, ...]
    documents: tuple[str, ...]
