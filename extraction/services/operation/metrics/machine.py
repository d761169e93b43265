"""What runs: version, disk, queues, workers and jobs."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

from django.conf import settings
from django.db.models import Count, DurationField, ExpressionWrapper, F, Sum
from django.utils import timezone
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily, Metric

from extraction.models import Job
from extraction.services import version
from extraction.services.jobs import workers
from extraction.services.operation.metrics.recent import an_hour_ago, newest
from extraction.services.operation.state import facts

ENDED = (Job.State.DONE, Job.State.FAILED, Job.State.CANCELLED)


def process() -> Iterator[Metric]:
    """What needs no database."""
    yield InfoMetricFamily(
        "kdweb", "Version of the installation.", {"version": version.version(), "commit": version.commit()}
    )
    disk = shutil.disk_usage(settings.DATA_DIR)
    yield GaugeMetricFamily("kdweb_disk_free_bytes", "Free bytes on the disk of the data folder.", disk.free)
    yield GaugeMetricFamily("kdweb_disk_bytes", "Bytes of the disk of the data folder.", disk.total)


def queues() -> Iterator[Metric]:
    waiting = GaugeMetricFamily("kdweb_queue_jobs", "Jobs that wait for a worker, by queue.", labels=["queue"])
    age = GaugeMetricFamily(
        "kdweb_queue_oldest_seconds", "Seconds for which the oldest of them has waited; 0: none.", labels=["queue"]
    )
    alive = GaugeMetricFamily("kdweb_worker_alive", "Whether a worker serves the queue.", labels=["queue"])
    now = timezone.now()
    for row in facts.queues():
        waiting.add_metric([row.name], row.waiting)
        age.add_metric([row.name], (now - row.oldest).total_seconds() if row.oldest else 0)
        alive.add_metric([row.name], row.alive)
    yield from (waiting, age, alive)
    yield GaugeMetricFamily("kdweb_scheduler_alive", "Whether a scheduler is at work.", workers.scheduler_alive())


def jobs() -> Iterator[Metric]:
    active = GaugeMetricFamily("kdweb_jobs", "Jobs that wait or run, by kind and state.", labels=["kind", "state"])
    held = Job.objects.filter(state__in=Job.ACTIVE).values_list("kind", "state").annotate(Count("id"))
    for kind, state, count in held.order_by("kind", "state"):
        active.add_metric([kind, state], count)
    ended = GaugeMetricFamily(
        "kdweb_jobs_ended", "Jobs that ended in the last hour, by kind and state.", labels=["kind", "state"]
    )
    seconds = GaugeMetricFamily(
        "kdweb_jobs_ended_seconds", "Seconds for which they ran, together.", labels=["kind", "state"]
    )
    ran = ExpressionWrapper(F("finished") - F("started"), output_field=DurationField())
    rows = newest(Job).filter(state__in=ENDED, finished__gte=an_hour_ago()).values_list("kind", "state")
    for kind, state, count, time in rows.annotate(Count("id"), ran=Sum(ran)).order_by("kind", "state"):
        ended.add_metric([kind, state], count)
        seconds.add_metric([kind, state], time.total_seconds() if time else 0)
    yield from (active, ended, seconds)
