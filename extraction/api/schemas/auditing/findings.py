"""Audit runs, findings, decisions, and the policy."""

from __future__ import annotations

import datetime
from typing import Literal

from ninja import Field, Schema
from pydantic import ConfigDict

from extraction.domain.auditing.finding import Severity
from extraction.models import DecisionKind, DismissalReason, FindingState

AMOUNT = "Exact, in the policy's base currency."


class AuditRunOut(Schema):
    """One comparison of all claims under one version of the policy."""

    id: int
    policy: int = Field(description="Number of the version that it went by.")
    state: Literal["queued", "running", "done", "failed", "cancelled"]
    today: datetime.date = Field(description="The day by which ages were counted.")
    claims: int
    receipts: int
    findings: int
    made: int = Field(description="Findings that no run before it had.")
    doubtful: int = Field(description="Findings that are held against nobody.")
    at_risk: str | None = Field(description=f"What is expected to be lost. {AMOUNT} Null: it is not over.")
    currency: str
    digest: str = Field(description="SHA-256 of its findings; empty: it is not over.")
    created: datetime.datetime
    finished: datetime.datetime | None


class AuditRunsOut(Schema):
    """Audit runs, newest first."""

    results: list[AuditRunOut]
    next: int | None


class PlaceOut(Schema):
    """A marked place, in shares of its page."""

    page: int
    x0: float
    y0: float
    x1: float
    y1: float


class FindingEvidenceOut(Schema):
    """Places on a document."""

    document: int | None
    role: str = Field(description="What stands there, such as `amount`.")
    boxes: list[PlaceOut]


class FindingOut(Schema):
    """What a check found about a claim."""

    id: int
    check: str
    variant: str
    title: str
    why: str = Field(description="One sentence.")
    severity: Severity
    claims: list[int] = Field(description="The claim that it is about, then others that it names.")
    employee: str = Field(description="Pseudonym.")
    document: int | None
    probability: float = Field(description="That it is so.")
    at_risk: str | None = Field(description=f"What is lost where it is so. {AMOUNT} Null: it is not known.")
    expected: str = Field(description=f"Probability times amount at risk. {AMOUNT}")
    currency: str
    doubtful: bool = Field(description="Too improbable to be held against anybody.")
    current: bool = Field(description="The newest run found it.")
    state: FindingState
    reason: DismissalReason | None = Field(description="Why it was dismissed.")
    evidence: list[FindingEvidenceOut]


class FindingsOut(Schema):
    """Findings, the largest expected loss first."""

    results: list[FindingOut]
    next: int | None


class DecisionIn(Schema):
    """A decision about a finding."""

    kind: Literal["confirmed", "dismissed", "asked"]
    reason: DismissalReason | None = Field(None, description="Of one that is dismissed.")
    note: str = Field("", max_length=500)

    model_config = ConfigDict(extra="forbid")


class DecisionOut(Schema):
    """A decision as it was made."""

    kind: DecisionKind
    reason: DismissalReason | None
    note: str
    author: str | None
    created: datetime.datetime


class DecidedOut(Schema):
    """A finding with all decisions about it, the oldest first."""

    finding: FindingOut
    decisions: list[DecisionOut]


class PartOut(Schema):
    """What falls to one check, employee or month."""

    name: str = Field(description="Empty: claims without a date.")
    at_risk: str = Field(description=AMOUNT)
    claims: int


class TotalsOut(Schema):
    """What is expected to be lost, of findings that nobody decided. A claim counts once, with its worst finding."""

    currency: str
    at_risk: str = Field(description=AMOUNT)
    claims: int
    confirmed: str = Field(description=f"What people confirmed. {AMOUNT}")
    by_check: list[PartOut]
    by_employee: list[PartOut]
    by_month: list[PartOut]


class ProposalOut(Schema):
    """A tolerance that would spare findings which people dismiss."""

    tolerance: str
    unit: Literal["money", "share", "days", "count"]
    now: str
    proposed: str
    spared: int
    lost: int = Field(description="Confirmed findings that it would have kept back.")


class CheckPrecisionOut(Schema):
    """How often a check was right so far."""

    check: str
    open: int
    confirmed: int
    dismissed: int
    precision: float = Field(description="Mean of the posterior under a Beta(1, 1) prior.")
    interval: list[float] = Field(description="Holds 90 % of the posterior.")
    reason: DismissalReason | None = Field(description="Why most of them are dismissed.")
    proposal: ProposalOut | None


class PrecisionsOut(Schema):
    """Every check with the decisions about its findings."""

    results: list[CheckPrecisionOut]


class PolicyOut(Schema):
    """The policy in force."""

    version: int = Field(description="0: nobody has changed it.")
    policy: dict[str, object]


class PolicyIn(Schema):
    """The settings of the next version; what is not named has its default."""

    policy: dict[str, object]
    seen: int | None = Field(None, ge=0, strict=True, description="Refused (409) where another version is in force.")

    model_config = ConfigDict(extra="forbid")
