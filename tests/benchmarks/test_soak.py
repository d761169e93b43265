"""Counts of the soak: what callers were promised beside what rows and files say."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from benchmarks.soak import clock, faults, servers
from benchmarks.soak.counts import Counts, count
from benchmarks.soak.load import Accepted, is_clear
from extraction.models import Document, Extraction, ExtractionBatch, Job, Project, Source, TrainingRun
from extraction.services import storage
from extraction.services.labels import store
from tests.support import builders
from tests.support.programs import model

pytestmark = pytest.mark.django_db
SOUND = Counts(
    documents=1, labels=1, extractions=1, batches=0, trainings=0, lost=0, doubled=0, stuck=0, orphans=0, unclear=0
)


@pytest.fixture
def project() -> Project:
    """One document was there before."""
    held = builders.project("soak")
    builders.document(held, "before")
    return held


@pytest.fixture
def document(project: Project) -> Document:
    return builders.document(project, "sent")


@pytest.fixture
def extraction(project: Project) -> Extraction:
    served = model(project, "first", "production")
    return Extraction.objects.create(project=project, model=served, name="a.jpg", state=Extraction.State.DONE)


@pytest.fixture
def accepted(document: Document, extraction: Extraction) -> Accepted:
    store.write(document, "total", "1.00", source=Source.REVIEWER)
    return Accepted({document.sha256}, {str(extraction.public_id)}, labels={document.pk: "1.00"})


@pytest.fixture
def told(accepted: Accepted) -> dict[str, set[str]]:
    return {extraction: {"msg_1"} for extraction in accepted.extractions}


def test_what_was_promised_is_there_once(accepted: Accepted, told: dict[str, set[str]]) -> None:
    found = count([accepted], told, before=1)
    assert found == SOUND
    assert found.sound
    line = (
        "documents 1  labels 1  extractions 1  batches 0  trainings 0  lost 0  doubled 0  stuck 0  orphans 0  unclear 0"
    )
    assert str(found) == line


def test_what_is_not_there_is_lost(accepted: Accepted, told: dict[str, set[str]]) -> None:
    accepted.documents.add("0" * 64)
    accepted.extractions.add(str(uuid4()))
    accepted.labels[0] = "2.00"
    # The second extraction is not there, and nobody was told of it.
    expected = replace(SOUND, documents=2, labels=2, extractions=2, lost=4)
    assert count([accepted], told, before=1) == expected


def test_a_batch_without_an_answer_for_each_file_and_a_training_without_end_are_lost(
    project: Project, extraction: Extraction, accepted: Accepted, told: dict[str, set[str]]
) -> None:
    batch = ExtractionBatch.objects.create(project=project, model=extraction.model, name="a.jpg", uploads=[])
    row = Extraction.objects.create(
        project=project, model=extraction.model, name="b.jpg", state=Extraction.State.DONE, batch=batch, position=0
    )
    told[str(row.public_id)] = {"msg_3"}
    training = TrainingRun.objects.create(project=project, name="second")
    training.job = Job.objects.create(project=project, kind="train", subject=training.pk, state=Job.State.CANCELLED)
    training.save()
    accepted.batches.add(str(batch.public_id))
    accepted.trainings.add(training.pk)
    found = count([accepted], told, before=1)
    assert found == replace(SOUND, extractions=2, batches=1, trainings=1, lost=2)


def test_what_became_of_files_is_not_doubled(project: Project, accepted: Accepted, told: dict[str, set[str]]) -> None:
    kept = builders.document(project, "kept for review")
    kept.origin = Document.Origin.UNSURE
    kept.save()
    assert count([accepted], told, before=1) == SOUND


def test_what_nobody_sent_is_doubled_unless_its_request_got_no_answer(
    project: Project, accepted: Accepted, told: dict[str, set[str]]
) -> None:
    builders.document(project, "once more")
    assert count([accepted], told, before=1) == replace(SOUND, doubled=1)
    accepted.unanswered = 1
    assert count([accepted], told, before=1) == SOUND


def test_an_extraction_that_two_webhooks_told_of_is_doubled(accepted: Accepted, told: dict[str, set[str]]) -> None:
    for messages in told.values():
        messages.add("msg_2")
    assert count([accepted], told, before=1) == replace(SOUND, doubled=1)


def test_jobs_under_way_are_stuck_and_files_without_a_row_orphans(
    project: Project, accepted: Accepted, told: dict[str, set[str]]
) -> None:
    Job.objects.create(project=project, kind="read", subject=1)
    place = storage.extraction_folder(project) / "0123"
    place.parent.mkdir(parents=True)
    place.write_bytes(b"left")
    accepted.unclear.append("500 GET /")
    found = count([accepted], told, before=1)
    assert found == replace(SOUND, stuck=1, orphans=1, unclear=1)
    assert not found.sound


@pytest.mark.parametrize(
    ("body", "clear"),
    [
        ({"json": {"status": 507, "detail": "The disk is full."}}, True),
        ({"html": "<h1>Not possible at the moment</h1>"}, True),
        ({"json": {"status": 500}}, False),
        ({"text": "Internal Server Error"}, False),
        ({"html": "<h1>Error</h1><pre>Traceback"}, False),
    ],
)
def test_a_refusal_is_clear_where_it_says_why(body: dict[str, Any], clear: bool) -> None:
    assert is_clear(httpx.Response(507, **body)) is clear


class Server:
    """A program that listens, as another user's would."""

    def __init__(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]
        # Who started the tests may have let SIGINT be ignored.
        program = f"""
import signal
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
signal.signal(signal.SIGINT, signal.SIG_DFL)
ThreadingHTTPServer(("127.0.0.1", {self.port}), SimpleHTTPRequestHandler).serve_forever()
"""
        command = [sys.executable, "-c", program]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.wait(answers=True)

    def answers(self) -> bool:
        try:
            return httpx.head(f"http://127.0.0.1:{self.port}/", timeout=2).status_code == 200
        except httpx.HTTPError:
            return False

    def wait(self, *, answers: bool) -> None:
        until = time.monotonic() + 60
        while self.answers() != answers:
            assert time.monotonic() < until


@pytest.mark.parametrize("how", ["silent", "stopped"])
def test_a_server_goes_away_and_comes_back(how: str) -> None:
    program = Server()
    server = servers.Server(f"redis://127.0.0.1:{program.port}/0")
    try:
        getattr(server, how)()
        program.wait(answers=False)
        server.back()
        program.wait(answers=True)
    finally:
        servers.Server(f"redis://127.0.0.1:{program.port}").stopped()
        program.process.kill()
        program.process.wait(10)


def test_each_fault_has_a_kind_on_both_databases() -> None:
    for database in ("sqlite", "postgresql"):
        assert tuple(faults.kinds(database)) == faults.NAMES


@pytest.mark.skipif(not clock.compiler(), reason="no C compiler")
def test_the_clock_of_a_process_jumps_while_it_runs_and_its_sleep_does_not(tmp_path: Path) -> None:
    jumping = clock.JumpingClock(tmp_path)
    program = """
import sys, time
for line in sys.stdin:
    began = time.monotonic()
    time.sleep(0.01)
    print(round(time.time()), round(time.monotonic() - began), flush=True)
"""
    environment = {**os.environ, **jumping.variables}
    with subprocess.Popen(
        [sys.executable, "-c", program], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin
        assert process.stdout
        for seconds in (0, 7200, -7200, 0):
            jumping.jump(seconds)
            process.stdin.write("\n")
            process.stdin.flush()
            shown, slept = map(int, process.stdout.readline().split())
            assert shown == pytest.approx(time.time() + seconds, abs=60)
            assert slept < 60
        process.stdin.close()
