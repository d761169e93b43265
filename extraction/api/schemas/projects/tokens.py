"""The token that a call comes with."""

from __future__ import annotations

from datetime import datetime

from ninja import Field, Schema
from pydantic import ConfigDict

from extraction.models import Scope
from extraction.services.projects import tokens


class TokenMonthOut(Schema):
    """The present calendar month (UTC)."""

    calls: int
    documents: int = Field(description="Files for extraction, and documents added.")
    quota: int | None = Field(description="Documents at most; null: any number.")
    left: int | None = Field(description="Documents that it may still send; null: any number.")
    resets: datetime = Field(description="When the next month begins.")


class TokenOut(Schema):
    """The token that the call came with; never the secret itself."""

    name: str = Field(description="What the program is called.")
    prefix: str = Field(description="The start of the present secret, to know it by.")
    project: str
    user: str = Field(description="The person on whose behalf the program calls.")
    scopes: list[Scope]
    allowed: list[Scope] = Field(description="Those of its scopes that the person's present role allows.")
    replaced: bool = Field(description="The secret that the call came with has a successor.")
    expires: datetime | None = Field(
        description="When the secret that the call came with opens nothing any more; null: once it is replaced or "
        "revoked."
    )
    overlap_ends: datetime | None = Field(
        description="Until when the secret before the present one counts too; null: it does not."
    )
    created: datetime
    month: TokenMonthOut


class TokenReplacementIn(Schema):
    """How a token is replaced."""

    hours: int = Field(
        tokens.OVERLAP,
        ge=0,
        le=tokens.LONGEST_OVERLAP,
        strict=True,
        description="For so many hours the secret of before counts too; 0: it opens nothing any more at once.",
    )

    model_config = ConfigDict(extra="forbid")


class TokenReplacedOut(TokenOut):
    """The token with its new secret."""

    secret: str = Field(description="What to send from now on, `kd_…`; it is never shown again.")
