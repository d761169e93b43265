"""SQLite: a copy by its online backup, which neither stops nor waits for those who write."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.db import connection, connections

from extraction.services.operation.backup.manifest import Damaged
from extraction.services.operation.backup.rows import Query

# Seconds to wait for a writer.
TIMEOUT = 60
SIDE_FILES = ("-wal", "-shm", "-journal")


class Sqlite:
    @contextmanager
    def copy(self, target: Path) -> Iterator[Query]:
        target.unlink(missing_ok=True)
        with closing(sqlite3.connect(target)) as copied:
            with closing(sqlite3.connect(_place(), timeout=TIMEOUT)) as source:
                source.backup(copied)
            # One file, without a log beside it.
            copied.execute("PRAGMA journal_mode=DELETE")
            yield lambda sql: copied.execute(sql).fetchall()

    def check(self, copy: Path) -> None:
        try:
            with closing(sqlite3.connect(copy)) as opened:
                sound = opened.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        except sqlite3.DatabaseError:
            sound = False
        if not sound:
            raise Damaged("The database in the archive is damaged.")

    @contextmanager
    def put_back(self, copy: Path) -> Iterator[None]:
        place = _place()
        aside = place.with_name(f"{place.name}.before-restore")
        # Beside its place, so that it is there as a whole or not at all.
        draft = place.with_name(f"{place.name}.restored")
        shutil.move(copy, draft)
        connections.close_all()
        if existed := place.exists():
            _fold_log_in(place)
            place.replace(aside)
        try:
            draft.replace(place)
            yield
        except BaseException:
            connections.close_all()
            _remove(place)
            if existed:
                aside.replace(place)
            raise
        aside.unlink(missing_ok=True)


def _place() -> Path:
    return Path(os.fspath(connection.settings_dict["NAME"]))


def _fold_log_in(place: Path) -> None:
    """What stands in the log alone into the file itself. A file that is no database stays as it is."""
    try:
        with closing(sqlite3.connect(place, timeout=TIMEOUT)) as opened:
            opened.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.DatabaseError:
        pass
    for side in SIDE_FILES:
        Path(f"{place}{side}").unlink(missing_ok=True)


def _remove(place: Path) -> None:
    for side in ("", *SIDE_FILES):
        Path(f"{place}{side}").unlink(missing_ok=True)
