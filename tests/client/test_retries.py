"""When calls are repeated: a server that is busy, breaks off, or is another one than kdweb."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

import kdweb_client
from kdweb_client import Client
from kdweb_client.decoding import decode
from kdweb_client.schemas import Answer, Box

Answered = tuple[int, dict[str, str], bytes] | None
EMPTY = json.dumps({"results": [], "next": None}).encode()
BATCH = json.dumps(
    {
        "id": "5b0a3c0e-6d0f-4b52-9f52-0a1c8a3a9a11",
        "state": "queued",
        "error": None,
        "name": "a.jpg",
        "model": "first",
        "files": 1,
        "done": 0,
        "failed": 0,
        "created": "2026-11-30T04:00:00Z",
        "finished": None,
    }
).encode()
BUSY: Answered = (503, {"Retry-After": "7"}, b'{"title": "Service Unavailable", "detail": "Come back.", "status": 503}')


class Server:
    """Answers a script's entries in turn; `None` breaks the connection off."""

    def __init__(self) -> None:
        self.url, self.script, self.requests = "", list[Answered](), list[tuple[dict[str, str], bytes]]()


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            made.requests.append((dict(self.headers), body))
            if (answer := made.script.pop(0)) is None:
                self.connection.close()
                return
            status, headers, content = answer
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(content))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        do_POST = do_GET

        def log_message(self, format: str, *arguments: Any) -> None:
            pass

    with running(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as http:
        made.url = f"http://127.0.0.1:{http.server_address[1]}"
        yield made


@contextmanager
def running(http: ThreadingHTTPServer) -> Iterator[ThreadingHTTPServer]:
    thread = Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield http
    finally:
        http.shutdown()
        thread.join()
        http.server_close()


class Clock:
    """Time passes only where the client pauses."""

    def __init__(self) -> None:
        self.pauses: list[float] = []

    def monotonic(self) -> float:
        return sum(self.pauses)

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr("kdweb_client.transport.time", made)
    return made


@pytest.fixture
def client(server: Server, clock: Clock) -> Iterator[Client]:
    with Client(server.url, "kd_token", "slips", patience=60) as made:
        yield made


def test_a_busy_server_is_asked_again_after_the_time_that_it_names(
    client: Client, server: Server, clock: Clock
) -> None:
    server.script = [BUSY, (429, {"Retry-After": "3"}, b"{}"), (202, {}, BATCH)]
    assert client.start_batch([("a.jpg", b"content")]).state == "queued"
    first, second = clock.pauses
    assert 7 <= first <= 8.75
    assert 3 <= second <= 3.75
    assert len({headers["Idempotency-Key"] for headers, _ in server.requests}) == 1
    assert all(b"content" in body for _, body in server.requests)
    assert {headers["Authorization"] for headers, _ in server.requests} == {"Bearer kd_token"}


def test_a_broken_connection_is_tried_again_after_growing_pauses(client: Client, server: Server, clock: Clock) -> None:
    server.script = [None, None, (502, {}, b"<html>Bad Gateway</html>"), (200, {}, EMPTY)]
    assert list(client.list_models()) == []
    assert [round(pause, 1) >= least for pause, least in zip(clock.pauses, (0.5, 1, 2), strict=True)] == [True] * 3


def test_patience_ends(client: Client, server: Server, clock: Clock) -> None:
    server.script = [BUSY] * 20
    with pytest.raises(kdweb_client.Busy) as busy:
        list(client.list_models())
    assert (busy.value.detail, busy.value.retry_after) == ("Come back.", 7)
    assert 40 < sum(clock.pauses) <= 60


def test_a_quota_that_is_used_up_for_weeks_is_said_at_once(client: Client, server: Server, clock: Clock) -> None:
    server.script = [(429, {"Retry-After": "900000"}, b"{}")]
    with pytest.raises(kdweb_client.TooMany):
        list(client.list_models())
    assert clock.pauses == []


@pytest.mark.parametrize("status", [400, 403, 404, 409, 422, 500])
def test_other_refusals_are_final(client: Client, server: Server, status: int) -> None:
    server.script = [(status, {}, b"no problem")]
    with pytest.raises(kdweb_client.Refused) as refused:
        list(client.list_models())
    assert refused.value.status == status
    assert len(server.requests) == 1


def test_a_first_call_that_is_under_way_is_waited_for(client: Client, server: Server) -> None:
    server.script = [(409, {"Retry-After": "1"}, b"{}"), (202, {}, BATCH)]
    assert client.start_batch([("a.jpg", b"content")], idempotency_key="november").files == 1
    assert [headers["Idempotency-Key"] for headers, _ in server.requests] == ["november"] * 2


@pytest.mark.parametrize("content", [b"<html>", b"[]", b'{"results": [{}], "next": null}'])
def test_an_answer_of_something_else_is_named(client: Client, server: Server, content: bytes) -> None:
    server.script = [(200, {}, content)]
    with pytest.raises(kdweb_client.Malformed):
        list(client.list_models())


def test_nobody_there(clock: Clock) -> None:
    with (
        Client("http://127.0.0.1:9", "kd_token", "slips", patience=3) as client,
        pytest.raises(kdweb_client.Unreachable),
    ):
        list(client.list_models())


BOX = {"page": 0, "x0": 0, "y0": 0.1, "x1": 0.2, "y1": 0.3}
ANSWER = {"value": None, "normalized": None, "confidence": 1, "boxes": [BOX], "source": "student", "accepted": None}


def test_what_a_newer_server_adds_is_no_error() -> None:
    answer = decode(Answer, {**ANSWER, "source": "oracle", "new": {"more": 1}})
    assert (answer.source, answer.confidence, answer.boxes) == ("oracle", 1.0, [Box(0, 0.0, 0.1, 0.2, 0.3)])


@pytest.mark.parametrize("wrong", [None, [], {}, {**ANSWER, "boxes": 3}, {**ANSWER, "boxes": [{"page": 0}]}])
def test_what_does_not_fit_is_an_error(wrong: object) -> None:
    with pytest.raises(TypeError):
        decode(Answer, wrong)
