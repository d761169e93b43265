"""What every teacher is: it reads a document once and says, field by field, what stands on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Protocol

from extraction.domain.fields import Schema
from extraction.domain.page import Page


@dataclass(frozen=True, slots=True)
class Reading:
    """A document as a teacher gets it: pages with their words, and the pictures of the same pages."""

    pages: tuple[Page, ...]
    images: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """`value` as printed, `None` for "not on the document"; `evidence` is the printed text that it was read from."""

    value: str | None
    evidence: str | None = None
    unsure: bool = False
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Usage:
    """What answering cost."""

    input_tokens: int = 0
    output_tokens: int = 0
    usd: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Reply:
    """The answers for one document. A field that the teacher has no opinion about is left out.

    `refusal` is the reason where it would not answer at all; `malformed` says that the format was not kept.
    """

    answers: Mapping[str, Answer]
    usage: Usage = field(default_factory=Usage)
    refusal: str | None = None
    malformed: bool = False


class Teacher(Protocol):
    """`outside`: whether the pictures leave this machine."""

    name: str
    outside: bool

    def label(self, reading: Reading, schema: Schema) -> Reply:
        """Answer for every field of `schema`."""

    def estimate(self, schema: Schema, documents: int) -> Usage:
        """What labelling so many documents will take, about."""
