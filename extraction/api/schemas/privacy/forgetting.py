"""What models owe after deletions, and how they forgot."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from ninja import Field, Schema

from extraction.api.schemas.privacy.retention import Versions, When
from extraction.domain.learning.lineage import Use

ForgettingState = Literal["owed", "running", "decision", "done", "not_needed"]


class LearnedOut(Schema):
    """A document, and what a training did with it."""

    sha256: str
    uses: list[Use]


class LearnerOut(Schema):
    """A model, or an unfinished training, that learned from a document."""

    name: str
    model: bool = Field(description="False: an unfinished training, which has checkpoints only.")
    uses: list[Use]


class LearnersOut(Schema):
    """What learned from a document; a deletion makes all of it forget."""

    learners: list[LearnerOut]


class SnapshotOut(Schema):
    """Frozen labels."""

    sha256: str
    documents: int


class SuccessorOut(Schema):
    """The training without the documents, by the same settings and seed."""

    name: str
    snapshot: SnapshotOut | None
    seed: int
    minutes: float
    config: dict[str, str | int | float]
    trained: bool = Field(description="It made a model.")
    promoted: bool = Field(description="That model took the place of the old one.")


class ForgettingOut(Schema):
    """What a model owes, or the evidence that it forgot."""

    id: int
    state: ForgettingState
    model: str
    documents: list[LearnedOut]
    due: datetime | None = Field(description="When it begins; null: by hand, or it has begun.")
    snapshot: SnapshotOut | None = Field(description="What the model learned from.")
    successor: SuccessorOut | None
    problem: str | None = Field(description="Why it did not go on.")
    failures: int = Field(description="How often it did not go on; each time twice as many nights pass.")
    reasons: list[str] = Field(description="Why an owner is to decide.")
    files_deleted: datetime | None = Field(description="When the files of the model were gone.")
    created: datetime


class EvidenceOut(Schema):
    """State of a project."""

    project: str
    when: When
    versions: Versions
    deleted: int = Field(description="Documents that were deleted so far.")
    unsettled: int = Field(description="Of these, whose traces are not erased yet.")
    entries: list[ForgettingOut] = Field(description="The newest first, at most 50.")
