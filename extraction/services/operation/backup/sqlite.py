"""SQLite: a copy by its online backup, which neither stops nor waits for those who write."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.db import connection, connections

from extraction.services.errors import Conflict
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
        connections.close_all()
        with _kept(_place(), copy.parent):
            _copy(copy, _place())
            yield


def _place() -> Path:
    return Path(os.fspath(connection.settings_dict["NAME"]))


@contextmanager
def _kept(place: Path, folder: Path) -> Iterator[None]:
    """The database as it was where the block raises; until then a copy of it is in `folder`."""
    aside = folder / "earlier"
    if sound := _is_database(place):
        _copy(place, aside)
    else:
        _move(place, aside)
    try:
        yield
    except BaseException:
        connections.close_all()
        _copy(aside, place) if sound else _move(aside, place)
        raise


def _is_database(place: Path) -> bool:
    """Whether SQLite can open it; a new one can be opened too."""
    try:
        with closing(sqlite3.connect(place, timeout=TIMEOUT)) as opened:
            opened.execute("PRAGMA schema_version")
    except sqlite3.OperationalError as error:
        raise Conflict(f"The database cannot be opened: {error}.") from error
    except sqlite3.DatabaseError:
        return False
    return True


def _copy(source: Path, target: Path) -> None:
    """All pages of one database into another, in one transaction: whoever has the target open sees all or nothing.

    Raises `Conflict` where a writer of the target does not end within `TIMEOUT`.
    """
    with closing(sqlite3.connect(source)) as read, closing(sqlite3.connect(target, timeout=TIMEOUT)) as written:
        try:
            # The online backup alone would wait for ever.
            written.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            raise Conflict(f"The database cannot be replaced: {error}.") from error
        written.rollback()
        read.backup(written)


def _move(source: Path, target: Path) -> None:
    """A file that is no database, and its log."""
    for side in ("", *SIDE_FILES):
        if (held := Path(f"{source}{side}")).exists():
            held.replace(f"{target}{side}")
        else:
            Path(f"{target}{side}").unlink(missing_ok=True)
