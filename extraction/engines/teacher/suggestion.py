"""Suggestion of fields: what teachers that can do it are asked for, and what they answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from extraction.domain.fields import Field
from extraction.engines.teacher.protocol import Reading, Usage


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Fields to begin with, none where nothing was found; `document` is the noun for one of the documents."""

    document: str
    fields: tuple[Field, ...]
    usage: Usage = field(default_factory=Usage)


@runtime_checkable
class SuggestsFields(Protocol):
    """A teacher that can do it; `Teacher` says what the attributes of a teacher mean."""

    def suggest_fields(self, readings: Sequence[Reading]) -> Suggestion:
        """From a few documents of one type. Raises `Unreachable`, also for an answer that says nothing, and
        `Rejected`."""
