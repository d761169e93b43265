# Made by client/generate.py from the OpenAPI document.
"""What employees typed, where it does not fit the receipts, and what people decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

DecisionKind = Literal["confirmed", "dismissed", "asked", "taken_back"]


DismissalReason = Literal["small", "misread", "allowed", "explained", "wrong_receipt", "other"]
"""Why a finding was dismissed."""


FindingState = Literal["open", "asked", "confirmed", "dismissed"]
"""What the newest decision that counts made of a finding."""


MatchBy = Literal["file", "reference", "values", "person"]
"""What a match rests on."""


Severity = Literal["off", "info", "review", "block"]
"""What a finding of a check asks for, by the policy."""


@dataclass(frozen=True, slots=True)
class AddedClaim:
    """What became of one claim."""

    claim: int
    """The claim's id."""
    created: bool
    """False for one that was there already."""


@dataclass(frozen=True, slots=True)
class AddedClaims:
    """What became of the claims, in their order."""

    results: list[AddedClaim]


@dataclass(frozen=True, slots=True)
class AuditRun:
    """One comparison of all claims under one version of the policy."""

    id: int
    policy: int
    """Number of the version that it went by."""
    state: Literal["queued", "running", "done", "failed", "cancelled"]
    today: str
    """The day by which ages were counted."""
    claims: int
    receipts: int
    findings: int
    made: int
    """Findings that no run before it had."""
    doubtful: int
    """Findings that are held against nobody."""
    at_risk: str | None
    """What is expected to be lost. Exact, in the policy's base currency. Null: it is not over."""
    currency: str
    digest: str
    """SHA-256 of its findings; empty: it is not over."""
    created: datetime
    finished: datetime | None


@dataclass(frozen=True, slots=True)
class CheckPrecision:
    """How often a check was right so far."""

    check: str
    open: int
    confirmed: int
    dismissed: int
    precision: float
    """Mean of the posterior under a Beta(1, 1) prior."""
    interval: list[float]
    """Holds 90 % of the posterior."""
    reason: DismissalReason | None
    """Why most of them are dismissed."""
    proposal: Proposal | None


@dataclass(frozen=True, slots=True)
class ClaimIn:
    """A claim that is to be added."""

    employee: str
    """Name, number or pseudonym; stored as a pseudonym, the same for the same name."""
    amount: str
    """Digits with a point before the decimals, such as `12.50`; negative for a refund."""
    attendees: int | None = None
    """Number of people, the employee included."""
    category: str | None = None
    comment: str | None = None
    currency: str | None = None
    """Its code (ISO 4217); empty: not told."""
    date: str | None = None
    """The day of the expense."""
    file: str | None = None
    """The receipt's file name, path or SHA-256."""
    merchant: str | None = None
    payment: str | None = None
    reference: str | None = None
    """Names the claim within the project."""
    report: str | None = None
    """The expense report that it belongs to."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim, with the pseudonym of its employee."""

    id: int
    reference: str
    employee: str
    """A pseudonym."""
    report: str
    merchant: str
    amount: str
    """Digits with a point before the decimals, such as `12.50`; negative for a refund."""
    currency: str
    """Empty: not told."""
    date: str | None
    category: str
    attendees: int | None
    payment: str
    file: str
    comment: str
    document: int | None
    """The document that is its receipt."""
    matched_by: MatchBy | None
    """What the receipt follows from; `person` also where somebody said that there is none."""
    probability: float | None
    """0 to 1, that it is the right one; null: not told."""
    withdrawn: bool
    """It was taken back, and counts nowhere."""
    created: datetime


@dataclass(frozen=True, slots=True)
class Decided:
    """A finding with all decisions about it, the oldest first."""

    finding: Finding
    decisions: list[Decision]


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision as it was made."""

    kind: DecisionKind
    reason: DismissalReason | None
    note: str
    author: str | None
    created: datetime


@dataclass(frozen=True, slots=True)
class FindingEvidence:
    """Places on a document."""

    document: int | None
    role: str
    """What stands there, such as `amount`."""
    boxes: list[Place]


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found about a claim."""

    id: int
    check: str
    variant: str
    title: str
    why: str
    """One sentence."""
    severity: Severity
    claims: list[int]
    """The claim that it is about, then others that it names."""
    employee: str
    """Pseudonym."""
    document: int | None
    probability: float
    """That it is so."""
    at_risk: str | None
    """What is lost where it is so. Exact, in the policy's base currency. Null: it is not known."""
    expected: str
    """Probability times amount at risk. Exact, in the policy's base currency."""
    currency: str
    doubtful: bool
    """Too improbable to be held against anybody."""
    current: bool
    """The newest run found it."""
    state: FindingState
    reason: DismissalReason | None
    """Why it was dismissed."""
    evidence: list[FindingEvidence]


@dataclass(frozen=True, slots=True)
class Matching:
    """How far matching has come, and what stays over."""

    state: Literal["queued", "running", "done", "failed", "cancelled"] | None
    """Of the newest matching; null: there was none."""
    claims: int
    """Claims without a receipt."""
    documents: int
    """Documents without a claim."""


@dataclass(frozen=True, slots=True)
class Part:
    """What falls to one check, employee or month."""

    name: str
    """Empty: claims without a date."""
    at_risk: str
    """Exact, in the policy's base currency."""
    claims: int


@dataclass(frozen=True, slots=True)
class Place:
    """A marked place, in shares of its page."""

    page: int
    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class Policy:
    """The policy in force."""

    version: int
    """0: nobody has changed it."""
    policy: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Precisions:
    """Every check with the decisions about its findings."""

    results: list[CheckPrecision]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A tolerance that would spare findings which people dismiss."""

    tolerance: str
    unit: Literal["money", "share", "days", "count"]
    now: str
    proposed: str
    spared: int
    lost: int
    """Confirmed findings that it would have kept back."""


@dataclass(frozen=True, slots=True)
class Totals:
    """What is expected to be lost, of findings that nobody decided. A claim counts once, with its worst finding."""

    currency: str
    at_risk: str
    """Exact, in the policy's base currency."""
    claims: int
    confirmed: str
    """What people confirmed. Exact, in the policy's base currency."""
    by_check: list[Part]
    by_employee: list[Part]
    by_month: list[Part]
