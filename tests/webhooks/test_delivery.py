"""Delivery: each event once or more, signed, later again where it failed, and given up after a day."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from pytest_django.fixtures import Settings

from extraction.domain.webhooks.answers import DeliveryOutcome
from extraction.models import Job, Project, WebhookDelivery, WebhookEndpoint
from extraction.services.errors import Conflict
from extraction.services.webhooks import delivering, endpoints, outbox, results, retention
from extraction.services.webhooks.jobs import DELIVER
from tests.support import builders
from tests.webhooks.receivers import Hurry, Receiver, answers, hangs
from tests.webhooks.working import happens, jobs, later, settings_for, states, work

pytestmark = pytest.mark.django_db
State, EndpointState = WebhookDelivery.State, WebhookEndpoint.State


def deliveries(endpoint: WebhookEndpoint) -> list[WebhookDelivery]:
    return list(endpoint.deliveries.order_by("pk"))


class TestDelivered:
    def test_an_event_is_sent_signed_and_logged(self, project: Project, receiver: Receiver) -> None:
        row, secret = endpoints.create(project, settings_for(receiver))
        receiver.usual = answers(200, b"thank you")
        report = happens(project)
        work()
        [request], [delivery] = receiver.requests, deliveries(row)
        assert request.payload["type"] == "report.ended"
        assert request.payload["timestamp"] == delivery.created.isoformat()
        assert request.payload["data"] == {
            "project": "receipts",
            "report": report.pk,
            "state": "cancelled",
            "url": f"/api/v1/projects/receipts/reports/{report.pk}",
        }
        assert request.signed_by(secret)
        assert (request.id, delivery.attempts, delivery.status) == (delivery.message, 1, 200)
        assert (delivery.state, delivery.outcome, delivery.answer) == (
            State.DELIVERED,
            DeliveryOutcome.DELIVERED,
            "thank you",
        )
        assert jobs() == ["done"]

    def test_one_job_sends_what_waits_in_order(
        self, project: Project, endpoint: WebhookEndpoint, receiver: Receiver
    ) -> None:
        reports = [happens(project).pk for _ in range(50)]
        assert jobs() == ["queued"]
        work()
        assert [event["data"]["report"] for event in receiver.events()] == reports
        assert len({request.id for request in receiver.requests}) == 50

    def test_events_in_a_row_gather_for_the_next_job(
        self, project: Project, endpoint: WebhookEndpoint, receiver: Receiver
    ) -> None:
        happens(project)
        work()
        for _ in range(16):
            happens(project)
        assert jobs() == ["done", "queued"]
        assert Job.objects.get(kind=DELIVER.name, state="queued").is_put_off
        work()
        assert states(endpoint) == ["delivered"] * 17

    def test_what_is_rolled_back_is_not_sent(
        self, project: Project, endpoint: WebhookEndpoint, receiver: Receiver
    ) -> None:
        with transaction.atomic():
            happens(project)
            transaction.set_rollback(True)
        assert (work(), deliveries(endpoint), receiver.requests) == (0, [], [])

    def test_only_kinds_that_were_asked_for_and_of_this_project(
        self, project: Project, endpoint: WebhookEndpoint, receiver: Receiver
    ) -> None:
        endpoints.change(endpoint, endpoints.Settings(receiver.url, ["model.promoted"]))
        happens(project)
        happens(builders.project("other"))
        assert deliveries(endpoint) == []

    def test_both_secrets_sign_for_a_day(self, project: Project, receiver: Receiver) -> None:
        row, old = endpoints.create(project, settings_for(receiver))
        new = endpoints.rotate(row)
        for _ in range(2):
            happens(project)
            work()
            later(row, hours=23)
        later(row, hours=2)
        happens(project)
        work()
        first, second, third = receiver.requests
        assert old != new
        assert all(request.signed_by(new) for request in receiver.requests)
        assert (first.signed_by(old), second.signed_by(old), third.signed_by(old)) == (True, True, False)

    def test_a_secret_that_was_lost_signs_no_more(self, project: Project, receiver: Receiver) -> None:
        row, old = endpoints.create(project, settings_for(receiver))
        endpoints.rotate(row, at_once=True)
        happens(project)
        work()
        [request] = receiver.requests
        assert not request.signed_by(old)


class TestLists:
    @pytest.fixture
    def endpoint(self, project: Project, receiver: Receiver) -> WebhookEndpoint:
        row, _ = endpoints.create(project, settings_for(receiver, every_seconds=60))
        return row

    def test_one_request_in_so_many_seconds_holds_all_events(
        self, project: Project, endpoint: WebhookEndpoint, receiver: Receiver
    ) -> None:
        happens(project)
        work()
        for _ in range(5):
            happens(project)
        work()
        assert [len(request.payload["data"]) for request in receiver.requests] == [1]
        later(endpoint, seconds=61)
        work()
        assert [len(request.payload["data"]) for request in receiver.requests] == [1, 5]
        assert {request.payload["type"] for request in receiver.requests} == {"events"}
        assert states(endpoint) == ["delivered"] * 6

    def test_a_list_is_tried_again_as_it_was(
        self, project: Project, endpoint: WebhookEndpoint, receiver: Receiver
    ) -> None:
        receiver.script = [answers(500)]
        happens(project)
        happens(project)
        work()
        happens(project)
        later(endpoint, seconds=61)
        work()
        later(endpoint, seconds=61)
        work()
        first, second, third = receiver.requests
        assert (first.id, first.body) == (second.id, second.body)
        assert len(third.payload["data"]) == 1

    def test_full_lists_do_not_wait(
        self, project: Project, endpoint: WebhookEndpoint, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(delivering, "MOST_EVENTS", 2)
        for _ in range(5):
            happens(project)
        work()
        assert [len(request.payload["data"]) for request in receiver.requests] == [2, 2]


class TestTriedAgain:
    def test_under_the_same_id_with_waits_that_grow(
        self, project: Project, endpoint: WebhookEndpoint, receiver: Receiver
    ) -> None:
        receiver.script = [answers(503, b"later"), answers(302, Location="http://127.0.0.1/")]
        happens(project)
        began = timezone.now()
        work()
        [delivery] = deliveries(endpoint)
        assert (delivery.state, delivery.outcome, delivery.status) == (State.WAITING, DeliveryOutcome.REJECTED, 503)
        assert delivery.answer == "later"
        assert (delivery.not_before - began).total_seconds() > 5
        assert (delivery.not_before - timezone.now()).total_seconds() < 6.5
        work()
        assert len(receiver.requests) == 1
        later(endpoint, seconds=7)
        began = timezone.now()
        work()
        [delivery] = deliveries(endpoint)
        assert delivery.outcome == DeliveryOutcome.REDIRECTED
        assert (delivery.not_before - began).total_seconds() > 15
        assert (delivery.not_before - timezone.now()).total_seconds() < 20
        later(endpoint, seconds=20)
        work()
        assert states(endpoint) == ["delivered"]
        assert len({request.id for request in receiver.requests}) == 1
        assert len({request.body for request in receiver.requests}) == 1

    def test_what_failed_holds_up_nothing_else(
        self, project: Project, endpoint: WebhookEndpoint, receiver: Receiver
    ) -> None:
        receiver.script = [answers(500)]
        happens(project)
        happens(project)
        work()
        assert states(endpoint) == ["waiting", "delivered"]
        happens(project)
        job = Job.objects.get(kind=DELIVER.name, state="queued")
        assert job.not_before is not None
        assert job.not_before < timezone.now() + timedelta(seconds=2)

    @pytest.mark.parametrize("failures", [1, results.MOST_FAILURES])
    def test_who_does_not_answer_or_always_fails_is_left_alone_for_a_while(
        self, project: Project, endpoint: WebhookEndpoint, receiver: Receiver, hurry: Hurry, failures: int
    ) -> None:
        if failures == 1:
            hurry(0.5)
        receiver.usual = hangs(receiver) if failures == 1 else answers(500)
        for _ in range(failures + 3):
            happens(project)
        work()
        assert len(receiver.requests) == failures
        endpoint.refresh_from_db()
        assert endpoint.not_before is not None
        assert endpoint.not_before > timezone.now()
        receiver.usual = answers(204)
        later(endpoint, hours=2)
        work()
        assert states(endpoint) == ["delivered"] * (failures + 3)
        endpoint.refresh_from_db()
        assert endpoint.failures == 0
        assert WebhookEndpoint.objects.filter(failing_since=None, not_before=None).exists()

    def test_after_a_day_it_is_given_up_and_can_be_sent_again(
        self, project: Project, endpoint: WebhookEndpoint, receiver: Receiver
    ) -> None:
        receiver.usual = answers(500)
        happens(project)
        attempts = 0
        while states(endpoint) == ["waiting"]:
            work()
            later(endpoint, hours=7)
            attempts += 1
        assert 3 <= attempts <= 6
        assert states(endpoint) == ["exhausted"]
        assert work() == 0
        receiver.usual = answers(204)
        outbox.resend(deliveries(endpoint)[0])
        work()
        assert states(endpoint) == ["delivered"]
        assert len({request.id for request in receiver.requests}) == 1

    def test_what_never_had_its_turn_is_given_up_after_a_day_too(
        self, project: Project, endpoint: WebhookEndpoint, receiver: Receiver, hurry: Hurry
    ) -> None:
        hurry(0.5)
        receiver.usual = hangs(receiver)
        for _ in range(3):
            happens(project)
        work()
        later(endpoint, hours=25)
        work()
        assert states(endpoint) == ["exhausted"] * 3


class TestDisabled:
    def test_gone_is_the_end(self, project: Project, endpoint: WebhookEndpoint, receiver: Receiver) -> None:
        receiver.usual = answers(410)
        for _ in range(3):
            happens(project)
        work()
        endpoint.refresh_from_db()
        assert endpoint.state == EndpointState.GONE
        assert len(receiver.requests) == 1
        happens(project)
        assert states(endpoint) == ["waiting"] * 3
        with pytest.raises(Conflict):
            outbox.send_test(endpoint)

    def test_three_days_of_failures_are_the_end(
        self, project: Project, endpoint: WebhookEndpoint, receiver: Receiver
    ) -> None:
        receiver.usual = answers(500)
        for _ in range(3):
            happens(project)
            work()
            endpoint.refresh_from_db()
            assert endpoint.state == EndpointState.ACTIVE
            later(endpoint, hours=25)
        happens(project)
        work()
        endpoint.refresh_from_db()
        assert endpoint.state == EndpointState.FAILING

    def test_switched_on_again_it_gets_what_waits(
        self, project: Project, endpoint: WebhookEndpoint, receiver: Receiver
    ) -> None:
        receiver.script = [answers(410)]
        happens(project)
        work()
        endpoints.change(endpoint, settings_for(receiver))
        work()
        assert states(endpoint) == ["delivered"]

    def test_switched_off_it_gets_nothing_and_keeps_what_waits(
        self, project: Project, endpoint: WebhookEndpoint, receiver: Receiver
    ) -> None:
        happens(project)
        endpoints.change(endpoint, settings_for(receiver, active=False))
        happens(project)
        work()
        assert (states(endpoint), receiver.requests) == (["waiting"], [])


def test_what_is_older_than_thirty_days_is_deleted(
    project: Project, endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    happens(project)
    work()
    Job.objects.update(finished=timezone.now() - timedelta(days=2))
    endpoint.deliveries.update(created=timezone.now() - timedelta(days=29))
    assert retention.expire() == 0
    endpoint.deliveries.update(created=timezone.now() - timedelta(days=31))
    happens(project)
    assert retention.expire() == 1
    assert states(endpoint) == ["waiting"]
    assert jobs() == ["queued"]


class TestPrivateAddresses:
    def test_nothing_goes_to_them_unless_the_operator_allows_it(
        self, project: Project, endpoint: WebhookEndpoint, receiver: Receiver, settings: Settings
    ) -> None:
        settings.KD_WEBHOOK_PRIVATE = False
        happens(project)
        work()
        [delivery] = deliveries(endpoint)
        assert (delivery.outcome, delivery.status, receiver.requests) == (DeliveryOutcome.REFUSED_ADDRESS, None, [])
