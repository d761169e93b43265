"""When a webhook is sent again: waits that grow threefold, for a day, with jitter."""

from __future__ import annotations

import random
from datetime import timedelta

# How long an event is tried, from when it happened or was sent again by hand.
LIFETIME = timedelta(days=1)
FIRST = 5.0
GROWTH = 3.0
LONGEST = 6 * 3600.0
# Share of a wait by which it may be longer, so that what failed together does not come back together.
JITTER = 0.25


def wait(failures: int, *, longest: float = LONGEST) -> timedelta:
    """How long to wait after so many failures in a row, at least 1: 5, 15, 45 s … 6 h, each up to a quarter longer."""
    seconds = min(FIRST * GROWTH ** min(failures - 1, 20), longest)
    return timedelta(seconds=seconds * random.uniform(1, 1 + JITTER))  # no secret
