"""Writing the audit log: one entry for what was done, in the transaction that does it.

From the first entry of a transaction to its end no other transaction adds one, so it is written last; where several
services are called in one transaction, `together` has their entries written at its end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection, models, transaction

from extraction.models import AuditAction, AuditEntry, Project, User
from extraction.models.audit_log.entries import GENESIS
from extraction.services.audit_log import actors

# Of the advisory lock of PostgreSQL under which entries are added; SQLite has one writer anyway.
LOCK = 0x6B64_6175_6469_74
_waiting: ContextVar[list[AuditEntry] | None] = ContextVar("waiting", default=None)


def record(
    action: AuditAction,
    subject: models.Model | None = None,
    *,
    project: Project | None = None,
    name: str = "",
    by: User | None = None,
    changes: Mapping[str, object] | None = None,
) -> None:
    """Add an entry. Call it last in the transaction of what it is about, while `subject` has its primary key.

    `name` is that of the subject, and nothing that a document says or is called. `by`: who did it, where that is not
    who acts (`actors`). `changes`: JSON; see `changed`.
    """
    actor = actors.current()
    user = by or actor.find()
    entry = AuditEntry(
        action=action,
        door=actor.door,
        means=actor.means[:200],
        actor_number=user.pk if user else None,
        actor=user.get_username() if user else actor.name[:150],
        project_number=project.pk if project else None,
        project=project.slug if project else "",
        kind=(subject._meta.model_name or "") if subject else "",
        subject=str(subject.pk) if subject else "",
        name=name[:200],
    )
    entry.changes = dict(changes or {})
    waiting = _waiting.get()
    if waiting is None:
        _append([entry])
    else:
        waiting.append(entry)


@contextmanager
def together() -> Iterator[None]:
    """A transaction of several services, whose entries are written at its end."""
    if _waiting.get() is not None:
        yield
        return
    entries: list[AuditEntry] = []
    with transaction.atomic():
        token = _waiting.set(entries)
        try:
            yield
        finally:
            _waiting.reset(token)
        _append(entries)


def changed(before: Mapping[str, object], after: Mapping[str, object]) -> dict[str, object]:
    """What differs, each with its value before and after: `{"role": {"from": "viewer", "to": "owner"}}`."""
    keys = [*before, *(key for key in after if key not in before)]
    return {key: {"from": before.get(key), "to": after.get(key)} for key in keys if before.get(key) != after.get(key)}


def _append(entries: list[AuditEntry]) -> None:
    if not entries:
        return
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        last = AuditEntry.objects.order_by("-pk").values_list("digest", flat=True).first() or GENESIS
        for entry in entries:
            entry.previous = last
            entry.digest = last = entry.computed_digest()
            entry.save()
