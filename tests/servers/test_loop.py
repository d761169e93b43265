"""The loop as an installation of several machines runs it: web and workers in processes of their own on PostgreSQL,
RabbitMQ, Redis and an S3 server, a program that calls the API."""

from __future__ import annotations

import json
import signal
from pathlib import Path
from typing import Any

import httpx
import pytest

from extraction.models import Document, Job, Project, Role, Scope
from extraction.services.jobs import workers
from extraction.services.projects import tokens
from extraction.services.teaching import label_runs
from extraction.services.training import training_runs
from tests.support import builders
from tests.support.badfiles import text_pdf
from tests.support.servers.backends import on_rabbitmq
from tests.support.servers.object_store import Machine, stored
from tests.support.servers.workers import Serve, wait

pytestmark = [on_rabbitmq, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def receipt(number: int) -> bytes:
    lines = (
        "BEAN THERE LIMITED",
        "12 High Street, Leeds LS1 4AB",
        "Date: 25/12/2018",
        f"Total {number + 2}.{number:02}",
    )
    return text_pdf(lines)


def idle() -> bool:
    assert not Job.objects.filter(state=Job.State.FAILED).exists(), list(Job.objects.values_list("kind", "error"))
    return not Job.objects.filter(state__in=Job.ACTIVE).exists()


def test_from_files_to_fields(machine: Machine, serve: Serve, tmp_path: Path) -> None:
    project = builders.project("receipts")
    owner = builders.member(project, Role.OWNER)
    _, token = tokens.create(project, owner, name="till", scopes=list(Scope))
    log = tmp_path / "log"

    with log.open("w") as output:
        process, port = serve(log=output, LOG_FORMAT="json")
        with httpx.Client(
            base_url=f"http://127.0.0.1:{port}", headers={"Authorization": f"Bearer {token}"}, timeout=120
        ) as api:
            uploaded = loaded(api)
            wait(idle)
            assert set(project.documents.values_list("state", flat=True)) == {Document.State.READY}
            wait(lambda: workers.alive() == {"default": True, "training": True})

            label_runs.start(project, teacher="rules")
            wait(idle)
            assert project.documents.exclude(source="teacher").count() == 0
            training_runs.start(project, name="first", labels="teacher", config={"base": "tiny", "epochs": 2})
            wait(idle)
            assert api.post("/api/v1/projects/receipts/models/first/promote").status_code < 300
            wait(idle)
            check_answers(api)
            check_files(project)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == 0

    check_log(log.read_text(), uploaded, token)


def loaded(api: httpx.Client) -> str:
    """Uploads; the id of the last request."""
    for number in range(12):
        answer = api.post(
            "/api/v1/projects/receipts/documents", files={"file": (f"{number}.pdf", receipt(number), "application/pdf")}
        )
        assert answer.status_code in (200, 201, 202), answer.text
    return answer.headers["X-Request-ID"]


def check_answers(api: httpx.Client) -> None:
    """At once and later: the same fields, in the order of the project's."""
    file = {"file": ("new.pdf", receipt(42), "application/pdf")}
    now = api.post("/api/v1/projects/receipts/extract", files=file)
    assert now.status_code == 200, now.text
    assert list(now.json()["fields"]) == ["company", "date", "address", "total"]
    later = api.post("/api/v1/projects/receipts/extract", params={"mode": "async"}, files=file)
    assert later.status_code == 202, later.text
    wait(idle)
    answer = api.get(f"/api/v1/extractions/{later.json()['id']}").json()
    assert list(answer["fields"]) == ["company", "date", "address", "total"]
    assert answer["fields"] == now.json()["fields"]


def check_files(project: Project) -> None:
    """All that came lies in the bucket, whichever machine it came to or was read on."""
    originals = set(project.documents.values_list("original", flat=True))
    assert len(originals) == 12
    assert originals <= set(stored())
    pages = {page.image for document in project.documents.all() for page in document.pages.all()}
    assert pages <= set(stored())


def check_log(text: str, uploaded: str, token: str) -> None:
    """Each line is JSON, a job keeps the id of its request, and nothing of a document or a token is told."""
    # This alone Celery writes past all logging, in its handler of the signal.
    written = [line for line in text.splitlines() if line and line != "worker: Warm shutdown (MainProcess)"]
    lines: list[dict[str, Any]] = [json.loads(line) for line in written]
    shared = [line for line in lines if line.get("request_id") == uploaded]
    assert {"request", "task_enqueued", "task_started", "task_succeeded"} <= {line["event"] for line in shared}
    assert "BEAN THERE" not in text
    assert token not in text
