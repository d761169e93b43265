"""Hints for the prompt: what teachers that can do it are asked for, and what they answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from extraction.engines.teacher.protocol import Usage


@dataclass(frozen=True, slots=True)
class HintRequest:
    """Values of one field that a teacher gave (`said`) and people corrected (`right`), as `pairs`; `None`: not on the
    document.

    `document` is the noun for one, `vendor` whose documents these are (empty: of any), `difference` says in a few
    English words how the teacher's values differ, `instruction` is what the prompt says about the field now.
    """

    document: str
    field: str
    instruction: str
    vendor: str
    difference: str
    pairs: tuple[tuple[str | None, str | None], ...]


@dataclass(frozen=True, slots=True)
class HintReply:
    """One or two sentences of instruction."""

    text: str
    usage: Usage = field(default_factory=Usage)


@runtime_checkable
class WritesHints(Protocol):
    """A teacher that can do it; no picture is sent, but values of documents are."""

    def write_hint(self, request: HintRequest) -> HintReply:
        """Raises `Unreachable`, also for an answer that says nothing, and `Rejected`."""

    def estimate_hint(self, request: HintRequest) -> Usage:
        """Approximate costs."""
