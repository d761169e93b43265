"""What killed processes leave: found and removed, while nothing goes that a row needs or somebody holds."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import pytest
from django.db import DatabaseError

from extraction.domain.progress import Silent
from extraction.models import Document, Extraction, Project
from extraction.services import leftovers, storage
from extraction.services.documents import intake, reading, staging
from extraction.services.operation import health
from extraction.services.projects import projects
from tests.support import builders
from tests.support.drawing import encoded, receipt

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    return builders.project()


@pytest.fixture
def document(project: Project) -> Document:
    return intake.add_document(project, "a.jpg", BytesIO(encoded(receipt())))[0]


def everything(data_dir: Path) -> set[str]:
    """Files and folders of the data folder that hold something or are one of a process."""
    paths = [path for name in ("files", "tmp") for path in (data_dir / name).rglob("*")]
    return {path.relative_to(data_dir).as_posix() for path in paths if path.is_file() or path.parent.name == "tmp"}


class Killed(BaseException):
    """Stands for the kill of the process: no clean-up of the block is done."""


@contextmanager
def killed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The process is killed in the block: what would be tidied up afterwards stays, unlocked."""
    with monkeypatch.context() as dead:
        dead.setattr(leftovers, "settle", lambda relative: (_ for _ in ()).throw(OSError("killed")))
        with pytest.raises(Killed):
            yield


def test_a_live_upload_is_left_alone_and_one_of_a_dead_process_goes(project: Project, data_dir: Path) -> None:
    with staging.stage(BytesIO(b"half a file")) as (staged, _):
        assert leftovers.sweep() == 0
        assert staged.exists()
    (data_dir / "files/incoming/0123456789abcdef").write_bytes(b"half a file")
    assert leftovers.sweep() == 1
    assert everything(data_dir) == set()


def test_what_dies_as_it_is_made_is_removed_at_once(data_dir: Path) -> None:
    for folder in (data_dir / "files/incoming", data_dir / "tmp"):
        folder.mkdir()
    (data_dir / "files/incoming" / f"0123{leftovers.NEW}").touch()
    (data_dir / "files/incoming" / f"0123.projects%2F1{leftovers.NOTE}{leftovers.NEW}").touch()
    (data_dir / "tmp" / f"0123{leftovers.NEW}").mkdir()
    assert leftovers.sweep() == 3
    assert everything(data_dir) == set()


@pytest.mark.parametrize("moment", ["before it is locked", "after it is locked"])
def test_what_is_swept_as_it_is_made_is_made_once_more(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    lock, swept = leftovers.fcntl.flock, []

    def sweep_first(descriptor: int, operation: int) -> None:
        if operation == leftovers.fcntl.LOCK_EX and len(swept) % 2 == 0:
            if moment == "before it is locked":
                swept.append(leftovers.sweep())
            else:
                # The search found it unlocked a moment ago.
                (draft,) = [path for path in data_dir.rglob("*") if path.suffix == leftovers.NEW]
                draft.rmdir() if draft.is_dir() else draft.unlink()
                swept.append(1)
        elif operation == leftovers.fcntl.LOCK_EX:
            swept.append(0)
        lock(descriptor, operation)

    monkeypatch.setattr(leftovers.fcntl, "flock", sweep_first)
    with leftovers.incoming_file() as path:
        assert path.exists()
        assert leftovers.sweep() == 0
    folder = leftovers.own_temporary_folder()
    assert folder.is_dir()
    assert leftovers.sweep() == 0
    assert swept == [1, 0, 1, 0]


def test_an_upload_that_dies_before_the_commit_leaves_nothing(
    project: Project, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*args: object, **kwargs: object) -> None:
        raise Killed

    with killed(monkeypatch):
        monkeypatch.setattr(intake, "_enqueue", die)
        intake.add_document(project, "a.jpg", BytesIO(encoded(receipt())))
    assert not Document.objects.exists()
    assert any(name.endswith("original.jpg") for name in everything(data_dir))
    leftovers.sweep()
    assert everything(data_dir) == set()


def test_an_upload_that_dies_after_the_commit_keeps_its_file(document: Document, data_dir: Path) -> None:
    folder = storage.document_folder(document)
    with leftovers._held(f"dead.{storage.relative(folder).replace('/', '%2F')}{leftovers.NOTE}") as note:
        note.rename(note.with_name("0" + note.name))
    leftovers.sweep()
    assert everything(data_dir) == {f"files/{document.original}"}


def test_a_row_that_is_not_deleted_keeps_its_files(
    document: Document, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise DatabaseError("away")

    monkeypatch.setattr(Document, "delete", fail)
    with pytest.raises(DatabaseError):
        intake.delete(document)
    assert everything(data_dir) == {f"files/{document.original}"}


@pytest.mark.parametrize("subject", ["document", "project", "extraction"])
def test_files_of_a_deleted_row_go_though_the_process_dies_before(
    project: Project, document: Document, data_dir: Path, monkeypatch: pytest.MonkeyPatch, subject: str
) -> None:
    waiting = storage.extraction_folder(project) / "0123"
    waiting.parent.mkdir(parents=True)
    waiting.write_bytes(b"a file")
    doomed = {"document": storage.document_folder(document), "project": storage.project_folder(project)}
    path = doomed.get(subject, waiting)
    with killed(monkeypatch), leftovers.changing(path):
        if subject == "document":
            document.delete()
        elif subject == "project":
            document.delete()
            Project.objects.filter(pk=project.pk).update(schema_version=None)
            project.delete()
        raise Killed
    assert path.exists()
    leftovers.sweep()
    assert not path.exists()
    assert bool(everything(data_dir)) == (subject != "project")


def test_the_files_of_an_extraction_that_waits_are_kept(project: Project, data_dir: Path) -> None:
    assert not Extraction.objects.exists()
    assert leftovers._owners(f"projects/{project.pk}/extractions/0123") is not None
    # What nobody described is never removed.
    other = storage.project_folder(project) / "pretrained" / "first"
    other.mkdir(parents=True)
    with leftovers.changing(other):
        pass
    assert other.exists()


def test_a_document_that_an_earlier_version_half_deleted_gets_its_files_back(
    document: Document, data_dir: Path
) -> None:
    folder = storage.document_folder(document)
    trash = data_dir / "files/incoming/0123456789abcdef"
    folder.rename(trash)
    leftovers.sweep()
    assert everything(data_dir) == {f"files/{document.original}"}


def test_reading_removes_what_a_killed_worker_left_among_the_pages(document: Document, data_dir: Path) -> None:
    pages = storage.document_folder(document) / "pages"
    pages.mkdir()
    (pages / "0000.jpg.4711.draft").write_bytes(b"half a picture")
    reading.read(document.pk, Silent())
    assert len(everything(data_dir)) == 3
    assert not list(pages.glob("*.draft"))


def test_a_document_deleted_while_it_is_read_leaves_no_pictures(
    document: Document, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = reading._store

    def delete_first(row: Document, result: reading.ReadResult) -> bool:
        Document.objects.filter(pk=row.pk).delete()
        return store(row, result)

    monkeypatch.setattr(reading, "_store", delete_first)
    reading.read(document.pk, Silent())
    assert everything(data_dir) == set()


def test_a_process_keeps_its_temporary_files_until_it_is_killed(data_dir: Path) -> None:
    script = "import django; django.setup(); from kdweb.processes import temporary; temporary.use_own_folder()\n"
    script += "import tempfile; held = tempfile.NamedTemporaryFile(); print(held.name, flush=True); input()"
    process = subprocess.Popen(
        [sys.executable, "-c", script],
        env={**os.environ, "KD_DATA_DIR": str(data_dir)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        name = Path(process.stdout.readline().strip())
        assert name.is_relative_to(data_dir / "tmp")
        assert leftovers.sweep() == 0
        assert name.exists()
    finally:
        process.send_signal(signal.SIGKILL)
        process.communicate()
    assert leftovers.sweep() == 1
    assert everything(data_dir) == set()


def test_health_says_where_files_are_missing(document: Document) -> None:
    assert "missing" not in " ".join(issue.sentence for issue in health.issues())
    storage.remove(storage.document_folder(document))
    assert "Files of 1 documents or models are missing from the data folder." in [
        issue.sentence for issue in health.issues()
    ]


def test_deleting_a_project_removes_its_folder(project: Project, document: Document, data_dir: Path) -> None:
    projects.delete(project)
    assert everything(data_dir) == set()
