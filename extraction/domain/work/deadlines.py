"""Deadlines of work on one document, kept wherever the work is long: between pages, windows and values.

What a service begins `within` a number of seconds, engines end by `check`, however deep in calls they are. One step
between two checks is bounded by its input: pixels of a page, tokens of a window, characters of a line.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from extraction.domain.errors import UserError, gettext_noop

_deadline: ContextVar[tuple[float, float] | None] = ContextVar("deadline", default=None)


class TooSlow(UserError):
    """The work on a document took longer than it may; the message is one sentence."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Let `check` raise once that much wall clock has passed; inside another deadline the earlier one counts."""
    end, outer = time.monotonic() + seconds, _deadline.get()
    token = _deadline.set((end, seconds) if outer is None or end < outer[0] else outer)
    try:
        yield
    finally:
        _deadline.reset(token)


def check() -> None:
    """Raises `TooSlow` after the deadline, if there is one."""
    deadline = _deadline.get()
    if deadline is not None and time.monotonic() > deadline[0]:
        raise TooSlow(
            gettext_noop("Working on this document took longer than {deadline} seconds; try fewer pages."),
            deadline=f"{deadline[1]:.0f}",
        )
