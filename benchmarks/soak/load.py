"""Load: programs that send documents and files to extract, and a receiver of webhooks; what was accepted is noted."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import uuid4

import httpx

# Seconds between two requests of a program, for an answer, and between two tries of one request.
PAUSE, TIMEOUT, AGAIN = 0.3, 30.0, 0.5
# Seconds after which a request that never got an answer is given up: nothing is promised for it.
PATIENCE = 300.0


@dataclass
class Accepted:
    """What the server has promised: SHA-256 of documents, ids of extractions; requests that got no answer at all."""

    documents: set[str] = field(default_factory=set)
    extractions: set[str] = field(default_factory=set)
    unanswered: int = 0


class Program(threading.Thread):
    """Sends one file after the other until `stopped`; each request is repeated with its key until it is answered."""

    def __init__(self, url: str, token: str, files: Sequence[bytes], stopped: threading.Event) -> None:
        super().__init__(daemon=True)
        self.accepted = Accepted()
        self._project, self._token = f"{url}/api/v1/projects/soak", token
        self._files, self._stopped, self._sent = files, stopped, 0

    def run(self) -> None:
        while not self._stopped.wait(PAUSE):
            content = self._next()
            if self._sent % 2:
                self._send("/documents", content, self._document)
            else:
                self._send("/extract?mode=async", content, self._extraction)

    def _next(self) -> bytes:
        """A file that was never sent: bytes behind the end of a picture are no part of it."""
        self._sent += 1
        return self._files[self._sent % len(self._files)] + uuid4().bytes

    def _document(self, content: bytes, _: Any) -> None:
        self.accepted.documents.add(hashlib.sha256(content).hexdigest())

    def _extraction(self, _: bytes, answer: Any) -> None:
        self.accepted.extractions.add(answer["id"])

    def _send(self, path: str, content: bytes, note: Callable[[bytes, Any], None]) -> None:
        headers = {"Authorization": f"Bearer {self._token}", "Idempotency-Key": uuid4().hex}
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                files = {"file": ("receipt.jpg", content, "image/jpeg")}
                answer = httpx.post(f"{self._project}{path}", files=files, headers=headers, timeout=TIMEOUT)
            except httpx.HTTPError:
                time.sleep(AGAIN)
                continue
            if answer.status_code < 300:
                note(content, answer.json())
                return
            if answer.status_code < 500 and answer.status_code not in (409, 429):
                raise RuntimeError(f"{path} was refused: {answer.status_code} {answer.text[:300]}")
            time.sleep(AGAIN)
        self.accepted.unanswered += 1


class Receiver:
    """A program that gets webhooks; `extractions` are the ids of those that it was told of."""

    def __init__(self) -> None:
        self.extractions: set[str] = set()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                event = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                receiver.extractions.add(event["data"]["id"])
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Nothing is logged."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
