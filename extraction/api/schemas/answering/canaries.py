"""A candidate that answers a share of the documents."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from ninja import Field, Schema
from pydantic import ConfigDict

from extraction.domain.canaries.verdicts import Doubt, Rule, Verdict


class CanaryIn(Schema):
    """What is to run; what is left out takes its default."""

    model: str = Field(description="The candidate.", max_length=50)
    share: int = Field(10, ge=1, le=50, strict=True, description="Per cent of the documents, drawn by their content.")
    margin: float = Field(
        Rule().margin, gt=0, le=0.2, description="Mean ANLS (0–1) by which it may be worse at the lower bound."
    )
    documents: int = Field(
        Rule().documents, ge=1, le=1_000_000, strict=True, description="So many are compared before it may be promoted."
    )
    promotes: bool = Field(
        False, strict=True, description="It is promoted by itself where it is surely not worse; else it is an offer."
    )

    model_config = ConfigDict(extra="forbid")


class CanaryOut(Schema):
    """One canary."""

    id: int
    candidate: str
    serving: str = Field(description="The version that served when it was started.")
    share: int
    margin: float
    documents: int
    promotes: bool
    state: Literal["running", "promoted", "rolled_back", "stopped"]
    ending: Literal["not_worse", "worse", "failures", "person", "overtaken", "gone"] | None = Field(
        description="Why it ended."
    )
    failures: int = Field(description="Documents on which the candidate failed; the serving version answered them.")
    started: datetime
    started_by: str | None = Field(description="Null: a command, or the project by itself.")
    ended: datetime | None
    ended_by: str | None


class CanaryFieldOut(Schema):
    """A field over the documents in which the two answer it differently."""

    differing: int = Field(description="How many these are.")
    checked: int = Field(description="How many of them people checked.")
    candidate: float | None = Field(description="Mean ANLS (0–1) of the candidate on the checked ones.")
    serving: float | None = Field(description="The same of the serving version.")
    candidate_confidence: float | None = Field(description="Its mean confidence where they differ.")
    serving_confidence: float | None


class CanaryFiguresOut(Schema):
    """Both versions on the same documents."""

    documents: int = Field(description="Answered by both.")
    differing: int = Field(description="In which the answers differ.")
    checked: int = Field(description="Of those that differ, checked in all that differs.")
    lead: float | None = Field(description="Of the candidate in mean ANLS, estimated from the checked documents.")
    ci95: tuple[float, float] = Field(description="Its interval, which holds at every look at once.")
    expected: float = Field(description="What the confidences of both let expect of the lead; no measurement.")
    candidate_ms: float | None = Field(description="Mean milliseconds that an answer takes.")
    serving_ms: float | None
    fields: dict[str, CanaryFieldOut]


class ToCheckOut(Schema):
    """A document for people to check."""

    document: int
    fields: list[str] = Field(description="In which the two differ and that nobody has checked.")


class CanaryStateOut(Schema):
    """The running canary, else the last one."""

    canary: CanaryOut | None
    verdict: Verdict
    doubts: list[Doubt] = Field(description="What speaks against a promotion by itself.")
    worse_fields: list[str]
    figures: CanaryFiguresOut
    to_check: list[ToCheckOut] = Field(description="In which the two differ, in the order they came; at most 50.")
    unchecked: int = Field(description="How many these are in all.")
    reversible: bool = Field(description="The last one was promoted and can be rolled back.")
