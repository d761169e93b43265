"""Claims, and how far matching has come."""

from __future__ import annotations

import datetime
import re
from typing import Annotated

from ninja import Field, Schema
from pydantic import BeforeValidator, ConfigDict

from extraction.api.schemas.training import State
from extraction.domain.auditing import money
from extraction.domain.auditing.matching import MatchBy
from extraction.domain.claims.attributes import LONGEST, Attribute
from extraction.domain.claims.records import MOST_ATTENDEES
from extraction.domain.field_types.readers.amounts import write_decimal
from extraction.models import Claim
from extraction.services.auditing.claims import MOST


def _day(value: object) -> object:
    """Only what is written as a day: numbers, and texts of digits, would be taken for seconds."""
    if value is None or isinstance(value, datetime.date):
        return value
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise ValueError("must be written as 2026-11-30")
    return value


Day = Annotated[datetime.date, BeforeValidator(_day)]
AMOUNT = "Digits with a point before the decimals, such as `12.50`; negative for a refund."


class ClaimIn(Schema):
    """A claim that is to be added."""

    employee: str = Field(
        min_length=1,
        max_length=LONGEST[Attribute.EMPLOYEE],
        description="Name, number or pseudonym; stored as a pseudonym, the same for the same name.",
    )
    amount: str = Field(pattern=r"^-?[0-9]{1,12}(\.[0-9]{1,3})?$", description=AMOUNT)
    currency: str = Field("", max_length=3, description="Its code (ISO 4217); empty: not told.")
    date: Day | None = Field(None, description="The day of the expense.")
    merchant: str = Field("", max_length=LONGEST[Attribute.MERCHANT])
    category: str = Field("", max_length=LONGEST[Attribute.CATEGORY])
    attendees: int | None = Field(
        None, ge=1, le=MOST_ATTENDEES, strict=True, description="Number of people, the employee included."
    )
    payment: str = Field("", max_length=LONGEST[Attribute.PAYMENT])
    report: str = Field("", max_length=LONGEST[Attribute.REPORT], description="The expense report that it belongs to.")
    reference: str = Field(
        "", max_length=LONGEST[Attribute.REFERENCE], description="Names the claim within the project."
    )
    file: str = Field("", max_length=255, description="The receipt's file name, path or SHA-256.")
    comment: str = Field("", max_length=LONGEST[Attribute.COMMENT])

    model_config = ConfigDict(extra="forbid")


class ClaimsIn(Schema):
    """Claims that are to be added, all or none."""

    claims: list[ClaimIn] = Field(min_length=1, max_length=MOST)

    model_config = ConfigDict(extra="forbid")


class AddedClaimOut(Schema):
    """What became of one claim."""

    claim: int = Field(description="The claim's id.")
    created: bool = Field(description="False for one that was there already.")


class AddedClaimsOut(Schema):
    """What became of the claims, in their order."""

    results: list[AddedClaimOut]


class ClaimOut(Schema):
    """A claim, with the pseudonym of its employee."""

    id: int
    reference: str
    employee: str = Field(description="A pseudonym.")
    report: str
    merchant: str
    amount: str = Field(description=AMOUNT)
    currency: str = Field(description="Empty: not told.")
    date: datetime.date | None
    category: str
    attendees: int | None
    payment: str
    file: str
    comment: str
    document: int | None = Field(alias="document_id", description="The document that is its receipt.")
    matched_by: MatchBy | None = Field(
        description="What the receipt follows from; `person` also where somebody said that there is none."
    )
    probability: float | None = Field(description="0 to 1, that it is the right one; null: not told.")
    withdrawn: bool = Field(description="It was taken back, and counts nowhere.")
    created: datetime.datetime

    @staticmethod
    def resolve_amount(row: Claim) -> str:
        return write_decimal(row.amount, money.minor_digits(row.currency))

    @staticmethod
    def resolve_matched_by(row: Claim) -> str | None:
        return row.match or None


class ClaimsOut(Schema):
    results: list[ClaimOut]
    next: int | None = Field(description="The `cursor` of the part after this one; null at the end.")


class ReceiptIn(Schema):
    """Which document is a claim's receipt."""

    document: int | None = Field(description="The document's id; null: the claim has no receipt.")

    model_config = ConfigDict(extra="forbid")


class MatchingOut(Schema):
    """How far matching has come, and what stays over."""

    state: State | None = Field(description="Of the newest matching; null: there was none.")
    claims: int = Field(description="Claims without a receipt.")
    documents: int = Field(description="Documents without a claim.")
