"""Requests, and when they are repeated."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx

from kdweb_client import errors
from kdweb_client.files import Part

PREFIX = "/api/v1"
# Too many calls; on the way to the server, and at it: nothing was done, or an idempotency key makes it nothing twice.
REPEATED = frozenset({429, 502, 503, 504})
LONGEST_PAUSE = 30.0
# Pauses are up to so much longer than they must be, so that callers who were refused together do not come together.
JITTER = 0.25


@dataclass(frozen=True, slots=True)
class Request:
    """A call: `path` follows `/api/v1`, `body` is sent as JSON, `key` is its `Idempotency-Key`."""

    method: str
    path: str
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None
    files: Sequence[Part] = ()
    key: str | None = None


class Transport:
    """Connections to one server, with one token.

    A call that finds the server busy or unreachable is repeated for `patience` seconds: after the time that
    `Retry-After` names, else after 0.5, 1, 2, … seconds. A `POST` has the same `Idempotency-Key` each time, so that
    it makes nothing twice.
    """

    def __init__(self, url: str, token: str, *, timeout: float, patience: float) -> None:
        self._patience = patience
        self._http = httpx.Client(
            base_url=url.rstrip("/") + PREFIX,
            headers={"Authorization": f"Bearer {token}", "User-Agent": "kdweb-client"},
            timeout=timeout,
        )

    def close(self) -> None:
        self._http.close()

    @contextmanager
    def answer(self, request: Request) -> Iterator[httpx.Response]:
        """The answer, its body not yet read. Raises `Refused` and `Unreachable`."""
        response = self._patiently(request)
        try:
            yield response
        except httpx.TransportError as error:
            raise errors.Unreachable(f"The answer broke off: {error}") from error
        finally:
            response.close()

    def _patiently(self, request: Request) -> httpx.Response:
        key = request.key or (str(uuid4()) if request.method == "POST" else None)
        until = time.monotonic() + self._patience
        pause = 0.5
        while True:
            result = self._attempt(request, key)
            if isinstance(result, httpx.Response):
                return result
            wait = _wait(result, pause)
            if wait is None or time.monotonic() + wait > until:
                raise result
            time.sleep(wait)
            pause = min(2 * pause, LONGEST_PAUSE)

    def _attempt(self, request: Request, key: str | None) -> httpx.Response | errors.KdwebError:
        query = {name: value for name, value in request.query.items() if value is not None}
        try:
            built = self._http.build_request(
                request.method,
                request.path,
                params=query,
                headers={"Idempotency-Key": key} if key else {},
                json=request.body,
                files=[("file", part) for part in request.files] or None,
            )
            response = self._http.send(built, stream=True)
            if response.is_success:
                return response
            with closing(response):
                return errors.Refused.of(response.status_code, response.headers, response.read())
        except httpx.TransportError as error:
            unreachable = errors.Unreachable(f"{self._http.base_url.host} cannot be reached: {error}")
            unreachable.__cause__ = error
            return unreachable


def _wait(error: errors.KdwebError, pause: float) -> float | None:
    """Seconds until the next attempt; `None` where another one would bring nothing."""
    if isinstance(error, errors.Refused):
        if error.status not in REPEATED and error.retry_after is None:
            return None
        pause = pause if error.retry_after is None else error.retry_after
    return pause * (1 + random.uniform(0, JITTER))
