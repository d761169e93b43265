"""What the operator is told, on the page and by the command, and what is done from there."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from extraction.models import Job, Project, User
from extraction.services.documents.jobs import READ
from extraction.services.jobs import execution, queue, workers
from extraction.services.jobs.kinds import Queue
from extraction.services.operation.state import facts, recent_errors
from tests.support import builders
from tests.support.commands import Command

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client: Client, django_user_model: type[User]) -> Client:
    client.force_login(django_user_model.objects.create_superuser("root", password="a good long password"))
    return client


@pytest.fixture
def project() -> Project:
    return builders.project("receipts")


@pytest.fixture
def failed(project: Project) -> Job:
    job = queue.enqueue(READ, project=project, subject=builders.document(project).pk)
    execution.end(Job.objects.filter(pk=job.pk), Job.State.FAILED, "The disk was full.")
    return job


def text(page: Client) -> str:
    return " ".join(page.get(reverse("status")).content.decode().split())


def told(command: Command) -> Any:
    return command("status")[1]


def test_an_empty_installation_says_so(page: Client) -> None:
    shown = text(page)
    for sentence in ("None yet.", "No request has failed.", "No login has failed.", "nothing has failed", "Version "):
        assert sentence in shown


def test_page_and_command_tell_the_same(page: Client, command: Command, failed: Job, data_dir: Path) -> None:
    waiting = queue.enqueue(READ, project=failed.project, subject=builders.document(failed.project).pk)
    Job.objects.filter(pk=waiting.pk).update(created=timezone.now() - timedelta(hours=3))
    (data_dir / "files" / "projects" / "1" / "models" / "first").mkdir(parents=True)
    (data_dir / "files" / "projects" / "1" / "models" / "first" / "model.onnx").write_bytes(b"0" * 5000)
    shown, printed = text(page), told(command)
    assert "3 hours ago" in shown.replace("\xa0", " ")
    assert printed["queues"]["default"]["waiting"] == 1
    assert printed["queues"]["default"]["oldest"] is not None
    assert [row["error"] for row in printed["failed_jobs"]] == ["The disk was full."]
    assert "The disk was full." in shown
    assert printed["data"]["bytes"]["models"] == 5000
    assert printed["free_bytes"] > 0
    assert printed["version"] in shown


def test_a_worker_that_ended_was_seen_and_one_that_runs_tells_its_memory(page: Client, command: Command) -> None:
    workers.record_heartbeat(Queue.DEFAULT)
    worker = told(command)["queues"]["default"]["worker"]
    assert worker["alive"]
    assert worker["memory_bytes"] > 10 * 2**20
    assert told(command)["queues"]["training"]["worker"] == {"alive": False, "seen": None, "memory_bytes": None}
    assert "It was never seen." in text(page)


class TestTryingAgain:
    def test_a_failed_job_waits_again_however_often_it_is_asked(self, page: Client, failed: Job) -> None:
        for _ in range(3):
            assert page.post(reverse("status_job", args=[failed.pk])).headers["Location"] == reverse("status")
        failed.refresh_from_db()
        assert failed.state == Job.State.QUEUED
        assert Job.objects.count() == 1

    def test_it_is_for_superusers(self, client: Client, failed: Job) -> None:
        client.force_login(builders.user())
        assert client.post(reverse("status_job", args=[failed.pk])).status_code == 403

    def test_a_job_that_newer_work_has_replaced_says_so(self, page: Client, failed: Job) -> None:
        queue.enqueue(READ, project=failed.project, subject=failed.subject)
        answer = page.post(reverse("status_job", args=[failed.pk]))
        assert answer.status_code == 409
        assert "Newer work" in answer.content.decode()


class TestErrors:
    def fail(self, page: Client, monkeypatch: pytest.MonkeyPatch, error: Exception) -> str:
        def failing(*_: object) -> None:
            raise error

        page.raise_request_exception = False
        with monkeypatch.context() as patch:
            patch.setattr("extraction.services.projects.summaries.summaries_for", failing)
            return str(page.get(reverse("projects")).headers["X-Request-ID"])

    def test_an_error_is_kept_with_its_request(
        self, page: Client, command: Command, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        request_id = self.fail(page, monkeypatch, OSError(28, "No space left on device"))
        [row] = told(command)["errors"]
        assert (row["request_id"], row["method"], row["path"]) == (request_id, "GET", "/")
        assert (row["kind"], "No space left" in row["text"]) == ("builtins.OSError", True)
        assert request_id in text(page)

    def test_what_may_quote_a_document_is_not_told(self, page: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        self.fail(page, monkeypatch, ValueError("TAN WOON YANN"))
        assert "ValueError" in text(page)
        assert "TAN WOON YANN" not in text(page)

    def test_there_are_never_many(self, data_dir: Path) -> None:
        for number in range(recent_errors.KEPT + 5):
            recent_errors.add(
                recent_errors.RecentError("2026-11-28T10:00:00+00:00", str(number), "GET", "/", "E", "", "")
            )
        kept = recent_errors.newest()
        assert (len(kept), kept[0].request_id) == (recent_errors.KEPT, str(recent_errors.KEPT + 4))

    @pytest.mark.parametrize("content", ["no json\n", '{"at": 1}\n', "[]\n", "\0"])
    def test_a_file_that_is_damaged_breaks_nothing(self, page: Client, data_dir: Path, content: str) -> None:
        (data_dir / "recent-errors.jsonl").write_text(content)
        assert "No request has failed." in text(page)


class TestLogins:
    def test_failures_are_told_by_name_and_address(self, page: Client, command: Command) -> None:
        builders.user("ann")
        for name in ("ann", "ann", "a password in the wrong field"):
            Client().post(reverse("login"), {"username": name, "password": "wrong"})
        rows = told(command)["failed_logins"]
        assert [(row["name"], row["failures"]) for row in rows] == [("", 1), ("ann", 2)]
        assert "wrong field" not in text(page)
        assert "127.0.0.1" in text(page)

    def test_the_list_is_bounded(self, command: Command) -> None:
        for number in range(facts.SHOWN + 3):
            Client(REMOTE_ADDR=f"198.51.100.{number}").post(reverse("login"), {"username": "x", "password": "y"})
        assert len(told(command)["failed_logins"]) == facts.SHOWN


def test_the_command_prints_lines_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    # No worker runs, which is a warning.
    call_command("status")
    assert "last backup: none yet" in capsys.readouterr().out
    assert json.dumps(facts.facts().to_json())
