"""Signatures by the specification's own example, payloads, and waits between attempts."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest

from extraction.domain.webhooks import payloads, retries, signatures
from extraction.domain.webhooks.answers import DeliveryOutcome, outcome_of
from extraction.domain.webhooks.payloads import Event

FIRST = Event("report.ended", datetime(2026, 11, 30, 12, 0, 1, tzinfo=UTC), {"report": 1, "state": "done"})
SECOND = Event("report.ended", datetime(2026, 11, 30, 12, 0, 2, tzinfo=UTC), {"report": 2, "state": "failed"})


def test_the_example_of_the_specification_is_signed_alike() -> None:
    key = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    made = signatures.sign(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert signatures.secret(key) == "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def test_each_key_signs_while_two_are_in_force() -> None:
    made = signatures.headers([b"new", b"old"], "msg_1", 7, b"{}")["webhook-signature"].split()
    assert made == [signatures.sign(key, "msg_1", 7, b"{}") for key in (b"new", b"old")]


def test_an_event_is_written_and_read_back() -> None:
    assert Event.from_json(json.loads(payloads.body([FIRST], batched=False))) == FIRST


def test_a_list_holds_whole_events_and_the_time_of_the_last() -> None:
    value = json.loads(payloads.body([FIRST, SECOND], batched=True))
    assert (value["type"], value["timestamp"]) == ("events", SECOND.timestamp.isoformat())
    assert [Event.from_json(each) for each in value["data"]] == [FIRST, SECOND]


def test_waits_grow_threefold_to_six_hours_with_jitter() -> None:
    for failures, seconds in enumerate((5, 15, 45, 135, 405, 1215, 3645, 10935, 21600, 21600), start=1):
        found = retries.wait(failures).total_seconds()
        assert seconds <= found <= 1.25 * seconds
    assert retries.wait(10**6) <= timedelta(seconds=1.25 * 21600)
    assert len({retries.wait(5) for _ in range(20)}) > 1


def test_a_day_has_about_a_dozen_attempts() -> None:
    slowest = sum(1.25 * min(5 * 3**number, 21600) for number in range(9))
    assert slowest < retries.LIFETIME.total_seconds()


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, DeliveryOutcome.DELIVERED),
        (204, DeliveryOutcome.DELIVERED),
        (302, DeliveryOutcome.REDIRECTED),
        (404, DeliveryOutcome.REJECTED),
        (410, DeliveryOutcome.GONE),
        (500, DeliveryOutcome.REJECTED),
    ],
)
def test_a_status_tells_what_became_of_it(status: int, outcome: DeliveryOutcome) -> None:
    assert outcome_of(status) is outcome
