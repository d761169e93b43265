"""The client: every call of the API, and what takes more than one."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self, TypeVar
from uuid import UUID

from kdweb_client.calls import EveryCall
from kdweb_client.decoding import decode
from kdweb_client.schemas import Batch, CrossCheck, Extraction, Labelling, Training
from kdweb_client.transport import Transport

T = TypeVar("T", Extraction, Batch, Training, Labelling, CrossCheck)
UNDER_WAY = frozenset({"queued", "running", "awaiting"})
SHORTEST_PAUSE, LONGEST_PAUSE = 0.5, 15.0


@dataclass(frozen=True, slots=True)
class BatchAnswer:
    """What became of a file of a batch. `file` is its name, after that of its archive."""

    file: str
    extraction: Extraction


class Client(EveryCall):
    """A project of an installation of kdweb, by a token.

    `url` is the installation's address, such as `https://kdweb.example.com`. `timeout` is for one attempt, in seconds;
    while the server is busy or cannot be reached, calls are repeated for `patience` seconds. Calls raise
    `kdweb_client.Refused`, by its subclasses, and `kdweb_client.Unreachable`. Threads may share a client.
    """

    def __init__(self, url: str, token: str, project: str, *, timeout: float = 120.0, patience: float = 60.0) -> None:
        super().__init__(Transport(url, token, timeout=timeout, patience=patience), project)

    def close(self) -> None:
        self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def wait(self, row: T, *, seconds: float = 600.0) -> T:
        """What the server works on, once it has ended, well or not: `state` and `error` say how.

        Raises `TimeoutError` after `seconds`; the work goes on.
        """
        until, pause = time.monotonic() + seconds, SHORTEST_PAUSE
        while row.state in UNDER_WAY:
            if time.monotonic() + pause > until:
                raise TimeoutError(f"After {seconds:g} s the state is still {row.state}.")
            time.sleep(pause)
            pause = min(1.5 * pause, LONGEST_PAUSE)
            row = self._again(row)
        return row

    def batch_answers(self, id: UUID) -> Iterator[BatchAnswer]:
        """The fields of a batch's files, in their order, as far as they were read."""
        rest = b""
        for piece in self.batch_results(id):
            *lines, rest = (rest + piece).split(b"\n")
            for line in lines:
                answer = json.loads(line)
                yield BatchAnswer(answer["file"], decode(Extraction, answer))

    def _again(self, row: T) -> T:
        calls: dict[type[Any], Callable[[Any], Any]] = {
            Extraction: self.extraction,
            Batch: self.batch,
            Training: self.training_run,
            Labelling: self.label_run,
            CrossCheck: self.cross_check,
        }
        again: T = calls[type(row)](row.id)
        return again
