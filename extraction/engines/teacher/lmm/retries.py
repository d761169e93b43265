"""Waiting times: of one request after an error, of all requests after a rate limit."""

from __future__ import annotations

import asyncio
import random
import time
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Limits for one document; waits are in seconds.

    `max_answers`: answers until one follows the schema. `max_tries`: requests for one answer, in spite of time-outs,
    broken connections and errors of the server, after waits that double from `first_wait` to `max_wait`.
    `max_limited`: waiting for rate limits in all.
    """

    max_answers: int = 3
    max_tries: int = 6
    first_wait: float = 0.5
    max_wait: float = 30.0
    max_limited: float = 900.0

    def wait(self, failures: int) -> float:
        """Seconds before the next try; at random from half to all, so that callers do not come back in step."""
        return random.uniform(0.5, 1.0) * min(self.max_wait, self.first_wait * 2.0 ** (failures - 1))


class RateLimitGate:
    """Shared by all callers of a teacher, on one event loop: no request passes while the provider asks to wait."""

    def __init__(self) -> None:
        self._closed_until = 0.0

    def close(self, seconds: float) -> None:
        self._closed_until = max(self._closed_until, time.monotonic() + seconds)

    @property
    def remaining(self) -> float:
        """Seconds until the gate opens."""
        return max(0.0, self._closed_until - time.monotonic())

    async def wait(self) -> None:
        # Another caller's response may close it again meanwhile.
        while (seconds := self.remaining) > 0:
            await asyncio.sleep(seconds + random.uniform(0, 0.05))
