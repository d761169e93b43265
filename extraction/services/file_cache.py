"""Cache of the object store: the copies in the data folder of this machine, removed when they were not read for long.

So a machine does not fill up, and what was deleted elsewhere does not stay on it.
"""

from __future__ import annotations

import time
from pathlib import Path, PurePosixPath

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
    return sum(_evicted(place) for place in _unused(time.time() - UNUSED))


def _unused(oldest: float) -> list[Path]:
    unused = []
    for project in (storage.root() / storage.PROJECTS).glob("*"):
        copies = [place for name in OF_FILES for place in (project / name).rglob("*")]
        unused += [place for place in copies if place.is_file() and place.stat().st_mtime < oldest]
        for folder in (project / OF_MODELS).glob("*"):
            files = [place for place in folder.glob("*") if place.is_file()]
            # Of one that is loaded or learned here one file is young at least.
            if files and max(place.stat().st_mtime for place in files) < oldest:
                unused += files
    return unused


def _evicted(place: Path) -> bool:
    if not place.exists():
        return True  # with another one's row
    relative = storage.relative(place)
    if object_store.exists(relative):
        place.unlink(missing_ok=True)
    else:
        for owned in (relative, *map(str, PurePosixPath(relative).parents)):
            leftovers.settle(owned)
    return not place.exists()
