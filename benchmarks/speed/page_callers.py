"""A program that fills an installation, serves it, and lets reviewers and uploads call it at once; it prints seconds.

python -m benchmarks.speed.page_callers SEED
"""

from __future__ import annotations

import io
import json
import random
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import httpx

if TYPE_CHECKING:
    from extraction.models import User

# More documents than reviewers: the queue gives each of them others, and the list has as many rows before the uploads
# as after them.
REVIEWERS, UPLOADS, DOCUMENTS = 50, 20, 60
# Seconds for which reviewers work, and between a page and its decision.
SECONDS, THINKING = 90.0, (5.0, 15.0)
# Requests for each page of the idle installation.
CALM = 40
PROJECT = "/projects/bench/"


@dataclass
class Times:
    """Seconds of requests by page; `failed`: those with no answer, or an answer of 500 and more."""

    pages: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    failed: int = 0

    def ask(self, client: httpx.Client, page: str, method: str, path: str, **request: Any) -> None:
        started = time.perf_counter()
        try:
            answer = client.request(method, path, **request)
        except httpx.HTTPError:
            self.failed += 1
            return
        self.failed += answer.status_code >= 500
        self.pages[page].append(time.perf_counter() - started)


def main(seed: int, folder: Path) -> dict[str, object]:
    from benchmarks.soak.running import Running

    sessions, documents, pictures = _fill(seed)
    running = Running(folder)
    try:
        clients = [_client(running.url, session) for session in sessions]
        idle = Times()
        review(clients[0], documents[0], idle)  # the first requests load templates
        idle = Times()
        for number in range(CALM):
            review(clients[0], documents[number % len(documents)], idle)
        busy = Times()
        _together(clients, documents, pictures, busy, seed)
    finally:
        running.stop()
    return {"idle": idle.pages, "busy": busy.pages, "failed": busy.failed}


def review(client: httpx.Client, document: int, times: Times, wait: float = 0.0) -> None:
    """What a reviewer's browser asks for a document: queue, page, picture, and the saved value."""
    times.ask(client, "documents", "GET", f"{PROJECT}documents/")
    times.ask(client, "review", "GET", f"{PROJECT}review/{document}/")
    times.ask(client, "picture", "GET", f"{PROJECT}documents/{document}/pages/0/image/")
    time.sleep(wait)
    change = {"field": "total", "value": f"{random.randint(1, 999)}.00", "spans": None, "known": sys.maxsize}
    headers = {"X-CSRFToken": client.cookies.get("csrftoken") or ""}
    times.ask(client, "save", "POST", f"{PROJECT}review/{document}/save/", json=change, headers=headers)


def _together(
    clients: Sequence[httpx.Client], documents: Sequence[int], pictures: Sequence[bytes], times: Times, seed: int
) -> None:
    until = time.monotonic() + SECONDS

    def work(number: int) -> None:
        drawn = random.Random(seed + number)
        time.sleep(drawn.uniform(0, THINKING[1]))
        for document in cycle([*documents[number:], *documents[:number]]):
            if time.monotonic() > until:
                return
            review(clients[number], document, times, drawn.uniform(*THINKING))

    def upload(number: int) -> None:
        file = {"files": ("receipt.jpg", pictures[number % len(pictures)] + uuid4().bytes, "image/jpeg")}
        headers = {"X-CSRFToken": clients[number].cookies.get("csrftoken") or ""}
        times.ask(clients[number], "upload", "POST", f"{PROJECT}documents/upload/", files=file, headers=headers)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(len(clients))]
    threads += [threading.Thread(target=upload, args=(number,)) for number in range(UPLOADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _client(url: str, session: str) -> httpx.Client:
    client = httpx.Client(base_url=url, timeout=120.0, cookies={"sessionid": session})
    # Its answer sets the cookie against forged requests.
    client.get(PROJECT).raise_for_status()
    return client


def _fill(seed: int) -> tuple[list[str], list[int], list[bytes]]:
    """A project with documents that a teacher labelled: sessions of its reviewers, documents, and pictures to send."""
    from benchmarks.sroie import SCHEMA
    from extraction.domain.progress import Silent
    from extraction.models import Role, Source
    from extraction.services.documents import intake, reading
    from extraction.services.labels import store
    from extraction.services.operation import installation
    from extraction.services.projects import accounts, projects
    from synthdocs import generate

    installation.prepare()
    owner, _ = accounts.create_user("bench")
    project = projects.create("bench", SCHEMA, owner=owner)
    documents, pictures = [], []
    for sample in generate("receipt", DOCUMENTS, seed=seed, languages=("en",)):
        held = io.BytesIO()
        sample.image.save(held, "JPEG")
        pictures.append(held.getvalue())
        document, _ = intake.add_document(project, "receipt.jpg", io.BytesIO(held.getvalue()), enqueue=False)
        reading.read(document.pk, Silent())
        for name, value in sample.truth.items():
            if name in SCHEMA:
                store.write(document, name, value, source=Source.TEACHER, teacher="rules")
        documents.append(document.pk)
    sessions = []
    for number in range(REVIEWERS):
        reviewer, _ = accounts.create_user(f"reviewer{number}")
        projects.add_member(project, reviewer, Role.REVIEWER)
        sessions.append(_session(reviewer))
    return sessions, documents, pictures


def _session(user: User) -> str:
    """The key of a session in which the user is logged in."""
    from django.contrib.sessions.backends.db import SessionStore
    from django.http import HttpRequest

    from extraction.web.sessions import Method, enter

    request = HttpRequest()
    request.session = SessionStore()
    enter(request, user, Method.PASSWORD)
    request.session.save()
    return str(request.session.session_key)


if __name__ == "__main__":
    import django

    django.setup()
    with TemporaryDirectory(prefix="kdweb-bench-log-") as folder:
        figures = main(int(sys.argv[1]), Path(folder))
    sys.stdout.write(json.dumps(figures) + "\n")
