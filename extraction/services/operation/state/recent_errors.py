"""The last errors of the web: a short file in the data folder, which a handler of the log writes.

It is free of Django's models, because logging starts before them.
"""

from __future__ import annotations

import fcntl
import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from extraction.domain.json_types import JsonObject
from extraction.engines.atomic import atomic_write

KEPT = 50
# Characters of a path or a text.
LONGEST = 300


@dataclass(frozen=True, slots=True)
class RecentError:
    """A request that failed. `kind` is the exception's class; `text` is empty where it may quote a document."""

    at: str
    request_id: str
    method: str
    path: str
    kind: str
    text: str
    place: str

    @property
    def time(self) -> datetime:
        return datetime.fromisoformat(self.at)

    def to_json(self) -> JsonObject:
        return dict(asdict(self))


def add(error: RecentError) -> None:
    """Raises `OSError`. Of processes that write at once none loses the other's."""
    with (_place().parent / "recent-errors.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        rows = [*reversed(newest()), error][-KEPT:]
        with atomic_write(_place()) as draft:
            draft.touch(mode=0o600)
            draft.write_text("".join(json.dumps(row.to_json()) + "\n" for row in rows))


def newest() -> list[RecentError]:
    """The newest first; what cannot be read is left out."""
    try:
        lines = _place().read_text().splitlines()
    except (OSError, UnicodeError):
        return []
    return [row for row in map(_read, reversed(lines)) if row is not None]


def _read(line: str) -> RecentError | None:
    try:
        row = RecentError(**json.loads(line))
        datetime.fromisoformat(row.at)
    except (ValueError, TypeError):
        return None
    return row


def _place() -> Path:
    return Path(settings.DATA_DIR) / "recent-errors.jsonl"
