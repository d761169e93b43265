"""Slots for heavy work in the web process: one caller works, a few wait for a limited time, the rest are refused."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext

from extraction.services.errors import Later


class Busy(Later):
    """No slot could be had, or too much waits already."""


class Slots:
    """One slot of this process: at most `waiting` callers wait for it, each at most `timeout` seconds."""

    def __init__(self, waiting: int, timeout: float) -> None:
        self._callers = threading.BoundedSemaphore(waiting + 1)
        self._slot = threading.Lock()
        self._timeout = timeout

    @contextmanager
    def acquire(self, patience: float | None = None) -> Iterator[None]:
        """Raises `Busy` where too many wait already or the slot is not free in time (or after `patience` seconds)."""
        if not self._callers.acquire(blocking=False):
            raise Busy(gettext("Too many files are being read right now; try again in a few seconds."), 5)
        try:
            if not self._slot.acquire(timeout=self._timeout if patience is None else patience):
                raise Busy(gettext("The files before this one take too long; try again in a minute."), 60)
            try:
                yield
            finally:
                self._slot.release()
        finally:
            self._callers.release()
