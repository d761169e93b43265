"""Short ways through the outbox: what a worker and the time do."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import F

from extraction.models import Job, Project, Report, WebhookDelivery, WebhookEndpoint
from extraction.services.jobs import execution, queue
from extraction.services.reports.jobs import REPORT
from extraction.services.webhooks.endpoints import Settings
from extraction.services.webhooks.events import registry
from extraction.services.webhooks.jobs import DELIVER
from tests.webhooks.receivers import Receiver


def settings_for(receiver: Receiver, **other: Any) -> Settings:
    """An endpoint at the receiver that asks for all kinds."""
    return Settings(receiver.url, [kind.name for kind in registry.choices()], **other)


def happens(project: Project) -> Report:
    """A report that is cancelled, which is an event."""
    row = Report.objects.create(project=project)
    row.job = queue.enqueue(REPORT, project=project, subject=row.pk)
    row.save()
    queue.cancel(row.job)
    return row


def work() -> int:
    """Execute each job that waits to send webhooks, put off or not, once; how many there were."""
    jobs = Job.objects.filter(kind=DELIVER.name, state=Job.State.QUEUED)
    keys = list(jobs.order_by("pk").values_list("pk", flat=True))
    for key in keys:
        execution.run(key)
    return len(keys)


def later(endpoint: WebhookEndpoint, **time: float) -> None:
    """Let so much time go by, as if every time that was written were so much earlier, but for those of events: they are
    in what is sent."""
    passed = timedelta(**time)
    WebhookEndpoint.objects.filter(pk=endpoint.pk).update(
        **{name: F(name) - passed for name in ("busy_until", "not_before", "last_request", "failing_since", "rotated")}
    )
    WebhookDelivery.objects.filter(endpoint=endpoint).update(
        **{name: F(name) - passed for name in ("since", "not_before", "attempted")}
    )
    endpoint.refresh_from_db()


def states(endpoint: WebhookEndpoint) -> list[str]:
    """Of the events of an endpoint, the oldest first."""
    return [str(state) for state in endpoint.deliveries.order_by("pk").values_list("state", flat=True)]


def jobs() -> list[str]:
    """The states of all delivery jobs, oldest first."""
    return list(Job.objects.filter(kind=DELIVER.name).order_by("pk").values_list("state", flat=True))
