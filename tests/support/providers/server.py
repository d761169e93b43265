"""The provider's HTTP server: a thread for each connection, on a free port of this machine."""

from __future__ import annotations

import json
import select
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from typing import Any, Self
from urllib.parse import unquote, urlsplit

from PIL import Image

from tests.support.providers.batches import BatchDesk, document_of
from tests.support.providers.faults import PAID, Fault, drawn
from tests.support.providers.filling import Truth, fill
from tests.support.providers.request import Request
from tests.support.providers.wire_formats import EXCUSE, Wire, wire_of

KEY = "sk-secret-key-of-the-tests"
MALFORMED = ('{"unexpected": "form"}', "Here are the fields:\n- total: 3.30", '{"total": {"value"', "[]")
Log = Callable[[str, str], None]


class Provider:
    """A context manager. `faults` are shares of requests, drawn by document and attempt; `script` is what happens to
    the first requests, one after the other (`None`: a good answer). `tokens` tells what an answer costs, by the most
    that it may have, `None` where the request names no limit. `truth` gives the values by field key for a
    request; without it each value is made up from the pictures' digest. `form` rewrites the text of a good answer.
    Requests without pictures are refused unless `pictures` is false. The first `together` requests are answered once
    all of them are there.

    A *document* is the digest of a request's pictures. `answered` counts, for each, the good answers that reached the
    caller; `paid` all answers that cost something.
    """

    def __init__(
        self,
        faults: Mapping[Fault, float] | None = None,
        *,
        script: Iterable[Fault | None] = (),
        truth: Callable[[Request], Truth] | None = None,
        form: Callable[[str], str] = str,
        tokens: Callable[[int | None], int] = lambda limit: 100,
        pictures: bool = True,
        latency: float = 0.0,
        together: int = 0,
        retry_after: float = 1,
        hang: float = 30.0,
        seed: int = 0,
        port: int = 0,
        log: Log | None = None,
    ) -> None:
        self.faults = dict(faults or {})
        self.script = list(script)
        self.truth = truth or (lambda request: {})
        self.form, self.tokens, self.pictures = form, tokens, pictures
        self.latency, self.retry_after, self.hang, self.seed = latency, retry_after, hang, seed
        self.requests: list[Request] = []
        self.times: list[float] = []
        self.outcomes: list[str] = []
        self.complaints: list[str] = []
        self.answered: Counter[str] = Counter()
        self.paid: Counter[str] = Counter()
        self.attempts: Counter[str] = Counter()
        self.most_at_once = 0
        self.batches = BatchDesk(self)
        self.closing = threading.Event()
        self.together = threading.Barrier(together, timeout=60) if together else None
        self.lock = threading.Lock()
        self._log = log
        self._at_once = 0
        self._server = _Server(("127.0.0.1", port), _handler_of(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()

    def __str__(self) -> str:
        return f"{len(self.requests)} requests, {dict(Counter(self.outcomes))}, {self.complaints}"

    def arrived(self, request: Request) -> tuple[str, Fault | None]:
        """Notes the request; returns its document and what is to happen to it."""
        document = document_of(request)
        with self.lock:
            self.requests.append(request)
            self.times.append(time.monotonic())
            self.attempts[document] += 1
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
            if self.script:
                return document, self.script.pop(0)
            return document, drawn(self.faults, self.seed, document, self.attempts[document])

    def meet(self) -> None:
        """Waits for the others of those that come together."""
        together = self.together
        if together is not None:
            together.wait()
            self.together = None

    def left(self, document: str, outcome: str) -> None:
        with self.lock:
            self._at_once -= 1
            self.outcomes.append(outcome)
            self.answered[document] += outcome == "answered"
            self.paid[document] += outcome == "answered" or outcome in PAID
            if self._log:
                self._log(document, outcome)

    def text(self, request: Request, document: str, fault: Fault | None) -> str:
        if fault is Fault.MALFORMED:
            return MALFORMED[self.attempts[document] % len(MALFORMED)]
        if fault is Fault.EXCUSE:
            return EXCUSE
        return self.form(fill(request.schema, self.truth(request), document[:8]))


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that went away is no news."""


def _handler_of(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(_Handler):
        pass

    Handler.provider = provider
    return Handler


class _Handler(BaseHTTPRequestHandler):
    provider: Provider
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""

    def do_GET(self) -> None:
        self._serve_batches("GET", b"")

    def do_DELETE(self) -> None:
        self._serve_batches("DELETE", b"")

    def _serve_batches(self, method: str, data: bytes) -> None:
        status, pieces = self.provider.batches.answer(method, unquote(urlsplit(self.path).path), data)
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for piece in pieces:
            self.wfile.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
            self.wfile.flush()
        self.wfile.write(b"0\r\n\r\n")

    def do_POST(self) -> None:
        path = unquote(urlsplit(self.path).path)
        data = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.provider.batches.takes(path):
            self._serve_batches("POST", data)
            return
        body = json.loads(data)
        wire = wire_of(path)
        if wire is None:
            self._send(404, {"error": f"nothing at {path}"})
            return
        try:
            request = wire.read(path, {name.lower(): value for name, value in self.headers.items()}, body)
        except (KeyError, IndexError, ValueError, AssertionError) as error:
            self._complain(wire, f"unreadable request: {error!r}")
            return
        self._serve(wire, request)

    def _serve(self, wire: Wire, request: Request) -> None:
        provider = self.provider
        document, fault = provider.arrived(request)
        problem = _problem(wire, request, provider.pictures)
        provider.meet()
        provider.closing.wait(provider.hang if fault is Fault.HANG else provider.latency)
        # A caller that was killed while it waited is not given anything.
        gone = fault is not Fault.HANG and self._gone()
        # Before the answer goes out: whoever reads the counts has it by then.
        provider.left(document, "abandoned" if gone else "complaint" if problem else fault or "answered")
        if gone or fault is Fault.HANG:
            self.close_connection = True
        elif problem:
            self._complain(wire, problem)
        else:
            self._answer(wire, request, document, fault)

    def _answer(self, wire: Wire, request: Request, document: str, fault: Fault | None) -> None:
        cut = fault is Fault.CUT
        tokens = self.provider.tokens(request.limit)
        request = replace(request, cut=cut, output_tokens=(request.limit or tokens) if cut else tokens)
        if fault is Fault.REFUSE:
            self._write(wire, request, wire.refusal(request))
            return
        if fault in (None, Fault.MALFORMED, Fault.EXCUSE, Fault.CUT):
            self._write(wire, request, wire.answer(request, self.provider.text(request, document, fault)))
            return
        if fault in (Fault.DROP, Fault.STALL):
            self._write(wire, request, wire.answer(request, self.provider.text(request, document, fault)), whole=False)
            self.provider.closing.wait(self.provider.hang if fault is Fault.STALL else 0)
            self._hang_up()
            return
        status, body = wire.error(fault, f"The key {request.key} is no good.")
        self._send(status, body, _waiting(self.provider.retry_after) if fault is Fault.LIMIT else {})

    def _write(self, wire: Wire, request: Request, body: Mapping[str, Any], *, whole: bool = True) -> None:
        if request.stream:
            self._stream(list(wire.events(request, body)), whole, wire.stream_type)
            return
        self._send(200, body, whole=whole)

    def _stream(self, events: list[bytes], whole: bool, media_type: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", media_type)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for event in events if whole else events[: max(2, len(events) // 2)]:
            self.wfile.write(f"{len(event):x}\r\n".encode() + event + b"\r\n")
        if whole:
            self.wfile.write(b"0\r\n\r\n")

    def _send(
        self, status: int, body: Mapping[str, Any], headers: Mapping[str, str] | None = None, *, whole: bool = True
    ) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data if whole else data[: len(data) // 2])

    def _complain(self, wire: Wire, problem: str) -> None:
        with self.provider.lock:
            self.provider.complaints.append(problem)
        self._send(*wire.error(Fault.REQUEST, problem))

    def _hang_up(self) -> None:
        self.close_connection = True
        self.wfile.flush()
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def _gone(self) -> bool:
        readable, _, _ = select.select([self.connection], [], [], 0)
        return bool(readable) and not self.connection.recv(1, socket.MSG_PEEK)


def _waiting(seconds: float) -> dict[str, str]:
    """The header that asks to wait: whole seconds, or in the way some providers have for parts of one."""
    if seconds == int(seconds):
        return {"Retry-After": str(int(seconds))}
    return {"retry-after-ms": str(int(seconds * 1000))}


def _problem(wire: Wire, request: Request, needed: bool) -> str | None:
    """What the real provider would not take of these pictures."""
    if needed and not request.images:
        return "there is no picture"
    for media_type, data in request.images:
        try:
            with Image.open(BytesIO(data)) as image:
                image.load()
        except Exception as error:
            return f"a picture cannot be decoded: {error}"
        if Image.MIME.get(image.format or "") != media_type:
            return f"a picture is {image.format} and not {media_type}"
        if max(image.size) > wire.side or len(data) > wire.bytes:
            return f"a picture of {image.size} pixels and {len(data)} bytes is too large"
    return None
