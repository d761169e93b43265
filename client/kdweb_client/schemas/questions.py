# Made by client/generate.py from the OpenAPI document.
"""Is this one label right?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from kdweb_client.schemas.shared import Box


@dataclass(frozen=True, slots=True)
class Acceptable:
    """What could be accepted without a look at it, and the newest decisions about such documents."""

    documents: int
    """Waiting documents of which each label is surely right."""
    wrong: float
    """The share of their labels that is probably wrong."""
    results: list[UnseenAcceptance]
    """The newest decisions."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A question after its answer."""

    state: Literal["open", "answered", "stale", "undone"]
    answer: str
    """As it counts: another spelling of the same value is a yes."""
    labels: int
    """Labels that it wrote, also on other documents of the vendor."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known about all labels with one value."""

    labels: int
    unseen: int
    """Labels that nobody has looked at."""
    doubtful: int
    """Those of them that are worth a question."""
    asked: int
    """Questions drawn at random that were answered."""
    wrong: int
    """Those of them whose label was wrong."""
    at_most_wrong: float | None
    """The share of labels that is at most still wrong; null: not known."""
    sure: float
    """How sure that is, from 0 to 1."""
    target: float
    rounds: int
    """Rounds until at most the share `target` is wrong."""
    questions: int
    """Questions until then."""


@dataclass(frozen=True, slots=True)
class Question:
    """Whether a label is right."""

    id: int
    document: int
    name: str
    """The file's name as it came."""
    field: str
    value: str | None
    """The printed text; null: not on the document."""
    normalized: str | None
    readings: list[str]
    """What the text can mean, in the field's format, where that is several things; else empty."""
    probability: float | None
    """That the label is right, as far as it is assessed."""
    vendor: str
    """Whose document it is, as printed; empty where that is not known."""
    holds: bool
    """The answer holds for the vendor's documents with the same value."""
    boxes: list[Box]
    """Where the value stands; empty where it was not found."""
    reasons: list[str]
    """What speaks against the label, in words."""


@dataclass(frozen=True, slots=True)
class Questions:
    """Questions, and what is known about all labels."""

    results: list[Question]
    known: Known


@dataclass(frozen=True, slots=True)
class Undone:
    """What taking back has changed."""

    taken_back: int
    kept: int
    """Labels that stay because somebody decided on them since."""


@dataclass(frozen=True, slots=True)
class UnseenAcceptance:
    """A decision to accept documents without a look at them."""

    id: int
    user: str | None
    """Whose it was; null: whose account is gone."""
    accepted: datetime
    documents: int
    wrong: float
    """The share of their labels that was expected to be wrong."""
    undone: datetime | None
