"""The record of the last backup, beside the data that it is of."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from extraction.domain.json_types import JsonObject
from extraction.engines.atomic import atomic_write


@dataclass(frozen=True, slots=True)
class LastBackup:
    """When the last backup was finished, where it was written to, and its size; it was read back and compared."""

    finished: datetime
    path: str
    bytes: int
    files: int
    complete: bool

    def to_json(self) -> JsonObject:
        return {
            "finished": self.finished.isoformat(),
            "path": self.path,
            "bytes": self.bytes,
            "files": self.files,
            "complete": self.complete,
            "verified": True,
        }


def write(backup: LastBackup) -> None:
    with atomic_write(_place()) as draft:
        draft.write_text(json.dumps(backup.to_json(), ensure_ascii=False))


def last() -> LastBackup | None:
    """`None` where there was none yet, or nothing is known of it."""
    try:
        value = json.loads(_place().read_text())
        finished = datetime.fromisoformat(value["finished"])
        return LastBackup(finished, value["path"], value["bytes"], value["files"], value["complete"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _place() -> Path:
    return Path(settings.DATA_DIR) / "last-backup.json"
