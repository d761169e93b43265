"""Cache of the object store: the copies in the data folder of this machine, removed when they were not read for long.

So a machine does not fill up, and what was deleted elsewhere does not stay on it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from extraction.engines.student import model_folder
from extraction.services import leftovers, object_store, storage

# Seconds since the last use.
UNUSED = 24 * 3600.0
# Folders of a project whose files are copies; of others some are at work on this machine alone.
OF_FILES = ("documents", "extractions", "extraction-batches", "canaries", "claims", "batches")
OF_MODELS = "models"


def evict() -> int:
    """Remove copies that were not used for a day; how many files. What the store lacks stays while its row does.

    Raises `object_store.Unavailable`.
    """
    if not object_store.configured():
        return 0
    oldest = time.time() - UNUSED
    return sum(_evicted(copies, oldest) for copies in list(_together()))


def _together() -> Iterator[list[Path]]:
    """Files that go together: each by itself, those of a model at once."""
    for project in (storage.root() / storage.PROJECTS).glob("*"):
        for name in OF_FILES:
            yield from ([place] for place in (project / name).rglob("*") if place.is_file())
        for folder in (project / OF_MODELS).glob("*"):
            files = [place for place in folder.glob("*") if place.is_file()]
            # The manifest first: a folder that has one counts as complete.
            yield sorted(files, key=lambda place: place.name != model_folder.MANIFEST)


def _evicted(copies: Sequence[Path], oldest: float) -> int:
    if _used_since(copies, oldest):
        return 0
    stored = []
    for place in copies:
        if place.suffix == storage.DRAFT:
            place.unlink(missing_ok=True)  # of a process that was killed
        elif object_store.exists(storage.relative(place)):
            stored.append(place)
        elif place.exists():  # not gone with another one's row
            _settle(place)
    # Asked once more: the store took its time, and another process may read them now.
    if not _used_since(stored, oldest):
        for place in stored:
            place.unlink(missing_ok=True)
    return sum(not place.exists() for place in copies)


def _used_since(copies: Sequence[Path], oldest: float) -> bool:
    """Of a model that is loaded or learned here one file is young at least."""
    return any(place.stat().st_mtime >= oldest for place in copies if place.exists())


def _settle(place: Path) -> None:
    relative = storage.relative(place)
    for owned in (relative, *map(str, PurePosixPath(relative).parents)):
        leftovers.settle(owned)
