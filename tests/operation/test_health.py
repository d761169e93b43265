"""Probes, and what superusers are told about the installation."""

from __future__ import annotations

import json
import tempfile
from collections import namedtuple
from pathlib import Path
from unittest.mock import Mock

import pytest
from celery import current_app
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from kombu import Connection
from pytest_django.fixtures import Settings

from extraction.models import ModelVersion, User
from extraction.services import storage
from extraction.services.jobs import workers
from extraction.services.jobs.kinds import Queue
from extraction.services.operation import health
from extraction.services.operation.health import Severity
from tests.support import builders

Usage = namedtuple("Usage", "total used free")
# Nothing listens there: port 1 of this machine.
NOBODY = "127.0.0.1:1"


@pytest.fixture
def superuser(django_user_model: type[User]) -> User:
    return django_user_model.objects.create_superuser("root", password="a good long password")


@pytest.fixture
def broker_away(monkeypatch: pytest.MonkeyPatch) -> None:
    # Celery looks there before it looks at its settings.
    monkeypatch.setenv("CELERY_BROKER_URL", f"redis://user:hunter2@{NOBODY}/0")


def show_processes(*names: str) -> None:
    """As if these processes had just shown that they are alive; all of them without names."""
    for name in names or (*Queue, workers.SCHEDULER):
        workers.record_heartbeat(name)


def test_a_serving_model_that_cannot_be_loaded_is_named(served: ModelVersion) -> None:
    assert "W014" not in {issue.code for issue in health.issues()}
    description = storage.path(served.folder) / "student.json"
    for spoilt in ({**json.loads(description.read_text()), "format": 1}, {}, []):
        description.write_text(json.dumps(spoilt))
        [issue] = [issue for issue in health.issues() if issue.code == "W014"]
        assert served.name in issue.sentence
        assert issue.severity is Severity.ERROR


def sentences() -> str:
    return " ".join(issue.sentence for issue in health.issues())


class TestProbes:
    def test_a_process_that_answers_is_alive_whatever_else_is_away(self) -> None:
        # No database: this test may not open one.
        response = Client().get("/healthz", headers={"Host": "some.pod.example"})
        assert (response.status_code, response.json()) == (200, {"alive": True})

    def test_other_methods_are_refused(self) -> None:
        assert Client().post("/healthz").status_code == 405
        assert Client().head("/healthz").status_code == 200

    @pytest.mark.django_db
    def test_ready_names_every_part(self) -> None:
        response = Client().get("/readyz")
        told = response.json()
        assert response.status_code == 200, told
        assert told["ready"]
        needed = {"database", "broker", "cache", "disk"}
        assert set(told["checks"]) == needed | {"scheduler", "default worker", "training worker"}
        assert {part for part, check in told["checks"].items() if check["ok"]} == needed
        assert all(check["sentence"].endswith(".") for check in told["checks"].values())
        assert response.headers["Cache-Control"] == "no-store"

    @pytest.mark.django_db
    def test_without_its_broker_it_is_not_ready_and_tells_strangers_no_address(self, broker_away: None) -> None:
        response = Client().get("/readyz")
        assert response.status_code == 503
        assert response.json()["checks"]["broker"] == {"ok": False, "sentence": "The broker cannot be reached."}
        assert "hunter2" not in response.content.decode()
        assert "127.0.0.1" not in response.content.decode()

    @pytest.mark.django_db
    @pytest.mark.parametrize("damage", ["replaced by a file", "a queue replaced by a file", "not writable"])
    def test_without_the_folder_of_the_embedded_broker(
        self, data_dir: Path, monkeypatch: pytest.MonkeyPatch, damage: str
    ) -> None:
        folder = data_dir / "broker"
        broker = Connection("folder://localhost/", transport_options={"folder": str(folder)})
        monkeypatch.setattr(current_app, "connection_for_write", lambda: broker)
        if damage == "replaced by a file":
            folder.write_text("")
        elif damage == "a queue replaced by a file":
            folder.mkdir()
            (folder / "default").write_text("")
        else:
            folder.mkdir()
            refuse = PermissionError(1, "Operation not permitted")
            monkeypatch.setattr("tempfile.NamedTemporaryFile", Mock(side_effect=refuse))
        assert Client().get("/readyz").json()["checks"]["broker"]["ok"] is False

    def test_the_embedded_broker_is_asked_by_several_processes_at_once(self, data_dir: Path) -> None:
        broker = Connection("folder://localhost/", transport_options={"folder": str(data_dir / "broker")})
        broker.default_channel.check()
        with tempfile.NamedTemporaryFile(dir=data_dir / "broker", suffix=".check"):
            broker.default_channel.check()

    @pytest.mark.django_db
    def test_without_its_database(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def away() -> None:
            raise OSError("no route to db.internal")

        monkeypatch.setattr(connection, "cursor", away)
        response = Client().get("/readyz")
        assert response.status_code == 503
        assert response.json()["checks"]["database"]["sentence"] == "The database does not answer."
        assert "internal" not in response.content.decode()

    @pytest.mark.django_db
    def test_on_a_full_disk(self, monkeypatch: pytest.MonkeyPatch, data_dir: Path) -> None:
        monkeypatch.setattr("shutil.disk_usage", lambda path: Usage(10**12, 10**12 - 5, 5))
        response = Client().get("/readyz")
        assert response.status_code == 503
        assert response.json()["checks"]["disk"]["sentence"] == "The disk of the data folder is full."
        assert str(data_dir) not in response.content.decode()


@pytest.mark.django_db
class TestIssues:
    def test_a_sound_installation_with_workers_has_none(self) -> None:
        show_processes()
        assert health.issues() == []

    def test_no_worker(self) -> None:
        show_processes("default", workers.SCHEDULER)
        assert sentences() == "No training worker is running, so no student is trained."

    def test_tesseract_chosen_by_a_project_but_not_installed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        project = builders.project()
        monkeypatch.setattr("shutil.which", lambda name: None)
        assert "Tesseract" not in sentences()
        project.ocr = "tesseract"
        project.save()
        assert "Tesseract is chosen to read documents, but it is not installed." in sentences()

    def test_a_teacher_without_its_key(self, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)
        settings.KD_TEACHER = "anthropic:some-model"
        assert "ANTHROPIC_API_KEY" in sentences()
        monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-hunter2")
        assert "ANTHROPIC" not in sentences()

    def test_little_room(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("shutil.disk_usage", lambda path: Usage(10**12, 0, 2**30))
        assert "The disk of the data folder has only 1.0 GB left." in sentences()

    def test_debug_where_others_can_reach_it(self, settings: Settings) -> None:
        settings.DEBUG, settings.ALLOWED_HOSTS = True, ["localhost"]
        assert "DEBUG" not in sentences()
        settings.ALLOWED_HOSTS = ["kdweb.example.org"]
        assert health.issues()[0].sentence.startswith("DEBUG is on")

    def test_a_broker_that_is_away_is_grave_and_comes_first(self, broker_away: None) -> None:
        first = health.issues()[0]
        assert (first.sentence, first.severity) == ("The broker cannot be reached.", Severity.ERROR)

    def test_the_command_prints_them(self, capsys: pytest.CaptureFixture[str]) -> None:
        call_command("check")
        told = capsys.readouterr().err
        assert "(kdweb.W007) No default worker is running, so no document is read or labelled." in told
        assert "HINT: Start everything with make run" in told


@pytest.mark.django_db
class TestPage:
    def test_superusers_see_parts_and_issues(self, client: Client, superuser: User) -> None:
        client.force_login(superuser)
        page = client.get(reverse("status")).content.decode()
        assert "The database answers." in page
        assert "No default worker is running" in page

    def test_all_is_well(self, client: Client, superuser: User) -> None:
        show_processes()
        client.force_login(superuser)
        assert "Everything is well." in client.get(reverse("status")).content.decode()

    def test_it_is_for_superusers_and_so_are_the_lines_among_projects(self, client: Client, superuser: User) -> None:
        client.force_login(builders.user())
        assert client.get(reverse("status")).status_code == 403
        assert "worker is running" not in client.get(reverse("projects")).content.decode()
        client.force_login(superuser)
        assert "No training worker is running" in client.get(reverse("projects")).content.decode()

    def test_a_cache_that_is_away_breaks_no_page(
        self, client: Client, superuser: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def away(*args: object, **kwargs: object) -> None:
            raise ConnectionError("no cache")

        for name in ("get", "get_many", "set", "add", "incr"):
            monkeypatch.setattr(type(cache._connections["default"]), name, away)  # type: ignore[attr-defined]
        client.force_login(superuser)
        for page in ("projects", "status"):
            assert client.get(reverse(page)).status_code == 200
        assert json.dumps(workers.alive()) == '{"default": false, "training": false}'
