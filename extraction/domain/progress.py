"""Progress and cancellation of long-running work."""

from typing import Protocol


class Cancelled(Exception):
    """The caller asked for the work to stop; whatever was finished before stays."""


class PutOff(Exception):
    """What the work waits for takes time: it is to be taken up again after so many seconds, from its earlier results.

    `message` says in a few words what it waits for.
    """

    def __init__(self, seconds: float, message: str) -> None:
        super().__init__(message)
        self.seconds = seconds
        self.message = message


class Progress(Protocol):
    """Passed into every engine call that may take longer than a second."""

    def report(self, done: int, total: int, message: str = "") -> None:
        """`done` of `total` steps are finished; `message` names the present step in a few words."""

    def cancelled(self) -> bool:
        """True once the work should stop at its next safe point."""


class Silent:
    """A `Progress` that drops reports and is never cancelled."""

    def report(self, done: int, total: int, message: str = "") -> None:
        pass

    def cancelled(self) -> bool:
        return False


def check(progress: Progress) -> None:
    """Raise `Cancelled` if the work should stop."""
    if progress.cancelled():
        raise Cancelled
