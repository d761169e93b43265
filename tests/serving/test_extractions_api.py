"""Extractions that a worker does: queued, done once, failed with a sentence, deleted, and forgotten after a time."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from extraction.domain.progress import Silent
from extraction.models import Extraction, Job, ModelVersion, Project, TrainingRun, User
from extraction.services import storage
from extraction.services.jobs import execution, queue
from extraction.services.projects import projects
from extraction.services.serving import extractions, field_extraction, registry
from tests.support.programs import ROOT, Program, slip

URL = f"{ROOT}/projects/slips/extract?mode=async"


@pytest.fixture
def queued(caller: Client, served: ModelVersion) -> Extraction:
    assert caller.post(URL, {"file": slip()}).status_code == 202
    return Extraction.objects.get()


def work(row: Extraction) -> Extraction:
    """What the worker does with the extraction's job."""
    assert row.job is not None
    execution.run(row.job.pk)
    row.refresh_from_db()
    return row


def test_a_waiting_extraction_says_where_it_will_be(caller: Client, served: ModelVersion) -> None:
    response = caller.post(URL, {"file": slip()})
    answer = response.json()
    assert response.status_code == 202
    assert response.headers["Location"] == f"{ROOT}/extractions/{answer['id']}"
    assert (answer["state"], answer["fields"], answer["timing_ms"]) == ("queued", None, None)
    state = caller.get(response.headers["Location"])
    assert (state.status_code, state.json()) == (202, answer)
    assert int(state.headers["Retry-After"]) > 0


def test_what_waits_for_a_model_that_is_given_up_is_answered_by_the_serving_one(
    queued: Extraction, served: ModelVersion
) -> None:
    run = TrainingRun.objects.create(project=served.project, name="second", folder=served.folder)
    second = ModelVersion.objects.create(
        project=served.project, run=run, name="second", folder=served.folder, sha256="2" * 64, bytes=1
    )
    registry.promote(second)
    assert registry.give_up(served)
    ModelVersion.objects.filter(pk=served.pk).update(folder="", bytes=0)
    work(queued)
    assert (queued.state, queued.model) == ("done", second)


def test_the_worker_answers_as_the_server_would(caller: Client, queued: Extraction) -> None:
    kept = storage.path(queued.file)
    assert kept.exists()
    work(queued)
    answer = caller.get(f"{ROOT}/extractions/{queued.public_id}")
    at_once = caller.post(URL.replace("async", "sync"), {"file": slip()}).json()
    assert answer.status_code == 200
    for key in ("state", "document", "model", "fields"):
        assert answer.json()[key] == at_once[key]
    assert not kept.exists()
    assert queued.file == ""


def test_doing_it_twice_changes_nothing(queued: Extraction, monkeypatch: pytest.MonkeyPatch) -> None:
    work(queued)
    before = queued.as_domain().to_json()
    monkeypatch.setattr(field_extraction, "extract_file", pytest.fail)
    extractions.run(queued.pk, Silent())
    queued.refresh_from_db()
    assert queued.as_domain().to_json() == before


def test_a_worker_killed_before_it_removed_the_file_leaves_it_to_the_next(
    queued: Extraction, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = storage.path(queued.file)

    def killed(self: Path, missing_ok: bool = False) -> None:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", killed)
        with pytest.raises(SystemExit):
            work(queued)
    assert kept.exists()
    assert queued.job is not None
    queued.job.refresh_from_db()
    assert queued.job.state == Job.State.QUEUED
    done = work(queued)
    assert (done.state, done.file) == ("done", "")
    assert not kept.exists()


def test_a_worker_killed_while_it_reads_is_followed_by_another(
    queued: Extraction, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(field_extraction, "extract_file", _raise(SystemExit))
        with pytest.raises(SystemExit):
            work(queued)
    queued.refresh_from_db()
    assert queued.state == "queued"
    assert work(queued).state == "done"


def test_a_file_that_cannot_be_read_fails_with_a_sentence(
    caller: Client, queued: Extraction, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = storage.path(queued.file)
    path.write_bytes(path.read_bytes()[:60])
    work(queued)
    answer = caller.get(f"{ROOT}/extractions/{queued.public_id}")
    assert answer.status_code == 200
    assert (answer.json()["state"], answer.json()["fields"]) == ("failed", None)
    assert answer.json()["error"].endswith(".")
    assert not path.exists()


def test_a_job_that_is_given_up_fails_its_extraction(queued: Extraction, settings: Settings) -> None:
    kept = storage.path(queued.file)
    long_ago = timezone.now() - timedelta(hours=1)
    Job.objects.update(state=Job.State.RUNNING, heartbeat=long_ago, attempts=settings.JOB_MAX_ATTEMPTS)
    queue.requeue_lost()
    queued.refresh_from_db()
    assert queued.state == "failed"
    assert "given up" in queued.error
    extractions.expire()
    assert not kept.exists()


def test_no_more_wait_than_the_disk_can_hold(
    caller: Client, queued: Extraction, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extractions, "WAITING", 1)
    refused = caller.post(URL, {"file": slip()})
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "60")
    work(queued)
    assert caller.post(URL, {"file": slip()}).status_code == 202


def test_deleting_takes_the_file_and_the_work(caller: Client, queued: Extraction) -> None:
    kept = storage.path(queued.file)
    url = f"{ROOT}/extractions/{queued.public_id}"
    response = caller.delete(url)
    assert (response.status_code, response.content) == (204, b"")
    assert not kept.exists()
    assert Job.objects.get().state == Job.State.CANCELLED
    assert caller.get(url).status_code == caller.delete(url).status_code == 404


def test_extractions_of_another_project_are_not_found(queued: Extraction, program: Program, owner: User) -> None:
    other = projects.create("other", queued.project.schema, owner=owner)
    stranger = program(held=other)
    for call in (stranger.get, stranger.delete):
        assert call(f"{ROOT}/extractions/{queued.public_id}").status_code == 404
    assert stranger.get(f"{ROOT}/extractions/{uuid4()}").status_code == 404
    assert Extraction.objects.count() == 1


def test_a_month_later_it_is_gone(queued: Extraction, settings: Settings) -> None:
    kept = storage.path(queued.file)
    assert extractions.expire() == 0
    assert kept.exists()
    past = timezone.now() - timedelta(days=settings.KD_EXTRACTION_DAYS, seconds=1)
    Extraction.objects.update(created=past)
    assert extractions.expire() == 1
    assert not kept.exists()
    assert not Extraction.objects.exists()


def test_a_deleted_project_leaves_no_file(queued: Extraction, project: Project) -> None:
    kept = storage.path(queued.file)
    projects.delete(project)
    assert not kept.exists()


def _raise(kind: type[BaseException]) -> Any:
    def raising(*positional: object, **named: object) -> None:
        raise kind

    return raising
