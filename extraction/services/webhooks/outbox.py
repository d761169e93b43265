"""The outbox: events that wait for their endpoints, written in the transaction that makes them true, and the one job of
each endpoint that sends them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import islice

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from extraction.models import Job, Project, WebhookDelivery, WebhookEndpoint
from extraction.services.errors import Conflict, NotFound
from extraction.services.jobs import queue
from extraction.services.webhooks import messages
from extraction.services.webhooks.events.base import Notice
from extraction.services.webhooks.events.trial import TRIAL
from extraction.services.webhooks.jobs import DELIVER

State = WebhookDelivery.State
# Events that are written at once.
BATCH = 500
# Events that come within so short a time of the last request wait for each other: 16 a second are one job in a while.
GATHER = timedelta(seconds=1)
# After the job itself failed, which is a fault of this program.
AFTER_FAULT = timedelta(minutes=10)


def record(kind: str, notices: Iterable[Notice]) -> None:
    """Write events of one project for every active endpoint that asked for their kind; in the caller's transaction."""
    left, endpoints = iter(notices), list[WebhookEndpoint]()
    while batch := list(islice(left, BATCH)):
        rows = WebhookEndpoint.objects.filter(project=batch[0].project, state=WebhookEndpoint.State.ACTIVE)
        endpoints = [row for row in rows.select_related("project") if kind in row.kinds]
        if not endpoints:
            return
        pairs = ((endpoint, notice) for notice in batch for endpoint in endpoints)
        WebhookDelivery.objects.bulk_create([_delivery(endpoint, kind, notice) for endpoint, notice in pairs])
    for endpoint in endpoints:
        wake(endpoint)


def send_test(endpoint: WebhookEndpoint) -> WebhookDelivery:
    """Write a test event for one endpoint. Raises `Conflict` where it is not active."""
    _check_active(endpoint)
    notice = TRIAL.notice(endpoint.project)
    with transaction.atomic():
        row = _delivery(endpoint, TRIAL.name, notice)
        row.save(force_insert=True)
        _at_once(endpoint)
    return row


def resend(delivery: WebhookDelivery) -> WebhookDelivery:
    """Send an event again for a day from now, with all that went in the same request and under the same id. Updates
    `delivery`.

    Raises `Conflict` where the endpoint is not active.
    """
    _check_active(delivery.endpoint)
    now = timezone.now()
    rows = WebhookDelivery.objects.filter(endpoint=delivery.endpoint)
    same = rows.filter(message=delivery.message) if delivery.message else rows.filter(pk=delivery.pk)
    with transaction.atomic():
        same.update(state=State.WAITING, since=now, not_before=now, attempts=0)
        _at_once(delivery.endpoint)
    delivery.refresh_from_db()
    return delivery


def find(project: Project, pk: int, *, endpoint: int | None = None) -> WebhookDelivery:
    """A delivery to any endpoint of the project, or to the one of that key. Raises `NotFound`."""
    rows = WebhookDelivery.objects.filter(endpoint__project=project).select_related("endpoint__project")
    row = (rows if endpoint is None else rows.filter(endpoint=endpoint)).filter(pk=pk).first()
    if row is None:
        raise NotFound(messages.NO_DELIVERY)
    return row


def wake(endpoint: WebhookEndpoint) -> None:
    """Have a job send what waits, unless one is queued; in the caller's transaction.

    One that runs already may have looked before this event was there, so it does not count.
    """
    _wake(endpoint, due(endpoint))


def wake_later(endpoint: int) -> None:
    """Have what waits sent after a while, though the job that was to do it failed or was cancelled."""
    row = forsaken().filter(pk=endpoint).first()
    if row is not None:
        _wake(row, timezone.now() + AFTER_FAULT)


def due(endpoint: WebhookEndpoint) -> datetime:
    """When the next request to an endpoint may go out: after a pause for failures, and the time that it asked for."""
    now, gather = timezone.now(), max(timedelta(seconds=endpoint.every_seconds), GATHER)
    # A request of the future was made before the clock was set back.
    last = endpoint.last_request and min(endpoint.last_request, now)
    times = [now, endpoint.not_before, last and last + gather]
    return max(time for time in times if time is not None)


def queued(endpoint: int) -> Job | None:
    """The job of an endpoint that waits, at once or until a time."""
    return Job.objects.filter(kind=DELIVER.name, subject=endpoint, state=Job.State.QUEUED).first()


def forsaken() -> QuerySet[WebhookEndpoint]:
    """Active endpoints for which something waits."""
    waiting = WebhookDelivery.objects.filter(endpoint=OuterRef("pk"), state=State.WAITING)
    return WebhookEndpoint.objects.filter(Exists(waiting), state=WebhookEndpoint.State.ACTIVE)


def _delivery(endpoint: WebhookEndpoint, kind: str, notice: Notice) -> WebhookDelivery:
    row = WebhookDelivery(endpoint=endpoint, kind=kind)
    row.data = notice.data
    return row


def _check_active(endpoint: WebhookEndpoint) -> None:
    if not endpoint.active:
        raise Conflict(messages.NOT_ACTIVE)


def _at_once(endpoint: WebhookEndpoint) -> None:
    """Send what waits now: a person asked for it, so a pause for failures is over."""
    WebhookEndpoint.objects.filter(pk=endpoint.pk).update(not_before=None)
    _wake(endpoint, timezone.now())


def _wake(endpoint: WebhookEndpoint, at: datetime) -> None:
    if (job := queued(endpoint.pk)) is not None:
        queue.hasten(job, at)
    else:
        later = at if at > timezone.now() else None
        queue.enqueue(DELIVER, project=endpoint.project, subject=endpoint.pk, not_before=later)
