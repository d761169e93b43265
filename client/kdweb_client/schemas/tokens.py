# Made by client/generate.py from the OpenAPI document.
"""What the token of a call may do, what is used of it, and its replacement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Scope = Literal["extract", "read", "upload", "review", "audit", "manage"]
"""Rights of a token; never more than its user has at that moment."""


@dataclass(frozen=True, slots=True)
class TokenMonth:
    """The present calendar month (UTC)."""

    calls: int
    documents: int
    """Files for extraction, and documents added."""
    quota: int | None
    """Documents at most; null: any number."""
    left: int | None
    """Documents that it may still send; null: any number."""
    resets: datetime
    """When the next month begins."""


@dataclass(frozen=True, slots=True)
class Token:
    """The token that the call came with; never the secret itself."""

    name: str
    """What the program is called."""
    prefix: str
    """The start of the present secret, to know it by."""
    project: str
    user: str
    """The person on whose behalf the program calls."""
    scopes: list[Scope]
    allowed: list[Scope]
    """Those of its scopes that the person's present role allows."""
    replaced: bool
    """The secret that the call came with has a successor."""
    expires: datetime | None
    """When the secret that the call came with opens nothing any more; null: once it is replaced or revoked."""
    overlap_ends: datetime | None
    """Until when the secret before the present one counts too; null: it does not."""
    created: datetime
    month: TokenMonth


@dataclass(frozen=True, slots=True)
class TokenReplaced:
    """The token with its new secret."""

    name: str
    """What the program is called."""
    prefix: str
    """The start of the present secret, to know it by."""
    project: str
    user: str
    """The person on whose behalf the program calls."""
    scopes: list[Scope]
    allowed: list[Scope]
    """Those of its scopes that the person's present role allows."""
    replaced: bool
    """The secret that the call came with has a successor."""
    expires: datetime | None
    """When the secret that the call came with opens nothing any more; null: once it is replaced or revoked."""
    overlap_ends: datetime | None
    """Until when the secret before the present one counts too; null: it does not."""
    created: datetime
    month: TokenMonth
    secret: str
    """What to send from now on, `kd_…`; it is never shown again."""
