"""Everything that the operator is told, in one value: the page shows it, the command `status` prints it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from axes.models import AccessAttempt
from django.db.models import Count, Min, QuerySet
from django.utils import timezone

from extraction.domain.errors import gettext_noop
from extraction.domain.json_types import JsonObject
from extraction.models import Job, User
from extraction.services import version
from extraction.services.jobs import kinds, workers
from extraction.services.jobs.kinds import Queue
from extraction.services.jobs.workers import Sign
from extraction.services.operation import health, readiness
from extraction.services.operation.backup import record
from extraction.services.operation.backup.record import LastBackup
from extraction.services.operation.health import Issue
from extraction.services.operation.state import data_size, recent_errors
from extraction.services.operation.state.data_size import DataSize
from extraction.services.operation.state.recent_errors import RecentError

SHOWN = 20
_TITLES = (gettext_noop("Default"), gettext_noop("Training"))


@dataclass(frozen=True, slots=True)
class QueueState:
    """A queue and its worker. `oldest` is when the job that waits longest was made."""

    name: Queue
    waiting: int
    oldest: datetime | None
    alive: bool
    sign: Sign | None

    def to_json(self) -> JsonObject:
        return {
            "waiting": self.waiting,
            "oldest": _iso(self.oldest),
            "worker": {
                "alive": self.alive,
                "seen": _iso(self.sign.at if self.sign else None),
                "memory_bytes": self.sign.memory if self.sign else None,
            },
        }


@dataclass(frozen=True, slots=True)
class FailedLogin:
    """Failures since the last login that worked. A name that no account has may be a mistyped password: it is empty."""

    name: str
    address: str
    failures: int
    last: datetime

    def to_json(self) -> JsonObject:
        return {"name": self.name, "address": self.address, "failures": self.failures, "last": _iso(self.last)}


@dataclass(frozen=True, slots=True)
class Facts:
    """The state of the installation."""

    version: str
    commit: str
    issues: Sequence[Issue]
    free_bytes: int
    data: DataSize
    queues: Sequence[QueueState]
    failed_jobs: Sequence[Job]
    backup: LastBackup | None
    errors: Sequence[RecentError]
    failed_logins: Sequence[FailedLogin]

    def to_json(self) -> JsonObject:
        return {
            "version": self.version,
            "commit": self.commit or None,
            "issues": [{"code": row.code, "severity": row.severity, "sentence": row.sentence} for row in self.issues],
            "free_bytes": self.free_bytes,
            "data": self.data.to_json(),
            "queues": {row.name.value: row.to_json() for row in self.queues},
            "failed_jobs": [_job(row) for row in self.failed_jobs],
            "backup": self.backup.to_json() if self.backup else None,
            "errors": [row.to_json() for row in self.errors],
            "failed_logins": [row.to_json() for row in self.failed_logins],
        }


def facts() -> Facts:
    return Facts(
        version=version.version(),
        commit=version.commit(),
        issues=health.issues(),
        free_bytes=readiness.free_bytes(),
        data=data_size.data_size(),
        queues=queues(),
        failed_jobs=list(failed_jobs()[:SHOWN]),
        backup=record.last(),
        errors=recent_errors.newest()[:SHOWN],
        failed_logins=failed_logins(),
    )


def queues() -> list[QueueState]:
    alive, signs = workers.alive(), workers.last_signs()
    rows = []
    for queue in Queue:
        waiting = Job.objects.filter(kind__in=kinds.names(queue), state=Job.State.QUEUED, not_before=None)
        held = waiting.aggregate(count=Count("id"), oldest=Min("created"))
        rows.append(QueueState(queue, held["count"], held["oldest"], alive[queue], signs[queue]))
    return rows


def failed_jobs() -> QuerySet[Job]:
    """The newest first."""
    return Job.objects.filter(state=Job.State.FAILED).select_related("project").order_by("-id")


def failed_logins() -> list[FailedLogin]:
    """The newest first."""
    rows = list(AccessAttempt.objects.order_by("-attempt_time")[:SHOWN])
    known = set(User.objects.filter(username__in=[row.username for row in rows]).values_list("username", flat=True))
    return [
        FailedLogin(
            name=row.username if row.username in known else "",
            address=row.ip_address or "",
            failures=row.failures_since_start,
            last=row.attempt_time,
        )
        for row in rows
    ]


def _job(job: Job) -> JsonObject:
    return {
        "id": job.pk,
        "kind": job.kind,
        "project": job.project.slug,
        "error": job.error,
        "finished": _iso(job.finished),
    }


def _iso(time: datetime | None) -> str | None:
    return time.astimezone(timezone.get_current_timezone()).isoformat() if time else None
