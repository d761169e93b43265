"""Removal of what is no longer needed: old deliveries, and jobs that were done."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from extraction.models import Job, WebhookDelivery
from extraction.services.webhooks.jobs import DELIVER

DAYS = 30
# Rows that one statement deletes, so that writers wait only for a moment.
PORTION = 1000


def expire() -> int:
    """Delete deliveries of more than thirty days ago, whatever became of them, and jobs that were done a day ago.

    Returns how many deliveries went.
    """
    done = Job.objects.filter(kind=DELIVER.name, state=Job.State.DONE)
    done.filter(finished__lt=timezone.now() - timedelta(days=1)).delete()
    old = WebhookDelivery.objects.filter(created__lt=timezone.now() - timedelta(days=DAYS)).order_by("created")
    count = 0
    while keys := list(old.values_list("pk", flat=True)[:PORTION]):
        count += WebhookDelivery.objects.filter(pk__in=keys).delete()[0]
    return count
