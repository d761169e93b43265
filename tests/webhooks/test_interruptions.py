"""Interruptions: a worker that dies, a lost job, a clock that was set back; each event still arrives."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from extraction.models import Job, Project, WebhookDelivery, WebhookEndpoint
from extraction.services.jobs import execution, queue
from extraction.services.webhooks import delivering, results
from extraction.services.webhooks.jobs import DELIVER
from tests.webhooks.receivers import Receiver, answers
from tests.webhooks.working import happens, jobs, later, states, work

pytestmark = pytest.mark.django_db
State, EndpointState = WebhookDelivery.State, WebhookEndpoint.State


class TestInterruptions:
    def test_a_worker_that_dies_after_the_request_sends_it_once_more(
        self, project: Project, endpoint: WebhookEndpoint, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def die(*arguments: object) -> None:
            raise SystemExit

        happens(project)
        with monkeypatch.context() as dying:
            dying.setattr(results, "write", die)
            with pytest.raises(SystemExit):
                work()
        work()
        first, second = receiver.requests
        assert (first.id, first.body) == (second.id, second.body)
        assert states(endpoint) == ["delivered"]

    def test_the_lease_of_a_dead_worker_ends(
        self, project: Project, endpoint: WebhookEndpoint, receiver: Receiver
    ) -> None:
        happens(project)
        WebhookEndpoint.objects.filter(pk=endpoint.pk).update(busy_until=timezone.now() + delivering.LEASE)
        work()
        assert receiver.requests == []
        assert Job.objects.get(kind=DELIVER.name).is_put_off
        later(endpoint, seconds=delivering.LEASE.total_seconds() + 1)
        work()
        assert states(endpoint) == ["delivered"]

    def test_nothing_waits_for_a_clock_that_was_set_back(
        self, project: Project, endpoint: WebhookEndpoint, receiver: Receiver
    ) -> None:
        happens(project)
        later(endpoint, days=-2)
        tomorrow = timezone.now() + timedelta(days=2)
        WebhookEndpoint.objects.update(busy_until=tomorrow, not_before=tomorrow, last_request=tomorrow)
        work()
        assert states(endpoint) == ["delivered"]

    def test_nor_for_one_that_was_set_back_by_minutes(
        self, project: Project, endpoint: WebhookEndpoint, receiver: Receiver
    ) -> None:
        happens(project)
        work()
        later(endpoint, minutes=-20)
        happens(project)
        job = Job.objects.get(kind=DELIVER.name, state=Job.State.QUEUED)
        assert job.not_before is None or job.not_before < timezone.now() + timedelta(minutes=1)
        WebhookDelivery.objects.filter(state=State.WAITING).update(not_before=timezone.now() + timedelta(minutes=20))
        work()
        assert states(endpoint) == ["delivered", "delivered"]

    def test_of_two_jobs_one_goes_on(self, project: Project, endpoint: WebhookEndpoint, receiver: Receiver) -> None:
        """The second one comes from an event while the first is at work."""
        receiver.script = [answers(500)]
        happens(project)
        queue.enqueue(DELIVER, project=project, subject=endpoint.pk)
        work()
        assert jobs() == ["done", "queued"]
        later(endpoint, seconds=7)
        work()
        assert (states(endpoint), jobs()) == (["delivered"], ["done", "done"])

    def test_a_job_that_failed_is_followed_by_another(
        self, project: Project, endpoint: WebhookEndpoint, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(*arguments: object) -> None:
            raise RuntimeError

        happens(project)
        with monkeypatch.context() as broken:
            broken.setattr(delivering, "_attempt", fail)
            work()
        assert jobs() == ["failed", "queued"]
        work()
        assert states(endpoint) == ["delivered"]

    def test_an_event_whose_job_was_lost_is_found(
        self, project: Project, endpoint: WebhookEndpoint, receiver: Receiver
    ) -> None:
        happens(project)
        Job.objects.filter(kind=DELIVER.name).delete()
        queue.heal()
        work()
        assert states(endpoint) == ["delivered"]

    def test_an_endpoint_deleted_meanwhile_ends_the_job(
        self, project: Project, endpoint: WebhookEndpoint, receiver: Receiver
    ) -> None:
        happens(project)
        job = Job.objects.get(kind=DELIVER.name)
        WebhookEndpoint.objects.all().delete()
        execution.run(job.pk)
        job.refresh_from_db()
        assert job.state == Job.State.DONE
