"""What an attempt changes: the state of its events, and that of their endpoint."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from extraction.domain.webhooks import retries
from extraction.domain.webhooks.answers import Answer, DeliveryOutcome
from extraction.models import WebhookDelivery, WebhookEndpoint

logger = logging.getLogger(__name__)

State = WebhookDelivery.State
# Failures in a row, whatever the event, from which on the endpoint as a whole pauses, for longer and longer.
MOST_FAILURES = 5
LONGEST_PAUSE = 3600.0
# After this long without a delivery an endpoint that fails is given up.
PATIENCE = timedelta(days=3)


def write(endpoint: WebhookEndpoint, deliveries: Sequence[WebhookDelivery], answer: Answer) -> None:
    """Write what came of a request. What was sent again or deleted meanwhile stays as it is."""
    now = timezone.now()
    with transaction.atomic():
        # The row first, as `endpoints.change` does.
        row = WebhookEndpoint.objects.select_for_update().filter(pk=endpoint.pk).first()
        if row is None:
            return
        rows = WebhookDelivery.objects.filter(pk__in=[each.pk for each in deliveries], state=State.WAITING)
        rows.update(
            attempts=F("attempts") + 1,
            attempted=now,
            outcome=answer.outcome,
            status=answer.status,
            milliseconds=answer.milliseconds,
            answer=answer.text,
        )
        row.last_request = now
        if answer.outcome == DeliveryOutcome.DELIVERED:
            rows.update(state=State.DELIVERED)
            row.failures, row.failing_since, row.not_before = 0, None, None
        else:
            _put_back(deliveries, now)
            _slow_down(row, answer, now)
        row.save(update_fields=["last_request", "failures", "failing_since", "not_before", "state"])


def _put_back(deliveries: Sequence[WebhookDelivery], now: datetime) -> None:
    """Try the events of a request again later; those whose day is over are given up."""
    rows = WebhookDelivery.objects.filter(pk__in=[each.pk for each in deliveries], state=State.WAITING)
    rows.update(not_before=now + retries.wait(deliveries[0].attempts + 1))
    rows.filter(not_before__gt=F("since") + retries.LIFETIME).update(state=State.EXHAUSTED)


def _slow_down(row: WebhookEndpoint, answer: Answer, now: datetime) -> None:
    """Pause or give up an endpoint that fails. One that does not answer holds the worker up, so it pauses at once."""
    row.failures += 1
    row.failing_since = row.failing_since or now
    if answer.outcome == DeliveryOutcome.GONE:
        row.state = WebhookEndpoint.State.GONE
    elif row.failing_since <= now - PATIENCE:
        row.state = WebhookEndpoint.State.FAILING
    elif not answer.outcome.answered or row.failures >= MOST_FAILURES:
        row.not_before = now + retries.wait(max(1, row.failures - MOST_FAILURES + 1), longest=LONGEST_PAUSE)
    if not row.active:
        logger.warning("Webhook endpoint %s is not sent to any more: %s", row.pk, row.state)
    # What nobody could be told for a day is given up, though it was the turn of others to be tried.
    old = row.deliveries.filter(state=State.WAITING, since__lt=now - retries.LIFETIME)
    old.update(state=State.EXHAUSTED)
