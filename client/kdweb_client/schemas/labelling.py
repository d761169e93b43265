# Made by client/generate.py from the OpenAPI document.
"""A teacher gives first labels."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

DeliveryCode = Literal["direct", "batch", "file"]
"""How requests reach the teacher: one by one, or in batch files that this program or a person hands in."""


PickReason = Literal["new_layout", "mistakes", "unsure", "varied", "random"]
"""Why a document was picked: it looks like nothing that is labelled, the student was wrong on documents alike,
its fields are doubtful, it is unlike what else is picked, or it was drawn."""


Selection = Literal["oldest", "informative"]
"""Which documents come first where not all are asked about."""


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
