"""Agreement of files and rows, whenever a process is killed.

Who writes or removes files that belong to a row holds a lock on what it has in `files/incoming` meanwhile: the upload
itself, or a note with the path of the files. The kernel releases the lock of a dead process, so that `sweep` finds what
nobody holds, however long a live upload takes. In an object store, which has no locks, a note lies there as well, and
after a day, when no process is about it any more, any machine follows it.
"""

from __future__ import annotations

import fcntl
import logging
import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from io import BytesIO
from pathlib import Path, PurePath, PurePosixPath
from typing import TypeAlias
from urllib.parse import quote, unquote

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from extraction.engines import digests
from extraction.models import (
    CanaryDocument,
    ClaimImport,
    Document,
    Extraction,
    ExtractionBatch,
    LabelImport,
    Project,
    TrainingRun,
)
from extraction.services import object_store, storage

logger = logging.getLogger(__name__)

# Ending of what has just been made and is not locked yet, and of notes.
NEW = ".new"
NOTE = ".note"
INCOMING = "incoming"
# Nobody is about a note in the object store any more that is older.
ABANDONED = timedelta(days=1)

Owners: TypeAlias = (
    "QuerySet[Project] | QuerySet[Document] | QuerySet[TrainingRun] | QuerySet[Extraction] | QuerySet[ExtractionBatch]"
    " | QuerySet[CanaryDocument] | QuerySet[ClaimImport] | QuerySet[LabelImport]"
)


@contextmanager
def incoming_file() -> Iterator[Path]:
    """An empty file on the disk of the data folder, where a rename to the stored files is atomic; removed afterwards
    unless it was moved."""
    with _held(uuid.uuid4().hex) as path:
        try:
            yield path
        finally:
            path.unlink(missing_ok=True)


@contextmanager
def changing(path: Path) -> Iterator[None]:
    """Around a change of a row and of its files at `path`: afterwards the files are there only where the row is.

    A process that dies in between leaves a note, and `sweep` does the rest. Not inside a transaction.
    """
    relative = storage.relative(path)
    name = f"{uuid.uuid4().hex}.{quote(relative, safe='')}{NOTE}"
    with _held(name) as note:
        _note(name)
        try:
            yield
        finally:
            try:
                settle(relative)
                note.unlink(missing_ok=True)
                _forget(name)
            except (DatabaseError, OSError, object_store.Unavailable):
                logger.warning("Files could not be compared with their row; this is done later.", exc_info=True)


def own_temporary_folder() -> Path:
    """A folder for the temporary files of this process, which `sweep` removes once the process is dead."""
    folder = _temporary() / uuid.uuid4().hex
    # Held until the process ends: the descriptor is never closed.
    _locked(folder, _new_folder)
    return folder


def sweep() -> int:
    """Remove what dead processes left half done, and nothing that a row needs or a live process holds; how many."""
    return sum(_sweep_away(path) for folder in (_incoming(), _temporary()) for path in _entries(folder))


def sweep_store() -> int:
    """Follow the notes in the object store that machines left which are away for good; how many."""
    if not object_store.configured():
        return 0
    followed, oldest = 0, timezone.now() - ABANDONED
    for name in object_store.names(INCOMING):
        with suppress(FileNotFoundError):  # its owner has just finished
            if object_store.stored_at(name) < oldest:
                settle(_noted(PurePosixPath(name)))
                object_store.delete(name)
                followed += 1
    return followed


def settle(relative: str) -> None:
    """Remove the stored files at a path if their row is gone."""
    owners, path = _owners(relative), storage.path(relative)
    if owners is None or owners.exists() or not (path.exists() or object_store.configured()):
        return
    trash = _incoming() / uuid.uuid4().hex
    with transaction.atomic():
        # Who adds a row to the project waits meanwhile: bytes stored anew are not the ones that are removed.
        Project.objects.select_for_update().filter(pk=_project(relative)).first()
        if owners.exists():
            return
        if path.exists():
            path.rename(trash)
        if object_store.configured():
            object_store.delete(relative)
    storage.remove(trash)


def _note(name: str) -> None:
    if object_store.configured():
        object_store.write(BytesIO(), f"{INCOMING}/{name}")


def _forget(name: str) -> None:
    if object_store.configured():
        object_store.delete(f"{INCOMING}/{name}")


def _noted(note: PurePath) -> str:
    """The path that a note names."""
    return unquote(note.stem.partition(".")[2])


def _incoming() -> Path:
    return storage.root() / INCOMING


def _temporary() -> Path:
    return Path(settings.DATA_DIR) / "tmp"


@contextmanager
def _held(name: str) -> Iterator[Path]:
    """A new file in `incoming` that is locked from the moment at which it has its name."""
    path = _incoming() / name
    descriptor = _locked(path, _new_file)
    try:
        yield path
    finally:
        os.close(descriptor)


def _locked(path: Path, make: Callable[[Path], int]) -> int:
    """The descriptor of a new file or folder, locked before it has its name.

    Unlocked for a moment, a draft may be swept as if its process were dead; then it is made once more.
    """
    draft = path.with_name(path.name + NEW)
    while True:
        path.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError):
            descriptor = make(draft)
            try:
                # Some network file systems have no locks: nothing is swept there.
                with suppress(OSError):
                    fcntl.flock(descriptor, fcntl.LOCK_EX)
                draft.rename(path)
            except BaseException:
                os.close(descriptor)
                raise
            return descriptor


def _new_file(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)


def _new_folder(path: Path) -> int:
    path.mkdir()
    return os.open(path, os.O_RDONLY | os.O_CLOEXEC)


def _entries(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []


def _sweep_away(path: Path) -> bool:
    try:
        if _is_held(path):
            return False
        if path.suffix == NEW and path.is_dir():
            # Not with what is in it: its process may live and give it its name at this moment.
            path.rmdir()
            return True
        if path.suffix == NOTE:
            settle(_noted(path))
            _forget(path.name)
        elif path.is_dir() and path.parent == _incoming():
            _put_back(path)
        storage.remove(path)
    except FileNotFoundError:
        return False  # its owner has just finished
    return True


def _is_held(path: Path) -> bool:
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(descriptor)
    return False


def _project(relative: str) -> int:
    return int(PurePosixPath(relative).parts[1])


def _owners(relative: str) -> Owners | None:
    """The row that needs the files at a path; None for a path of a kind that is never removed."""
    match PurePosixPath(relative).parts:
        case ("projects", project):
            return Project.objects.filter(pk=int(project))
        case ("projects", project, "documents", _, sha256):
            return Document.objects.filter(project=int(project), sha256=sha256)
        case ("projects", _, "extractions", _):
            return Extraction.objects.filter(file=relative)
        case ("projects", _, "extraction-batches", _):
            return ExtractionBatch.objects.filter(folder=relative)
        case ("projects", _, "canaries", _):
            return CanaryDocument.objects.filter(file=relative)
        case ("projects", _, "claims", _):
            return ClaimImport.objects.filter(file=relative)
        case ("projects", _, "label-files", _):
            return LabelImport.objects.filter(file=relative)
        case ("projects", _, "models", _):
            # A model that forgot documents has given its files up.
            return TrainingRun.objects.filter(folder=relative).exclude(model_version__folder="")
    return None


def _put_back(folder: Path) -> None:
    """Earlier versions moved a document's folder here before its row was deleted, and may have been killed then."""
    for original in folder.glob("original.*"):
        for document in Document.objects.filter(sha256=digests.of_file(original)):
            place = storage.document_folder(document)
            if folder.exists() and not place.exists():
                place.parent.mkdir(parents=True, exist_ok=True)
                folder.rename(place)
