"""Files in an object store: each machine finds what another one wrote, and nothing stays of what was deleted."""

from __future__ import annotations

import os
import time
import zipfile
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from extraction.domain.progress import Silent
from extraction.models import Document, Extraction, Job, ModelVersion, Project, Source, User
from extraction.services import file_cache, leftovers, object_store, storage
from extraction.services.documents import intake, reading
from extraction.services.jobs import execution
from extraction.services.labels import store
from extraction.services.projects import projects
from extraction.services.reports.export.datasets.huggingface import ImageFolder
from extraction.services.reports.export.labelled_documents import Selected
from tests.support import builders
from tests.support.drawing import encoded, receipt
from tests.support.programs import ROOT, slip
from tests.support.servers.object_store import NOBODY, Machine, stored

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann() -> User:
    return builders.user("ann")


@pytest.fixture
def receipts(ann: User) -> Project:
    return builders.project("receipts", owner=ann)


@pytest.fixture
def document(receipts: Project, machine: Machine) -> Document:
    """It came in on the machine `web` and was read on `worker`."""
    row, _ = intake.add_document(receipts, "a.jpg", BytesIO(encoded(receipt())))
    machine("worker")
    reading.read(row.pk, Silent())
    machine("web")
    row.refresh_from_db()
    return row


def here(folder: Path) -> list[Path]:
    """The files that lie on a machine."""
    return [path for path in (folder / "files").rglob("*") if path.is_file()]


def age(path: Path, seconds: float) -> None:
    os.utime(path, (time.time() - seconds, time.time() - seconds))


def test_what_came_in_on_one_machine_is_read_on_another_and_shown_by_the_first(
    document: Document, machine: Machine, client: Client, ann: User
) -> None:
    assert document.state == Document.State.READY
    assert here(machine("web")) == []
    assert [name.rpartition("/")[2] for name in stored()] == ["original.jpg", "0.jpg", "0.small.jpg"]
    client.force_login(ann)
    for name, arguments in (("page_image", [document.pk, 0]), ("original", [document.pk])):
        response = client.get(reverse(name, args=["receipts", *arguments]))
        assert response.status_code == 200
        assert b"".join(response.streaming_content)[:2] == b"\xff\xd8"
    assert here(machine("web")) == []


def test_an_export_with_pictures_copies_none_of_them_here(document: Document, machine: Machine) -> None:
    lost = builders.document(document.project, "lost.jpg")
    assert not storage.exists(lost.pages.get().image)
    for row in (document, lost):
        store.write(row, "total", "1.00", source=Source.TRUTH)
    content = b"".join(ImageFolder().write(Selected(document.project)))
    with zipfile.ZipFile(BytesIO(content)) as archive:
        pictures = [name for name in archive.namelist() if name.endswith(".jpg")]
    assert len(pictures) == 1
    assert here(machine("web")) == []


def test_nothing_stays_of_a_deleted_document(document: Document, machine: Machine) -> None:
    intake.delete(document)
    assert stored() == []
    # Copies on other machines go with the next look after a day.
    copies = here(machine("worker"))
    assert len(copies) == 3
    assert file_cache.evict() == 0
    for path in copies:
        age(path, 25 * 3600)
    file_cache.evict()
    assert here(machine("worker")) == []


def test_nor_of_a_deleted_project(document: Document, machine: Machine) -> None:
    projects.delete(document.project)
    assert stored() == []
    assert here(machine("web")) == []


def test_unused_copies_go_and_come_back(document: Document, machine: Machine) -> None:
    folder = machine("worker")
    for path in here(folder):
        age(path, 25 * 3600)
    used = storage.fetch(document.original)
    assert file_cache.evict() == 2
    assert here(folder) == [used]
    picture = storage.fetch(document.pages.get().image)
    assert picture.read_bytes()[:2] == b"\xff\xd8"
    assert len(here(folder)) == 2


def test_what_the_store_lacks_is_not_taken_for_a_copy(receipts: Project, machine: Machine) -> None:
    row = builders.document(receipts, "old.jpg")
    place = storage.path(row.original)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(b"of before there was a store")
    age(place, 25 * 3600)
    assert file_cache.evict() == 0
    assert place.exists()


def test_reading_again_leaves_the_new_pictures_alone(document: Document, machine: Machine) -> None:
    stray = storage.document_folder(document) / "pages" / "7.jpg"
    object_store.write(BytesIO(b"of an earlier reading"), storage.relative(stray))
    reading.read(document.pk, Silent())
    assert storage.relative(stray) not in stored()
    assert len(stored()) == 3


def test_an_upload_that_is_not_stored_leaves_nothing(
    receipts: Project, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ValueError

    monkeypatch.setattr(intake, "_enqueue", fail)
    with pytest.raises(ValueError, match=r"^$"):
        intake.add_document(receipts, "a.jpg", BytesIO(encoded(receipt())))
    assert (stored(), here(machine("web"))) == ([], [])


def test_what_a_lost_machine_left_is_removed_by_another_one_after_a_day(
    receipts: Project, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as lost:
        lost.setattr(leftovers, "settle", lambda relative: (_ for _ in ()).throw(OSError))
        lost.setattr(intake, "_enqueue", lambda *_: (_ for _ in ()).throw(ValueError))
        with pytest.raises(ValueError, match=r"^$"):
            intake.add_document(receipts, "a.jpg", BytesIO(encoded(receipt())))
    machine("worker")
    assert len(stored()) == 2
    assert (leftovers.sweep(), leftovers.sweep_store(), len(stored())) == (0, 0, 2)
    monkeypatch.setattr(leftovers, "ABANDONED", timedelta(0))
    assert leftovers.sweep_store() == 1
    assert stored() == []


def test_a_file_that_waits_for_a_worker_is_found_by_any(machine: Machine, caller: Client, served: ModelVersion) -> None:
    storage.publish(storage.path(served.folder).iterdir())
    model = len(stored())
    assert caller.post(f"{ROOT}/projects/slips/extract?mode=async", {"file": slip()}).status_code == 202
    row = Extraction.objects.get()
    assert row.file in stored()
    machine("worker")
    execution.run(row.job_id or 0)
    row.refresh_from_db()
    assert row.state == Extraction.State.DONE, row.error
    assert (len(stored()), row.file) == (model, "")


@pytest.fixture
def away(machine: Machine, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody answers where the store was."""
    monkeypatch.setenv("KD_FILES_URL", NOBODY)
    machine("web")


@pytest.mark.usefixtures("away")
def test_while_the_store_is_away_callers_are_told_and_jobs_wait(
    caller: Client, served: ModelVersion, receipts: Project
) -> None:
    response = caller.post(f"{ROOT}/projects/slips/extract?mode=async", {"file": slip()})
    assert response.status_code == 503
    assert "store" in response.json()["detail"]
    assert Extraction.objects.count() == 0
    row = builders.document(receipts, "a.jpg", state=Document.State.QUEUED)
    job = Job.objects.create(project=receipts, kind="read", subject=row.pk)
    execution.run(job.pk)
    job.refresh_from_db()
    assert job.state == Job.State.QUEUED
    assert "store" in job.message


def test_a_name_that_tries_to_leave_the_bucket_is_none(machine: Machine) -> None:
    with pytest.raises(Exception, match=r"(?i)suspicious|denied|joined"):
        object_store.exists("../../else")


def test_missing_is_missing(machine: Machine) -> None:
    for look in (storage.fetch, storage.open_file, object_store.stored_at):
        with pytest.raises(FileNotFoundError):
            look("projects/1/documents/ab/none/original.jpg")
    assert storage.exists("projects/1/documents/ab/none/original.jpg") is False
    object_store.delete("projects/1")


def test_the_url_is_checked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from django.core.exceptions import ImproperlyConfigured

    from kdweb import servers

    for url in ("s3://", "gs://bucket", "bucket", "s3://key:word@bucket", "s3://bucket?acl=public"):
        monkeypatch.setenv("KD_FILES_URL", url)
        with pytest.raises(ImproperlyConfigured, match="KD_FILES_URL") as refused:
            servers.files(tmp_path)
        assert "word" not in str(refused.value) or "password" in str(refused.value)
    monkeypatch.setenv("KD_FILES_URL", "s3://bucket/a/b/?region=eu-central-1")
    options: dict[str, Any] = servers.files(tmp_path)["OPTIONS"]
    assert (options["bucket_name"], options["location"], options["region_name"]) == ("bucket", "a/b", "eu-central-1")
