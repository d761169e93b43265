"""Delivery: one job sends what waits for an endpoint, request by request.

A request is sent before its result is written, so that a process which dies in between sends it once more, under the
same id: each event is delivered at least once. A lease in the endpoint's row keeps a second worker away meanwhile.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from django.conf import settings
from django.db.models import Min, Q, QuerySet
from django.utils import timezone

from extraction.domain.progress import Progress, PutOff, check
from extraction.domain.webhooks import payloads, retries, signatures
from extraction.domain.webhooks.answers import Answer
from extraction.engines.webhooks import sending
from extraction.engines.webhooks.sending import Limits
from extraction.models import WebhookDelivery, WebhookEndpoint
from extraction.services.jobs import queue
from extraction.services.webhooks import messages, outbox, results, secrets

State = WebhookDelivery.State
# Events of one request, at most.
MOST_EVENTS = 1000
# Seconds after which a job makes room for others: the default worker does one at a time.
SLICE = 5.0
# How long nobody else sends to the endpoint; longer than an attempt may take, name server included.
LEASE = timedelta(seconds=60)
# After which a job whose endpoint is another worker's looks again.
OCCUPIED = timedelta(seconds=5)
# Seconds for which a job is put off at most; it looks again then.
LONGEST_WAIT = 3000.0


@dataclass(frozen=True, slots=True)
class Request:
    """Events that go together under the id `message`."""

    message: str
    deliveries: tuple[WebhookDelivery, ...]
    batched: bool

    def body(self) -> bytes:
        return payloads.body([each.event for each in self.deliveries], batched=self.batched)


def run(endpoint_id: int, progress: Progress) -> None:
    """Send what is due for an endpoint; the work of a DELIVER job.

    Raises `PutOff` while something waits: for its next attempt, or for its turn.
    """
    lease = _Lease(endpoint_id)
    if not lease.take():
        if WebhookEndpoint.objects.filter(pk=endpoint_id).exists():
            _go_on(endpoint_id, timezone.now() + OCCUPIED)
        return
    try:
        _correct_future(endpoint_id)
        _drain(endpoint_id, lease, progress)
    finally:
        lease.release()
    if (at := _next(endpoint_id)) is not None:
        _go_on(endpoint_id, at)


def _correct_future(endpoint_id: int) -> None:
    """Times farther away than any wait, and of what was never tried, count as now: the clock was set back, and nothing
    waits until then."""
    now = timezone.now()
    farthest = now + timedelta(seconds=retries.LONGEST * (1 + retries.JITTER))
    rows = WebhookEndpoint.objects.filter(pk=endpoint_id)
    rows.filter(not_before__gt=farthest).update(not_before=now)
    rows.filter(last_request__gt=now).update(last_request=now)
    waiting = WebhookDelivery.objects.filter(endpoint=endpoint_id, state=State.WAITING)
    waiting.filter(Q(not_before__gt=farthest) | Q(attempts=0, not_before__gt=now)).update(not_before=now)


def _go_on(endpoint_id: int, at: datetime) -> None:
    """Have the rest sent from that time on: by the job that waits already, if one does, else by this one (`PutOff`)."""
    if (queued := outbox.queued(endpoint_id)) is not None:
        queue.hasten(queued, at)
        return
    seconds = (at - timezone.now()).total_seconds()
    raise PutOff(min(max(0.0, seconds), LONGEST_WAIT), messages.WAITS_FOR_RECEIVER)


def _drain(endpoint_id: int, lease: _Lease, progress: Progress) -> None:
    until = time.monotonic() + SLICE
    while time.monotonic() < until and lease.take():
        check(progress)
        endpoint = WebhookEndpoint.objects.filter(pk=endpoint_id, state=WebhookEndpoint.State.ACTIVE).first()
        request = _request(endpoint) if endpoint is not None else None
        if endpoint is None or request is None:
            return
        results.write(endpoint, request.deliveries, _attempt(endpoint, request))


def _attempt(endpoint: WebhookEndpoint, request: Request) -> Answer:
    body = request.body()
    signed = signatures.headers(secrets.keys(endpoint), request.message, int(time.time()), body)
    headers = {"Content-Type": "application/json", "User-Agent": "kdweb", **signed}
    return sending.send(endpoint.url, body, headers, Limits(private=settings.KD_WEBHOOK_PRIVATE))


def _request(endpoint: WebhookEndpoint) -> Request | None:
    """What is to be sent now; None where nothing is due."""
    waiting, now = _waiting(endpoint), timezone.now()
    due = waiting.filter(not_before__lte=now)
    if _earliest(endpoint, now) > now or (first := due.first()) is None:
        return None
    if first.message:
        return Request(first.message, tuple(waiting.filter(message=first.message)), first.batched)
    batched = endpoint.every_seconds > 0
    chosen = list(due.filter(message="")[:MOST_EVENTS]) if batched else [first]
    message = f"msg_{uuid4().hex}"
    # Written before it is sent: whoever sends these events again does so under the same id.
    WebhookDelivery.objects.filter(pk__in=[each.pk for each in chosen]).update(message=message, batched=batched)
    return Request(message, tuple(chosen), batched)


def _next(endpoint_id: int) -> datetime | None:
    """When something is to be sent next; None where nothing waits."""
    endpoint = outbox.forsaken().filter(pk=endpoint_id).first()
    if endpoint is None:
        return None
    at: datetime | None = _waiting(endpoint).aggregate(at=Min("not_before"))["at"]
    return at and max(at, _earliest(endpoint, timezone.now()))


def _earliest(endpoint: WebhookEndpoint, now: datetime) -> datetime:
    """When the next request may go out: after a pause for failures, and after one that the endpoint asked for.

    The latter does not hold while so much waits that the request is full.
    """
    times = [now, endpoint.not_before or now]
    if endpoint.every_seconds and endpoint.last_request is not None:
        full = _waiting(endpoint).filter(message="")[:MOST_EVENTS].count() == MOST_EVENTS
        times.append(now if full else endpoint.last_request + timedelta(seconds=endpoint.every_seconds))
    return max(times)


def _waiting(endpoint: WebhookEndpoint) -> QuerySet[WebhookDelivery]:
    return endpoint.deliveries.filter(state=State.WAITING).order_by("pk")


class _Lease:
    """The right of one process to send to an endpoint, until a time in its row. One that died loses it by then."""

    def __init__(self, endpoint_id: int) -> None:
        self._rows = WebhookEndpoint.objects.filter(pk=endpoint_id)
        self._until: datetime | None = None

    def take(self) -> bool:
        """Take it or make it longer; false where another process has it."""
        now = timezone.now()
        # A time that is too far away was written before the clock was set back.
        free = Q(busy_until=None) | Q(busy_until__lt=now) | Q(busy_until__gt=now + LEASE)
        mine = free if self._until is None else Q(busy_until=self._until)
        taken = self._rows.filter(mine).update(busy_until=now + LEASE)
        self._until = now + LEASE if taken else None
        return bool(taken)

    def release(self) -> None:
        if self._until is not None:
            self._rows.filter(busy_until=self._until).update(busy_until=None)
