"""Heavy work in the web process: one at a time, a few may wait, and nobody waits for long."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from extraction.domain.errors import UserError


class Busy(UserError):
    """No turn could be had; the message is one sentence for the person who asked. `seconds`: when to ask again."""

    def __init__(self, sentence: str, seconds: int) -> None:
        super().__init__(sentence)
        self.seconds = seconds


class Turns:
    """Hands out turns within this process: at most `waiting` callers wait, each at most `patience` seconds."""

    def __init__(self, waiting: int, patience: float) -> None:
        self._room = threading.BoundedSemaphore(waiting + 1)
        self._turn = threading.Lock()
        self._patience = patience

    @contextmanager
    def take(self) -> Iterator[None]:
        """Raises `Busy` where too many wait already or the turn does not come in time."""
        if not self._room.acquire(blocking=False):
            raise Busy("Too many files are being read right now; try again in a few seconds.", 5)
        try:
            if not self._turn.acquire(timeout=self._patience):
                raise Busy("The files before this one take too long; try again in a minute.", 60)
            try:
                yield
            finally:
                self._turn.release()
        finally:
            self._room.release()
