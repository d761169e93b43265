"""Load: programs that send documents, files to extract and batches, a reviewer, and an owner who trains; what was
accepted is noted."""

from __future__ import annotations

import hashlib
import threading
import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Any
from uuid import uuid4

import httpx

# Seconds between two requests of a program, for an answer, and between two tries of one request.
PAUSE, TIMEOUT, AGAIN = 0.3, 60.0, 0.5
# Seconds after which a request that never got an answer is given up: nothing is promised for it.
PATIENCE = 300.0
# Documents and extractions of one program that wait for a worker: as much as it can do is always there, and no more.
WAITING = 4
# Files of a batch, and seconds between two trainings.
BATCH, TRAINING = 2, 5.0
# Refusals that tell a caller to come again: under way, too often, busy or away, no room.
LATER = (409, 429, 503, 507)
PROJECT = "/projects/soak"
CONFIG: dict[str, str | int | float] = {"base": "tiny", "epochs": 2}
FIELD = "total"


@dataclass
class Accepted:
    """What the server has promised: SHA-256 of documents, ids of extractions and of batches, values of documents by
    primary key, training runs; the files of requests that got no answer at all, and answers that were neither a success
    nor a clear refusal."""

    documents: set[str] = field(default_factory=set)
    extractions: set[str] = field(default_factory=set)
    batches: set[str] = field(default_factory=set)
    trainings: set[int] = field(default_factory=set)
    labels: dict[int, str] = field(default_factory=dict)
    unanswered: int = 0
    unclear: list[str] = field(default_factory=list)


class Caller(threading.Thread, ABC):
    """Somebody who asks on until `stopped`; each request is repeated until it is answered.

    `done`: documents and extractions of this caller that were read.
    """

    def __init__(self, client: httpx.Client, stopped: threading.Event) -> None:
        super().__init__(daemon=True)
        self.accepted, self.done = Accepted(), 0
        self._client, self._stopped = client, stopped

    def run(self) -> None:
        while not self._stopped.wait(PAUSE):
            self._step()

    @abstractmethod
    def _step(self) -> None:
        """One round of requests."""

    def _ask(self, method: str, path: str, weight: int = 1, **request: Any) -> httpx.Response | None:
        """The answer of a success; None after a refusal for good, or without any for too long. `weight`: its files."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                answer = self._client.request(method, path, **request)
            except httpx.HTTPError:
                time.sleep(AGAIN)
                continue
            if answer.status_code < 400:
                return answer
            if answer.status_code not in LATER or not is_clear(answer):
                self.accepted.unclear.append(f"{answer.status_code} {method} {path} {answer.text[:300]}")
            if answer.status_code < 500 and answer.status_code not in LATER:
                return None
            time.sleep(AGAIN)
        if method == "POST":
            self.accepted.unanswered += weight
        return None


class Program(Caller):
    """Sends one file after the other as a document, to be extracted later, and now and then to be extracted at once or
    as a batch."""

    def __init__(
        self, url: str, token: str, files: Sequence[bytes], stopped: threading.Event, read: SimpleQueue[int]
    ) -> None:
        """`read` gets the documents that have been read."""
        headers = {"Authorization": f"Bearer {token}"}
        super().__init__(httpx.Client(base_url=f"{url}/api/v1", headers=headers, timeout=TIMEOUT), stopped)
        self._files, self._sent, self._read = files, 0, read
        self._waiting = deque[str]()

    def _step(self) -> None:
        if len(self._waiting) >= WAITING:
            self._look()
            return
        self._sent += 1
        match self._sent % 8:
            case 0:
                self._send("/extract", self._extraction)
            case 4:
                self._send("/batches", self._batch, files=BATCH)
            case 1 | 3 | 5 | 7:
                self._send("/documents", self._document)
            case _:
                self._send("/extract?mode=async", self._extraction)

    def _look(self) -> None:
        """Whether the oldest that waits is done."""
        answer = self._ask("GET", self._waiting[0])
        if answer is None or answer.json()["state"] not in ("queued", "running"):
            self._waiting.popleft()
            self.done += 1
            if answer is not None and answer.json()["state"] == "ready":
                self._read.put(answer.json()["id"])

    def _send(self, path: str, note: Callable[[bytes, Any], None], files: int = 1) -> None:
        # Never sent before: bytes behind the end of a picture are no part of it.
        contents = [self._files[self._sent % len(self._files)] + uuid4().bytes for _ in range(files)]
        sent = [("file", ("receipt.jpg", content, "image/jpeg")) for content in contents]
        headers = {"Idempotency-Key": uuid4().hex}
        answer = self._ask("POST", PROJECT + path, files=sent, headers=headers, weight=files)
        if answer is not None:
            note(contents[0], answer.json())

    def _document(self, content: bytes, answer: Any) -> None:
        [added] = answer["results"]
        if added["document"] is None:
            self.accepted.unclear.append(f"200 documents {added['error']}")
            return
        self.accepted.documents.add(hashlib.sha256(content).hexdigest())
        self._waiting.append(f"{PROJECT}/documents/{added['document']}")

    def _extraction(self, _: bytes, answer: Any) -> None:
        self.accepted.extractions.add(answer["id"])
        if answer["state"] == "queued":
            self._waiting.append(f"/extractions/{answer['id']}")
        else:
            self.done += 1

    def _batch(self, _: bytes, answer: Any) -> None:
        self.accepted.batches.add(answer["id"])
        self._waiting.append(f"/batches/{answer['id']}")


class Trainer(Caller):
    """Somebody who trains one student after the other."""

    def __init__(self, url: str, token: str, stopped: threading.Event) -> None:
        headers = {"Authorization": f"Bearer {token}"}
        super().__init__(httpx.Client(base_url=f"{url}/api/v1", headers=headers, timeout=TIMEOUT), stopped)
        self._run = 0

    def _step(self) -> None:
        if self._run:
            answer = self._ask("GET", f"{PROJECT}/training-runs/{self._run}")
            if answer is None or answer.json()["state"] not in ("queued", "running"):
                self._run = 0
                self._stopped.wait(TRAINING)
            return
        body = {"name": f"run-{len(self.accepted.trainings)}-{uuid4().hex[:6]}", "labels": "truth", "config": CONFIG}
        headers = {"Idempotency-Key": uuid4().hex}
        answer = self._ask("POST", f"{PROJECT}/training-runs", json=body, headers=headers)
        if answer is not None:
            self._run = answer.json()["id"]
            self.accepted.trainings.add(self._run)


class Reviewer(Caller):
    """Somebody who opens pages and corrects a value of each document that was read."""

    PAGES = ("/", "/projects/soak/", "/projects/soak/documents/", "/projects/soak/training/")

    def __init__(self, url: str, user: str, password: str, stopped: threading.Event, read: SimpleQueue[int]) -> None:
        client = httpx.Client(base_url=url, timeout=TIMEOUT, follow_redirects=True)
        super().__init__(client, stopped)
        self._user, self._password, self._read, self._opened = user, password, read, 0

    def run(self) -> None:
        self._ask("GET", "/login/")
        self._ask("POST", "/login/", data=self._credentials())
        super().run()

    def _step(self) -> None:
        try:
            document = self._read.get_nowait()
        except Empty:
            self._opened += 1
            self._ask("GET", self.PAGES[self._opened % len(self.PAGES)])
            return
        self._ask("GET", f"{PROJECT}/review/{document}/")
        value = f"{document}.00"
        change = {"field": FIELD, "value": value, "spans": None, "known": 0}
        headers = {"X-CSRFToken": self._token()}
        if self._ask("POST", f"{PROJECT}/review/{document}/save/", json=change, headers=headers) is not None:
            self.accepted.labels[document] = value

    def _credentials(self) -> dict[str, str]:
        return {"username": self._user, "password": self._password, "csrfmiddlewaretoken": self._token()}

    def _token(self) -> str:
        return self._client.cookies.get("csrftoken") or ""


def is_clear(answer: httpx.Response) -> bool:
    """Whether a refusal says in a sentence why: a problem's detail, or a page of its own."""
    if answer.headers.get("Content-Type", "").startswith("text/html"):
        return "Traceback" not in answer.text and "<h1" in answer.text
    try:
        return bool(answer.json().get("detail") or answer.json().get("error"))
    except ValueError:
        return False
