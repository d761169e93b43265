"""A receiver of webhooks on a local port, scripted and checking signatures as receivers do."""

from __future__ import annotations

import base64
import hmac
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Request:
    """What came: `signatures` without their version."""

    id: str
    timestamp: str
    signatures: list[str]
    body: bytes

    @property
    def payload(self) -> Any:
        return json.loads(self.body)

    def signed_by(self, secret: str) -> bool:
        key = base64.b64decode(secret.removeprefix("whsec_"))
        signed = f"{self.id}.{self.timestamp}.".encode() + self.body
        return base64.b64encode(hmac.digest(key, signed, sha256)).decode() in self.signatures


# Answers a request that is complete but for its answer.
Script = Callable[[BaseHTTPRequestHandler], None]
# Lets each attempt end after so many seconds.
Hurry = Callable[[float], None]


def answers(status: int, body: bytes = b"", **headers: str) -> Script:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


@dataclass
class Receiver:
    """`script` takes its entries in turn, and then goes on with `usual`."""

    url: str = ""
    usual: Script = field(default_factory=lambda: answers(204))
    script: list[Script] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    accepted: list[Request] = field(default_factory=list)
    closed: threading.Event = field(default_factory=threading.Event)

    def events(self) -> list[Any]:
        """The events of all requests, those of lists too."""
        found = []
        for request in self.requests:
            data = request.payload["data"]
            found += data if isinstance(data, list) else [request.payload]
        return found


@contextmanager
def receiving() -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            signatures = [each.removeprefix("v1,") for each in self.headers["webhook-signature"].split()]
            request = Request(self.headers["webhook-id"], self.headers["webhook-timestamp"], signatures, body)
            receiver.requests.append(request)
            (receiver.script.pop(0) if receiver.script else receiver.usual)(self)

        do_GET = do_POST

        def log_message(self, format: str, *arguments: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, *arguments: Any) -> None:
            """Whoever sends may hang up."""

    server = Server(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    receiver.url = f"http://127.0.0.1:{server.server_address[1]}/hook?of=kdweb"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield receiver
    finally:
        receiver.closed.set()
        server.shutdown()
        thread.join()
        server.server_close()


def hangs(receiver: Receiver) -> Script:
    """No answer until the receiver is closed."""

    def hang(handler: BaseHTTPRequestHandler) -> None:
        receiver.closed.wait(30)

    return hang


def drips(receiver: Receiver) -> Script:
    """A header line that never ends, a byte at a time."""

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while not receiver.closed.wait(0.05):
            try:
                handler.wfile.write(b"x")
            except OSError:
                return

    return drip
