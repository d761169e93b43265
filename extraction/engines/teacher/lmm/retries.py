"""How long to wait before asking again: alone after a fault, together after a rate limit."""

from __future__ import annotations

import asyncio
import random
import time
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Patience:
    """`answers`: how many a document gets until one keeps the format. `tries`: how often one is asked for in spite of
    time-outs, broken connections and errors of the server, after waits that double from `first` to `most` seconds.
    `limited`: seconds that a document waits for rate limits in all."""

    answers: int = 3
    tries: int = 6
    first: float = 0.5
    most: float = 30.0
    limited: float = 900.0

    def wait(self, failures: int) -> float:
        """Seconds before the next try; at random from half to all, so that callers do not come back in step."""
        return random.uniform(0.5, 1.0) * min(self.most, self.first * 2.0 ** (failures - 1))


class Pace:
    """Shared by all callers of a teacher, on one event loop: while the provider asks to wait, nobody asks it."""

    def __init__(self) -> None:
        self._until = 0.0

    def hold(self, seconds: float) -> None:
        self._until = max(self._until, time.monotonic() + seconds)

    @property
    def held(self) -> float:
        """Seconds until one may ask again."""
        return max(0.0, self._until - time.monotonic())

    async def wait(self) -> None:
        # It may be held again meanwhile, by another caller's answer.
        while (seconds := self.held) > 0:
            await asyncio.sleep(seconds + random.uniform(0, 0.05))
