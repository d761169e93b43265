"""Whether an installation is in use: its processes share a lock on the data folder that a restore wants for itself."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from extraction.services.errors import Conflict

UNFINISHED = "A restore of this installation was interrupted; do it again with --replace."


@contextmanager
def shared() -> Iterator[None]:
    """Keep the data folder in use. Raises `Conflict` during a restore and after half of one."""
    with _locked(fcntl.LOCK_SH, "This installation is being restored from a backup; start it afterwards."):
        if _mark().exists():
            raise Conflict(UNFINISHED)
        yield


@contextmanager
def alone() -> Iterator[None]:
    """Keep every process out of the data folder. Raises `Conflict` where one runs."""
    with _locked(fcntl.LOCK_EX, "This installation is running; stop kdweb and its commands first."):
        yield


@contextmanager
def changing() -> Iterator[None]:
    """Mark the data folder as neither the old nor the new one until the block ends, by an exception too."""
    _mark().touch(mode=0o600)
    try:
        yield
    finally:
        _mark().unlink(missing_ok=True)


@contextmanager
def _locked(how: int, refusal: str) -> Iterator[None]:
    descriptor = os.open(Path(settings.DATA_DIR) / "in-use.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, how | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Conflict(refusal) from None
        yield
    finally:
        os.close(descriptor)


def _mark() -> Path:
    return Path(settings.DATA_DIR) / "restore-unfinished"
