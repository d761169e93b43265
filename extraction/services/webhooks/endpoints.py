"""Endpoints of a project: made, changed and deleted by its owners."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import asdict, dataclass
from typing import Self
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from extraction.domain.json_types import JsonObject
from extraction.models import AuditAction, Project, User, WebhookDelivery, WebhookEndpoint
from extraction.services.audit_log import log as audit_log
from extraction.services.errors import Conflict, Invalid, NotFound
from extraction.services.jobs import queue
from extraction.services.webhooks import messages, outbox, secrets
from extraction.services.webhooks.events import registry
from extraction.services.webhooks.jobs import DELIVER

State = WebhookEndpoint.State
MOST_ENDPOINTS, LONGEST_URL, LONGEST_PAUSE = 20, 500, 3600


@dataclass(frozen=True, slots=True)
class Settings:
    """What an owner chooses; the fields are columns of `WebhookEndpoint`, which says what they mean.

    `active`: whether events are recorded and sent.
    """

    url: str
    kinds: Sequence[str]
    every_seconds: int = 0
    active: bool = True

    @classmethod
    def of(cls, row: WebhookEndpoint) -> Self:
        return cls(row.url, tuple(row.kinds), row.every_seconds, row.active)


def of_project(project: Project) -> QuerySet[WebhookEndpoint]:
    """The newest first, each with the number of events that wait for it (`waiting`)."""
    waiting = Count("deliveries", filter=Q(deliveries__state=WebhookDelivery.State.WAITING))
    return project.webhook_endpoints.select_related("project").annotate(waiting=waiting)


def given_up(project: Project) -> int:
    """How many of its endpoints nothing is sent to any more, though no owner switched them off."""
    return project.webhook_endpoints.filter(state__in=(State.GONE, State.FAILING)).count()


def find(project: Project, pk: int) -> WebhookEndpoint:
    """Raises `NotFound`."""
    row = of_project(project).filter(pk=pk).first()
    if row is None:
        raise NotFound(messages.NO_ENDPOINT)
    return row


def create(project: Project, wanted: Settings, *, actor: User | None = None) -> tuple[WebhookEndpoint, str]:
    """The row and its secret, which is shown this one time. Raises `Invalid`, and `Conflict` for one too many."""
    columns = _columns(wanted)
    with transaction.atomic():
        Project.objects.select_for_update(no_key=True).get(pk=project.pk)
        if project.webhook_endpoints.count() >= MOST_ENDPOINTS:
            raise Conflict(messages.TOO_MANY, most=MOST_ENDPOINTS)
        state = State.ACTIVE if wanted.active else State.OFF
        row = WebhookEndpoint.objects.create(
            project=project, state=state, nonce=secrets.new_nonce(), author=actor, **columns
        )
        _record(AuditAction.WEBHOOK_CREATED, row, _told(Settings.of(row)))
    return row, secrets.shown(row)


def change(row: WebhookEndpoint, wanted: Settings) -> WebhookEndpoint:
    """Store settings. Switched on again, it is sent for a day what still waits; updates `row`. Raises `Invalid`."""
    columns = _columns(wanted)
    with transaction.atomic():
        locked = WebhookEndpoint.objects.select_for_update().filter(pk=row.pk).first()
        if locked is None:
            raise NotFound(messages.NO_ENDPOINT)
        if wanted.active and not locked.active:
            now = timezone.now()
            columns |= {"state": State.ACTIVE, "failures": 0, "failing_since": None, "not_before": None}
            locked.deliveries.filter(state=WebhookDelivery.State.WAITING).update(since=now, not_before=now, attempts=0)
        elif not wanted.active:
            columns |= {"state": State.OFF} if locked.active else {}
        WebhookEndpoint.objects.filter(pk=row.pk).update(**columns)
        row.refresh_from_db()
        if outbox.forsaken().filter(pk=row.pk).exists():
            outbox.wake(row)
        before, after = Settings.of(locked), Settings.of(row)
        if before != after:
            _record(AuditAction.WEBHOOK_CHANGED, row, audit_log.changed(_told(before), _told(after)))
    return row


def rotate(row: WebhookEndpoint, *, at_once: bool = False) -> str:
    """A new secret, which is shown this one time. Updates `row`.

    The one before goes on to sign for 24 hours; `at_once` it does not, since others know it. Raises `Conflict`.
    """
    nonce_before = "" if at_once else row.nonce
    fresh = {"nonce": secrets.new_nonce(), "nonce_before": nonce_before, "rotated": timezone.now()}
    with transaction.atomic():
        if not WebhookEndpoint.objects.filter(pk=row.pk, nonce=row.nonce).update(**fresh):
            raise Conflict(messages.ROTATED_MEANWHILE)
        row.refresh_from_db()
        _record(AuditAction.WEBHOOK_SECRET, row, {"at_once": at_once})
    return secrets.shown(row)


def delete(row: WebhookEndpoint) -> None:
    """Delete an endpoint with its log, and end its job."""
    pk, gone = row.pk, copy(row)
    with transaction.atomic():
        row.delete()
        _record(AuditAction.WEBHOOK_DELETED, gone)
    for job in queue.active(DELIVER, pk):
        queue.cancel(job)


def _told(settings: Settings) -> JsonObject:
    """Settings for the audit log: of the address the host alone, since the rest may hold a key."""
    whole = {**asdict(settings), "kinds": list(settings.kinds), "url": urlsplit(settings.url).hostname}
    return {"host" if key == "url" else key: value for key, value in whole.items()}


def _record(action: AuditAction, row: WebhookEndpoint, changes: Mapping[str, object] | None = None) -> None:
    name = urlsplit(row.url).hostname or ""
    audit_log.record(action, row, project=row.project, name=name, changes=changes)


def _columns(wanted: Settings) -> dict[str, object]:
    """The checked settings as columns."""
    _check_url(wanted.url)
    known = [kind.name for kind in registry.choices()]
    for kind in wanted.kinds:
        if kind not in known:
            raise Invalid(messages.UNKNOWN_KIND, kind=kind, known=", ".join(known))
    if not wanted.kinds:
        raise Invalid(messages.NO_KINDS, known=", ".join(known))
    if not 0 <= wanted.every_seconds <= LONGEST_PAUSE:
        raise Invalid(messages.BAD_PAUSE, most=LONGEST_PAUSE, seconds=wanted.every_seconds)
    kinds = [kind for kind in known if kind in wanted.kinds]
    return {"url": wanted.url, "kinds": kinds, "every_seconds": wanted.every_seconds}


def _check_url(url: str) -> None:
    if len(url) > LONGEST_URL or not url.isascii() or not url.isprintable() or any(map(str.isspace, url)):
        raise Invalid(messages.NOT_AN_ADDRESS, most=LONGEST_URL)
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or "\\" in url or parts.fragment:
        raise Invalid(messages.NOT_AN_ADDRESS, most=LONGEST_URL)
    if "@" in parts.netloc:
        raise Invalid(messages.WITH_PASSWORD)
    if parts.scheme != "https" and not settings.KD_WEBHOOK_PRIVATE:
        raise Invalid(messages.NOT_ENCRYPTED)
