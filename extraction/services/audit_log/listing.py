"""Reading the audit log."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from extraction.models import AuditEntry, Project

# Rows that are held at once, and the media type of the lines.
CHUNK, MEDIA_TYPE = 2000, "application/jsonl"
HEADER = (
    "id",
    "time",
    "action",
    "door",
    "means",
    "actor_id",
    "actor",
    "project_id",
    "project",
    "kind",
    "subject",
    "name",
    "changes",
    "previous",
    "digest",
)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which entries; empty: any. `since` and `until` are days by UTC, both included."""

    action: str = ""
    actor: str = ""
    door: str = ""
    since: date | None = None
    until: date | None = None


def entries(project: Project | None, condition: Filter = Filter()) -> QuerySet[AuditEntry]:
    """The newest first: of a project, or of the whole installation."""
    rows = AuditEntry.objects.all() if project is None else AuditEntry.objects.filter(project_number=project.pk)
    equal = {"action": condition.action, "actor": condition.actor, "door": condition.door}
    rows = rows.filter(**{column: value for column, value in equal.items() if value})
    if condition.since is not None:
        rows = rows.filter(moment__gte=_start(condition.since))
    if condition.until is not None and condition.until < date.max:
        rows = rows.filter(moment__lt=_start(condition.until + timedelta(days=1)))
    return rows.order_by("-pk")


def _start(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=timezone.get_default_timezone())


def csv_lines(rows: QuerySet[AuditEntry]) -> Iterator[tuple[object, ...]]:
    """Each entry in the order of `HEADER`."""
    for entry in rows.iterator(chunk_size=CHUNK):
        values = {**entry.to_json(), "changes": json.dumps(entry.changes, ensure_ascii=False)}
        yield tuple(values[column] for column in HEADER)


def json_lines(rows: QuerySet[AuditEntry]) -> Iterator[str]:
    """Each entry as a JSON object on a line of its own."""
    for entry in rows.iterator(chunk_size=CHUNK):
        yield json.dumps(entry.to_json(), ensure_ascii=False) + "\n"
