# Made by client/generate.py from the OpenAPI document.
"""A teacher gives first labels."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from kdweb_client.schemas.shared import Source

DeliveryCode = Literal["direct", "batch", "file"]
"""How requests reach the teacher: one by one, or in batch files that this program or a person hands in."""


PickReason = Literal["new_layout", "mistakes", "unsure", "varied", "random"]
"""Why a document was picked: it looks like nothing that is labelled, the student was wrong on documents alike,
its fields are doubtful, it is unlike what else is picked, or it was drawn."""


Selection = Literal["oldest", "informative"]
"""Which documents come first where not all are asked about."""


@dataclass(frozen=True, slots=True)
class LabelFileLine:
    """A line, task, receipt or file of a label file that gave no label."""

    line: int
    """Its number in the file, from 1."""
    reason: str


@dataclass(frozen=True, slots=True)
class LabelFile:
    """A label file and what its loading has come to."""

    id: int
    name: str
    format: str
    source: Source
    state: Literal["loading", "mapping", "stopped", "loaded", "refused"]
    """`loaded`: all that could be; `refused`: nothing; `stopped`: goes on where the job is repeated; `mapping`: a
    person has to choose fields on its page."""
    new: int
    """Labels that were added."""
    known: int
    """Labels that the source had given already."""
    passed_over: dict[str, int]
    """How often a name of the file filled no field."""
    refused: int
    """How many lines gave no label."""
    lines: list[LabelFileLine]
    """The first hundred of them."""
    error: str | None
    """Why it was refused or stopped, in one sentence."""
    created: datetime


@dataclass(frozen=True, slots=True)
class Labelling:
    """A label run."""

    id: int
    teacher: str
    state: Literal["queued", "running", "awaiting", "done", "stopped", "failed", "cancelled"]
    error: str | None
    """Why it failed, in one sentence."""
    limit: int | None
    budget: float | None
    select: Selection
    reasons: dict[str, int]
    """Documents that were picked because they teach most, by reason; empty before the run has begun."""
    documents: int
    """Documents that the teacher has answered for."""
    labels: int
    refusals: int
    malformed: int
    failures: int
    """Documents for which no answer could be had."""
    usd: float
    stopped_because: str
    created: datetime
