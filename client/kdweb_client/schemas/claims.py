# Made by client/generate.py from the OpenAPI document.
"""What employees typed, and its receipts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from kdweb_client.schemas.shared import State

MatchBy = Literal["file", "reference", "values", "person"]
"""What a match rests on."""


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
class Matching:
    """How far matching has come, and what stays over."""

    state: State | None
    """Of the newest matching; null: there was none."""
    claims: int
    """Claims without a receipt."""
    documents: int
    """Documents without a claim."""
