# Made by client/generate.py from the OpenAPI document.
"""Who did what, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

AuditAction = Literal[
    "login",
    "logout",
    "login_failed",
    "account_created",
    "account_changed",
    "password_changed",
    "password_reset",
    "account_joined",
    "totp_activated",
    "totp_removed",
    "recovery_codes_made",
    "recovery_code_used",
    "member_added",
    "member_changed",
    "member_removed",
    "group_created",
    "group_deleted",
    "group_member_added",
    "group_member_removed",
    "token_created",
    "token_replaced",
    "token_limited",
    "token_revoked",
    "project_created",
    "project_changed",
    "project_deleted",
    "fields_changed",
    "consent_given",
    "label_run_started",
    "training_started",
    "model_promoted",
    "model_rolled_back",
    "canary_started",
    "canary_ended",
    "model_deleted",
    "forgetting_started",
    "document_deleted",
    "answers_deleted",
    "labels_loaded",
    "labels_withdrawn",
    "claim_matched",
    "claim_withdrawn",
    "policy_changed",
    "audit_started",
    "finding_decided",
    "documents_accepted",
    "exported",
    "guarantees_changed",
    "escalation_changed",
    "automation_changed",
    "retention_changed",
    "hold_changed",
    "webhook_created",
    "webhook_changed",
    "webhook_secret",
    "webhook_deleted",
    "person_exported",
    "person_deleted",
    "backup_made",
    "restored",
]
"""What was done."""


Door = Literal["page", "api", "command", "job"]
"""The way in by which something was done."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that was done. Names are kept as they were then."""

    id: int
    time: datetime
    action: AuditAction
    door: Door
    """The way in."""
    means: str
    """The token, command or job by which it was done; empty: none."""
    actor_id: int | None
    actor: str
    """Name of the account; of a command, of the login on the machine."""
    kind: str
    """What it was done to, such as `document`; empty: nothing in particular."""
    subject: str
    """Id of that."""
    name: str
    """Name of that; empty for documents."""
    changes: dict[str, Any]
    """Values, those that were changed as `{"from": …, "to": …}`."""
    digest: str
    """SHA-256 of the entry and of the digest of the entry before."""
