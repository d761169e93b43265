"""SQLite's write-ahead log, in which what was deleted stands until it is overwritten. SQLite removes the log with the
last connection alone, and web processes keep theirs."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from django.db import connection

# For which transactions that are under way are waited for: nobody can write meanwhile.
SECONDS = 1.0


def empty() -> bool:
    """Whether nothing is left in it; with another database there is none."""
    place = Path(str(connection.settings_dict["NAME"]))
    if connection.vendor != "sqlite" or not place.is_file():
        return True
    with closing(sqlite3.connect(place, timeout=SECONDS)) as own:
        busy, *_ = own.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy
