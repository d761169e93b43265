"""Places of files below the data folder. Rows hold paths relative to `root()`.

With an object store (`object_store`) files that rows name lie there, and what lies in the data folder is a copy, which
`file_cache` removes when it was not read for long. What a training or a cross-check still works on lies on its machine
alone.
"""

import os
import shutil
import uuid
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import IO

from django.conf import settings

from extraction.models import Document, LabelRun, Project
from extraction.services import object_store

# Folder of the projects' files below `root()`.
PROJECTS = "projects"
# Ending of a copy that is being written.
DRAFT = ".draft"


def root() -> Path:
    return Path(settings.DATA_DIR) / "files"


def path(relative: str) -> Path:
    """The place of a file in the data folder, whether it is there or not."""
    return root() / relative


def fetch(relative: str) -> Path:
    """The path of a stored file to read, copied from the object store where it is not here.

    Raises `FileNotFoundError` where only the store could have it, and `object_store.Unavailable`.
    """
    place = path(relative)
    if object_store.configured():
        if not place.is_file():
            with object_store.open_file(relative) as source:
                _write(source, place)
        with suppress(OSError):
            # The time of the last use, see `file_cache`.
            os.utime(place)
    return place


def fetch_folder(relative: str, last: str) -> Path:
    """As `fetch` for a folder, which is complete where it holds the file `last`; empty or missing where it is
    nowhere."""
    if object_store.configured() and not is_here(relative, last):
        for name in sorted(object_store.names(relative), key=lambda name: name.endswith(f"/{last}")):
            fetch(name)
    return path(relative)


def is_here(relative: str, last: str) -> bool:
    """Whether a complete folder lies in the data folder, which counts as a use of it; see `fetch_folder`."""
    place = path(relative) / last
    if object_store.configured():
        with suppress(OSError):
            os.utime(place)
    return place.is_file()


def open_file(relative: str) -> IO[bytes]:
    """A stored file to read once: no copy of it stays here. Raises as `fetch` does."""
    place = path(relative)
    if object_store.configured() and not place.is_file():
        return object_store.open_file(relative)
    return place.open("rb")


def exists(relative: str) -> bool:
    """Whether a file, or a folder with a file, is stored. Raises `object_store.Unavailable`."""
    if object_store.configured():
        return object_store.exists(relative) or any(object_store.names(relative))
    return path(relative).exists()


def names(folder: str) -> list[str]:
    """The names of the stored files below a folder, in order."""
    return sorted(object_store.names(folder)) if object_store.configured() else names_here(folder)


def names_here(folder: str) -> list[str]:
    """As `names` for the data folder of this machine."""
    return sorted(relative(place) for place in path(folder).rglob("*") if place.is_file())


def keep(staged: Path, place: Path) -> None:
    """Move a complete file of this disk to its place. Raises `object_store.Unavailable`."""
    if object_store.configured():
        # No copy stays: often another machine is the next to read it.
        object_store.put(staged, relative(place))
        staged.unlink(missing_ok=True)
    else:
        place.parent.mkdir(parents=True, exist_ok=True)
        staged.replace(place)


def keep_copy(source: Path, place: Path) -> None:
    """As `keep` with a copy of a file that stays where it is."""
    if object_store.configured():
        object_store.put(source, relative(place))
    else:
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, place)


def publish(places: Iterable[Path]) -> None:
    """Copy files that were written in place to the object store, before a row names them. Raises `OSError` and
    `object_store.Unavailable`."""
    if object_store.configured():
        for place in places:
            object_store.put(place, relative(place))


def keep_only(folder: Path, places: Iterable[Path]) -> None:
    """Remove all files of a folder but these."""
    held = set(places)
    for place in set(folder.glob("*")) - held:
        place.unlink(missing_ok=True)
    if object_store.configured():
        for name in set(object_store.names(relative(folder))) - {relative(place) for place in held}:
            object_store.delete(name)


def project_folder(project: Project) -> Path:
    return root() / PROJECTS / str(project.pk)


def document_folder(document: Document) -> Path:
    """Folder of a document, named by content: the same bytes stored again make the same files."""
    return project_folder(document.project) / "documents" / document.sha256[:2] / document.sha256


def model_folder(project: Project, name: str) -> Path:
    return project_folder(project) / "models" / name


def cross_check_folder(project: Project) -> Path:
    """Folder of what cross-checks that go on have learned, removed with their end."""
    return project_folder(project) / "cross-checks"


def extraction_folder(project: Project) -> Path:
    """Folder of the files of extractions that wait for a worker."""
    return project_folder(project) / "extractions"


def extraction_batches_folder(project: Project) -> Path:
    """Folder of the files of batches that wait for a worker, in a folder for each."""
    return project_folder(project) / "extraction-batches"


def canary_folder(project: Project) -> Path:
    """Folder of the files of a canary that wait for the answer of the other version."""
    return project_folder(project) / "canaries"


def claims_folder(project: Project) -> Path:
    """Folder of the tables of claims."""
    return project_folder(project) / "claims"


def label_files_folder(project: Project) -> Path:
    """Folder of the label files that are not loaded yet."""
    return project_folder(project) / "label-files"


def batch_folder(run: LabelRun) -> Path:
    """Folder of the batch files of a label run: requests, and answers that wait to be stored."""
    return batches_folder(run.project_id) / str(run.pk)


def batches_folder(project: int) -> Path:
    """Folder of the batch files of a project's label runs, in a folder for each run."""
    return root() / PROJECTS / str(project) / "batches"


def relative(absolute: Path) -> str:
    """The path of a file below `root()` as rows hold it."""
    return absolute.relative_to(root()).as_posix()


def remove(path: Path) -> None:
    """Delete a file, or a folder and all in it, if it is there, and its copies in the object store."""
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
    if object_store.configured() and path.is_relative_to(root() / PROJECTS):
        object_store.delete(relative(path))


def _write(source: IO[bytes], place: Path) -> None:
    """A copy that is there whole or not at all."""
    place.parent.mkdir(parents=True, exist_ok=True)
    draft = place.with_name(f".{uuid.uuid4().hex}{DRAFT}")
    try:
        with draft.open("wb") as out:
            shutil.copyfileobj(source, out)
        draft.replace(place)
    finally:
        draft.unlink(missing_ok=True)
