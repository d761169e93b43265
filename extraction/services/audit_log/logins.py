"""Log-ins in the audit log."""

from __future__ import annotations

from typing import Any

from extraction.models import AuditAction, User
from extraction.services.audit_log import log


def on_logged_in(user: User, **kwargs: Any) -> None:
    log.record(AuditAction.LOGGED_IN, user, name=user.username, by=user)


def on_logged_out(user: User | None, **kwargs: Any) -> None:
    if user is not None:
        log.record(AuditAction.LOGGED_OUT, user, name=user.username, by=user)


def failed(name: str) -> None:
    """A log-in that was refused. A name that no account has is left out: it may be a password in the wrong field."""
    user = User.objects.filter(username=name).first()
    log.record(AuditAction.LOGIN_FAILED, user, name=user.username if user else "")
