"""The audit log."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ninja import Field, Schema

from extraction.models import AuditAction, AuditEntry, Door


class EntryOut(Schema):
    """Something that was done. Names are kept as they were then."""

    id: int
    time: datetime
    action: AuditAction
    door: Door = Field(description="The way in.")
    means: str = Field(description="The token, command or job by which it was done; empty: none.")
    actor_id: int | None
    actor: str = Field(description="Name of the account; of a command, of the login on the machine.")
    kind: str = Field(description="What it was done to, such as `document`; empty: nothing in particular.")
    subject: str = Field(description="Id of that.")
    name: str = Field(description="Name of that; empty for documents.")
    changes: dict[str, Any] = Field(description='Values, those that were changed as `{"from": …, "to": …}`.')
    digest: str = Field(description="SHA-256 of the entry and of the digest of the entry before.")

    @staticmethod
    def resolve_time(row: AuditEntry) -> datetime:
        return row.moment

    @staticmethod
    def resolve_actor_id(row: AuditEntry) -> int | None:
        return row.actor_number


class EntriesOut(Schema):
    results: list[EntryOut]
    next: int | None = Field(description="The `cursor` of the part after this one; null at the end.")
