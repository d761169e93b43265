"""The figures: all events delivered to a receiver that fails, hangs and redirects, and none to a private address.

And the snippet of the documentation, which checks a real request.
"""

from __future__ import annotations

import random
import re
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from extraction.models import Project
from extraction.services.webhooks import endpoints
from tests.webhooks.receivers import Hurry, Receiver, answers, hangs, receiving
from tests.webhooks.working import happens, later, settings_for, states, work

pytestmark = pytest.mark.django_db
DOCS = Path(__file__).resolve().parents[2] / "docs" / "webhooks.md"
EVENTS = 40


def test_a_receiver_that_fails_hangs_and_redirects_gets_all_and_a_private_one_nothing(
    project: Project, receiver: Receiver, hurry: Hurry
) -> None:
    """Of the requests 30 % fail: with an error, without an answer, or with a redirect to an address of this machine."""
    hurry(0.5)
    chance, counts = random.Random(17), Counter[str]()
    with receiving() as private:
        failures = {
            "error": answers(500),
            "hung": hangs(receiver),
            "redirected": answers(302, Location=private.url),
        }

        def moody(handler: BaseHTTPRequestHandler) -> None:
            kind = chance.choice(list(failures)) if chance.random() < 0.3 else "accepted"
            counts[kind] += 1
            (answers(204) if kind == "accepted" else failures[kind])(handler)

        receiver.usual = moody
        endpoint, secret = endpoints.create(project, settings_for(receiver))
        reports = {happens(project).pk for _ in range(EVENTS)}
        while "waiting" in states(endpoint):
            work()
            later(endpoint, hours=1)
        figures = {"events": EVENTS, "requests": len(receiver.requests), **counts, "private": len(private.requests)}
        print(figures)  # noqa: T201  # shown by `pytest -s`
        assert states(endpoint) == ["delivered"] * EVENTS
        assert {event["data"]["report"] for event in receiver.events()} == reports
        assert all(request.signed_by(secret) for request in receiver.requests)
        assert min(counts[kind] for kind in failures) > 0
        assert figures["private"] == 0


def test_the_snippet_of_the_documentation_checks_a_real_request(project: Project, receiver: Receiver) -> None:
    [snippet] = re.findall(r"```python\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL)
    assert len(snippet.splitlines()) <= 10
    found: dict[str, Any] = {}
    exec(snippet, found)
    check = found["check"]
    endpoint, old = endpoints.create(project, settings_for(receiver))
    new = endpoints.rotate(endpoint)
    happens(project)
    work()
    [request] = receiver.requests
    headers = {
        "webhook-id": request.id,
        "webhook-timestamp": request.timestamp,
        "webhook-signature": " ".join(f"v1,{each}" for each in request.signatures),
    }
    assert check(new, headers, request.body)
    assert check(old, headers, request.body)
    assert not check("whsec_" + "A" * 43 + "=", headers, request.body)
    assert not check(new, headers, request.body + b" ")
    assert not check(new, {**headers, "webhook-id": "msg_other"}, request.body)
    assert not check(new, {**headers, "webhook-timestamp": str(int(time.time()) - 600)}, request.body)
