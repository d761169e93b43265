"""Old jobs: rows that ended long ago and that no row names any more."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from extraction.models import Job

# Rows of one transaction.
PORTION = 500


def expire() -> int:
    """Delete jobs that ended more than `KD_JOB_DAYS` days ago; how many.

    The job of a training, label run, report, batch or the like stays as long as that: it says how it ended, and is what
    one goes on with.
    """
    count = 0
    while keys := list(_old().values_list("pk", flat=True)[:PORTION]):
        # Looked at once more: one may have been tried again meanwhile.
        deleted, _ = _old().filter(pk__in=keys).delete()
        count += deleted
        if deleted < len(keys):
            break
    return count


def _old() -> QuerySet[Job]:
    ended = (Job.State.DONE, Job.State.FAILED, Job.State.CANCELLED)
    rows = Job.objects.filter(state__in=ended, finished__lt=timezone.now() - timedelta(days=settings.KD_JOB_DAYS))
    return rows.filter(**{str(reference.name): None for reference in Job._meta.related_objects})
