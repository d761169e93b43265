"""Outages: errors that are no fault of the work, and pass. What they stop is repeated, not failed."""

from __future__ import annotations

import errno
import sqlite3
from dataclasses import dataclass

from django.db import InterfaceError, OperationalError

from extraction.domain.errors import gettext_noop
from extraction.services import object_store

_FULL = (errno.ENOSPC, errno.EDQUOT)
# Primary result codes of SQLite; others of its operational errors, such as a missing table, do not pass.
_PASSING = frozenset(
    (
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_PROTOCOL,
    )
)


@dataclass(frozen=True, slots=True)
class Outage:
    """What is away, as one sentence for people, with the status of HTTP and the seconds until another try."""

    sentence: str
    status: int
    seconds: int


DATABASE = Outage(gettext_noop("The database does not answer at the moment; try again in a minute."), 503, 30)
DISK = Outage(
    gettext_noop("The disk of the data folder is full; nothing more can be stored until there is room."), 507, 60
)
STORE = Outage(
    gettext_noop("The object store of the files does not answer at the moment; try again in a minute."), 503, 30
)


def find(error: BaseException | None) -> Outage | None:
    """The outage that an error tells of, itself or by its cause; None for any other error."""
    if error is None:
        return None
    return _outage(error) or find(error.__cause__)


def _outage(error: BaseException) -> Outage | None:
    if isinstance(error, object_store.Unavailable):
        return STORE
    if isinstance(error, OSError):
        return DISK if error.errno in _FULL else None
    if isinstance(error, sqlite3.Error):
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        return DISK if code == sqlite3.SQLITE_FULL else DATABASE if code in _PASSING else None
    if isinstance(error, InterfaceError | OperationalError) and not isinstance(error.__cause__, sqlite3.Error):
        # SQLSTATE 53100, disk_full.
        return DISK if getattr(error.__cause__, "sqlstate", None) == "53100" else DATABASE
    return None
