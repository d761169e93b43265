"""Models in an object store: fetched where they are loaded, not where they are only named; removed as a whole."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from extraction.engines.student import model_folder
from extraction.engines.student import registry as students
from extraction.models import ModelVersion, Project, User
from extraction.services import file_cache, object_store, storage
from extraction.services.errors import Conflict
from extraction.services.operation import health
from extraction.services.serving import extractions, registry
from tests.support import builders
from tests.support.programs import model
from tests.support.servers.object_store import NOBODY, Machine

pytestmark = pytest.mark.django_db

FILES = ("manifest.json", "model.onnx", "student.json", "tokenizer.json")


@pytest.fixture
def ann() -> User:
    return User.objects.create_superuser("ann")


@pytest.fixture
def project(ann: User) -> Project:
    return builders.project("receipts", owner=ann)


@pytest.fixture
def trained(project: Project, machine: Machine) -> ModelVersion:
    """The serving one, trained on the machine `trainer`."""
    machine("trainer")
    row = model(project, "first", "production")
    row.folder = storage.relative(storage.model_folder(project, "first"))
    row.save()
    folder = storage.path(row.folder)
    (folder / "checkpoint").mkdir(parents=True)
    for name in (*FILES, "checkpoint/state"):
        (folder / name).write_text(json.dumps({"kind": "layout"}))
    storage.publish(path for path in folder.iterdir() if path.is_file())
    machine("web")
    return row


def here(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "files").rglob("*") if path.is_file())


def age(folder: Path, *names: str) -> None:
    then = time.time() - 25 * 3600
    for name in names:
        os.utime(folder / name, (then, then))


def test_pages_that_name_a_model_do_not_fetch_it(
    trained: ModelVersion, machine: Machine, client: Client, ann: User
) -> None:
    web = machine("web")
    client.force_login(ann)
    assert client.get(reverse("projects")).status_code == 200
    assert client.get(reverse("project", args=["receipts"])).status_code == 200
    page = client.get(reverse("models", args=["receipts"])).content.decode()
    assert all(name in page for name in FILES)
    assert extractions.usable_model(trained.project) == trained
    assert here(web) == []
    got: Any = client.get(reverse("model_file", args=["receipts", "first", "model.onnx"]))
    assert json.loads(b"".join(got.streaming_content)) == {"kind": "layout"}
    assert client.get(reverse("model_file", args=["receipts", "first", "else"])).status_code == 404
    assert here(web) == []


def test_whether_a_model_can_be_used_is_told_without_its_weights(
    trained: ModelVersion, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: dict[str, bool] = {}

    def readable(folder: Path) -> bool:
        seen.update({path.name: path.stat().st_size > 0 for path in folder.iterdir()})
        return True

    monkeypatch.setattr(students, "readable", readable)
    assert registry.is_usable(trained)
    assert seen == {name: name.endswith(".json") for name in FILES}


def test_the_list_of_projects_asks_nothing_of_the_store(
    trained: ModelVersion, machine: Machine, monkeypatch: pytest.MonkeyPatch, client: Client, ann: User
) -> None:
    monkeypatch.setenv("KD_FILES_URL", NOBODY)
    machine("web")
    monkeypatch.setattr(object_store, "exists", None)
    assert not {"W013", "W014"} & {issue.code for issue in health.issues(thorough=False)}
    client.force_login(ann)
    assert client.get(reverse("projects")).status_code == 200


def test_a_model_is_removed_as_a_whole_and_never_while_it_is_used(trained: ModelVersion, machine: Machine) -> None:
    trainer = machine("trainer")
    folder = storage.path(trained.folder)
    age(folder, "model.onnx", "student.json", "tokenizer.json")
    assert file_cache.evict() == 0
    age(folder, *FILES)
    assert registry.has_files(trained)  # a use
    assert file_cache.evict() == 0
    age(folder, *FILES)
    assert file_cache.evict() == len(FILES)
    assert here(trainer) == ["state"]
    assert len(registry.files(trained)) == len(FILES)


def test_a_model_that_is_taken_up_while_the_store_is_asked_stays(
    trained: ModelVersion, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine("trainer")
    folder, exists = storage.path(trained.folder), object_store.exists
    age(folder, *FILES)

    def slow(name: str) -> bool:
        storage.is_here(trained.folder, model_folder.MANIFEST)
        return exists(name)

    monkeypatch.setattr(object_store, "exists", slow)
    assert file_cache.evict() == 0
    assert all((folder / name).exists() for name in FILES)


def test_a_removal_that_is_killed_leaves_no_model_that_seems_complete(
    trained: ModelVersion, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine("trainer")
    folder, unlink = storage.path(trained.folder), Path.unlink
    age(folder, *FILES)

    def killed(place: Path, missing_ok: bool = False) -> None:
        unlink(place, missing_ok=missing_ok)
        raise KeyboardInterrupt

    with monkeypatch.context() as once:
        once.setattr(Path, "unlink", killed)
        with pytest.raises(KeyboardInterrupt):
            file_cache.evict()
    assert len(here(machine("trainer"))) == len(FILES)  # and the checkpoint
    assert not storage.is_here(trained.folder, model_folder.MANIFEST)


def test_copies_that_a_killed_process_began_go(trained: ModelVersion, machine: Machine) -> None:
    web = machine("web")
    draft = storage.path(trained.folder) / f".0123{storage.DRAFT}"
    draft.parent.mkdir(parents=True)
    draft.write_text("half a model")
    assert file_cache.evict() == 0
    age(draft.parent, draft.name)
    assert file_cache.evict() == 1
    assert here(web) == []


def test_a_model_that_gave_its_files_up_fetches_nothing(trained: ModelVersion, machine: Machine) -> None:
    web = machine("web")
    trained.folder = ""
    assert not registry.has_files(trained)
    assert not registry.is_usable(trained)
    with pytest.raises(Conflict):
        registry.predictor(trained)
    assert here(web) == []


def test_tables_are_brought_up_to_date_while_the_store_is_away(
    trained: ModelVersion, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KD_FILES_URL", NOBODY)
    machine("web")
    registry.tell_unusable()
