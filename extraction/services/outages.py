"""Outages: errors that are no fault of the work, and pass. What they stop is repeated, not failed."""

from __future__ import annotations

import errno
import sqlite3
from dataclasses import dataclass

from django.db import InterfaceError, OperationalError

from extraction.domain.errors import gettext_noop
from extraction.services import object_store


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
READ_ONLY = Outage(
    gettext_noop("The disk of the data folder takes no changes at the moment; nothing can be stored until it does."),
    503,
    60,
)
STORE = Outage(
    gettext_noop("The object store of the files does not answer at the moment; try again in a minute."), 503, 30
)
_BY_ERRNO = {errno.ENOSPC: DISK, errno.EDQUOT: DISK, errno.EROFS: READ_ONLY}
# Primary result codes of SQLite; others of its operational errors, such as a missing table, do not pass.
_BY_SQLITE_CODE = {
    sqlite3.SQLITE_FULL: DISK,
    sqlite3.SQLITE_READONLY: READ_ONLY,
    sqlite3.SQLITE_BUSY: DATABASE,
    sqlite3.SQLITE_LOCKED: DATABASE,
    sqlite3.SQLITE_IOERR: DATABASE,
    sqlite3.SQLITE_CANTOPEN: DATABASE,
    sqlite3.SQLITE_PROTOCOL: DATABASE,
}


def find(error: BaseException | None) -> Outage | None:
    """The outage that an error tells of, itself or by its cause; None for any other error."""
    if error is None:
        return None
    return _outage(error) or find(error.__cause__)


def _outage(error: BaseException) -> Outage | None:
    if isinstance(error, object_store.Unavailable):
        return STORE
    if isinstance(error, OSError):
        return _BY_ERRNO.get(error.errno or 0)
    if isinstance(error, sqlite3.Error):
        return _BY_SQLITE_CODE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
    if isinstance(error, InterfaceError | OperationalError) and not isinstance(error.__cause__, sqlite3.Error):
        # SQLSTATE 53100, disk_full.
        return DISK if getattr(error.__cause__, "sqlstate", None) == "53100" else DATABASE
    return None
