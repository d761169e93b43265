"""What a project keeps for how long."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from ninja import Field, Schema
from pydantic import ConfigDict

from extraction.services.privacy.retention import Rule
from extraction.services.privacy.settings import MOST_DAYS

When = Literal["at_once", "nightly", "by_hand"]
Versions = Literal["all", "serving"]
DAYS = "Days; null: for ever."


class PeriodsOut(Schema):
    """As owners chose them."""

    answers: int | None = Field(description="Days for which extractions are kept; null: as the installation says.")
    unreviewed: int | None = Field(description=DAYS)
    rejected: int | None = Field(description=DAYS)
    documents: int | None = Field(description=DAYS)
    when: When = Field(description="When models forget deleted documents.")
    versions: Versions = Field(description="Which of them are trained again.")


class UpcomingOut(Schema):
    """What one period takes."""

    rule: Rule
    days: int | None = Field(description=DAYS)
    number: int = Field(description="So many go in the next night.")
    later: datetime | None = Field(description="When the first of the others goes.")


class RetentionOut(Schema):
    """What is kept for how long, and what goes next."""

    held: bool = Field(description="A legal hold: nothing of the project is deleted.")
    settings: PeriodsOut
    night: datetime = Field(description="When the next deletions begin.")
    next: list[UpcomingOut]
    held_documents: int = Field(description="Documents that are held for themselves.")


class RetentionIn(Schema):
    """What is to be changed; what is left out stays as it is."""

    answers: int | None = Field(None, ge=1, le=MOST_DAYS)
    unreviewed: int | None = Field(None, ge=1, le=MOST_DAYS)
    rejected: int | None = Field(None, ge=1, le=MOST_DAYS)
    documents: int | None = Field(None, ge=1, le=MOST_DAYS)
    when: When = "nightly"
    versions: Versions = "all"
    held: bool = False

    model_config = ConfigDict(extra="forbid", strict=True)


class DocumentHoldIn(Schema):
    """Whether a document is under a legal hold."""

    held: bool

    model_config = ConfigDict(extra="forbid", strict=True)
