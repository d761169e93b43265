"""What the data folder holds, in bytes by kind: walked now and then, and for a limited time."""

from __future__ import annotations

import os
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.db import connection

from extraction.domain.errors import gettext_noop
from extraction.domain.json_types import JsonObject

# Seconds for which a walk counts, and that one may take.
FRESH, LONGEST = 600, 3.0
KEY = "data-size"
DATABASE, OTHER = "database", "other"
# Folders below that of a project, and those of the data folder itself.
OF_PROJECT = ("documents", "models", "pretrained", "extractions")
_TITLES = (
    *(gettext_noop("Documents"), gettext_noop("Models"), gettext_noop("Pretrained"), gettext_noop("Extractions")),
    *(gettext_noop("Backups"), gettext_noop("Samples"), gettext_noop("Static"), gettext_noop("Other")),
)
OWN = ("backups", "broker", "samples", "static")


@dataclass(frozen=True, slots=True)
class DataSize:
    """Bytes by kind, the largest first; at least these where the walk was cut short and is not `complete`."""

    kinds: tuple[tuple[str, int], ...]
    complete: bool

    @property
    def total(self) -> int:
        return sum(size for _, size in self.kinds)

    def to_json(self) -> JsonObject:
        return {"bytes": dict(self.kinds), "total": self.total, "complete": self.complete}


def data_size() -> DataSize:
    """As it was at most ten minutes ago."""
    held = None
    # Whatever the cache's client raises while it is away.
    with suppress(Exception):
        held = cache.get(KEY)
    if held is None:
        held = _walk(Path(settings.DATA_DIR))
        with suppress(Exception):
            cache.set(KEY, held, FRESH)
    return DataSize(*held)


def _walk(root: Path) -> tuple[tuple[tuple[str, int], ...], bool]:
    sizes: Counter[str] = Counter()
    deadline = time.monotonic() + LONGEST
    complete = True
    for folder, _, names in os.walk(root):
        kind = _kind(Path(folder).relative_to(root).parts)
        for name in names:
            sizes[DATABASE if not kind and name.startswith("db.sqlite3") else kind or OTHER] += _bytes(folder, name)
        if time.monotonic() > deadline:
            complete = False
            break
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_database_size(current_database())")
            sizes[DATABASE] = int(cursor.fetchone()[0])
    return tuple(sizes.most_common()), complete


def _kind(parts: tuple[str, ...]) -> str:
    """Of a folder; empty for the data folder itself."""
    if not parts:
        return ""
    inner = parts[3] if parts[:2] == ("files", "projects") and len(parts) > 3 else ""
    if inner:
        return inner if inner in OF_PROJECT else OTHER
    return parts[0] if parts[0] in OWN else OTHER


def _bytes(folder: str, name: str) -> int:
    try:
        # What is gone since counts nothing; what a link names belongs elsewhere.
        return os.lstat(os.path.join(folder, name)).st_size  # noqa: PTH118
    except OSError:
        return 0
