"""Operation with an object store: upload of earlier files, health, backup and restore."""

from __future__ import annotations

from pathlib import Path

import pytest

from extraction.domain.progress import Silent
from extraction.models import Document, LabelRun, Project, SchemaVersion, TeacherBatch
from extraction.services import object_store, storage
from extraction.services.operation import files_upload, health, readiness
from extraction.services.operation.backup import create
from extraction.services.operation.readiness import Part
from extraction.services.teaching.batches import files
from tests.support import builders
from tests.support.commands import Command, manage
from tests.support.servers.object_store import KEYS, NOBODY, Machine, stored


@pytest.fixture
def document(transactional_db: None) -> Document:
    """Of before there was a store."""
    row = builders.pictured_document(builders.project("receipts", owner=builders.user("ann")))
    place = storage.path(row.original)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(b"as it came")
    return row


def test_the_files_of_before_are_uploaded_once(machine: Machine, document: Document, command: Command) -> None:
    assert stored() == []
    assert command("upload_files") == (0, {"uploaded": 3, "known": 0, "missing": []})
    assert stored() == storage.names_here("projects")
    storage.path(document.original).unlink()
    assert command("upload_files") == (0, {"uploaded": 0, "known": 3, "missing": []})
    object_store.delete(document.original)
    assert command("upload_files") == (1, {"uploaded": 0, "known": 2, "missing": [document.original]})


def label_run(project: Project) -> LabelRun:
    version = SchemaVersion.objects.get(project=project)
    return LabelRun.objects.create(project=project, schema_version=version, teacher="openai:reader")


def test_batch_files_of_a_label_run_go_to_the_store_and_into_a_backup(
    machine: Machine, document: Document, command: Command, tmp_path: Path
) -> None:
    run = label_run(document.project)
    batch = TeacherBatch.objects.create(run=run, number=1, key="kd", state="written", fields=[], prompt_sha256="")
    place = files.requests(batch)
    place.parent.mkdir(parents=True)
    place.write_bytes(b"requests")
    # Another one whose files were removed with its end is not missed.
    TeacherBatch.objects.create(
        run=label_run(document.project), number=1, key="kd2", state="ended", fields=[], prompt_sha256=""
    )
    assert command("upload_files") == (0, {"uploaded": 4, "known": 0, "missing": []})
    assert storage.relative(place) in stored()
    assert create.create(tmp_path / "kd.tar", Silent()).files == 4
    # What a restore leaves in the store.
    files_upload.upload(Silent(), anew=True)
    assert storage.relative(place) in stored()


@pytest.mark.django_db
def test_without_a_store_there_is_nothing_to_upload_to(command: Command) -> None:
    code, sentence = command("upload_files")
    assert (code, "KD_FILES_URL" in sentence) == (2, True)


@pytest.mark.django_db
def test_health_tells_of_the_store(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    assert {check.part: check for check in readiness.check_all()}[Part.STORE].ready
    monkeypatch.setenv("KD_FILES_URL", NOBODY)
    machine("web")
    assert not {check.part: check for check in readiness.check_all()}[Part.STORE].ready
    assert "W019" in {issue.code for issue in health.issues()}


def test_a_backup_comes_back_into_an_empty_store(
    machine: Machine, document: Document, command: Command, tmp_path: Path, bucket: str
) -> None:
    command("upload_files")
    names = stored()
    machine("worker")
    archive = create.create(tmp_path / "kd.tar", Silent())
    assert (archive.files, archive.missing) == (3, ())
    object_store.delete("projects")
    object_store.put(archive.path, "projects/9/stray")
    code, restored = manage(tmp_path / "restored", "restore", archive.path, KD_FILES_URL=bucket, **KEYS)
    assert (code, restored["files"], restored["missing"]) == (0, 3, [])
    assert stored() == names
    with object_store.open_file(document.original) as file:
        assert file.read() == b"as it came"
