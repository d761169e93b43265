"""What a call can raise: the server's refusals, as RFC 9457 has them, and a server that cannot be reached."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, ClassVar


class KdwebError(Exception):
    """Whatever goes wrong with a call."""


class Unreachable(KdwebError):
    """No answer came, though the call was repeated; its outcome is unknown."""


class Malformed(KdwebError):
    """The answer is not what this version of the client knows."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A value of the request that does not fit. `pointer` is its place, such as `/query/limit`."""

    pointer: str
    detail: str


class Refused(KdwebError):
    """An answer from 400 on. `detail` is one sentence; `retry_after` counts seconds where the server names them."""

    def __init__(
        self, status: int, title: str, detail: str, faults: tuple[Fault, ...] = (), retry_after: float | None = None
    ) -> None:
        super().__init__(f"{status} {title}: {detail}")
        self.status, self.title, self.detail = status, title, detail
        self.faults, self.retry_after = faults, retry_after

    statuses: ClassVar[dict[int, type[Refused]]] = {}

    def __init_subclass__(cls, *, status: int) -> None:
        cls.statuses[status] = cls

    @classmethod
    def of(cls, status: int, headers: Mapping[str, str], content: bytes) -> Refused:
        """The refusal of an answer, also of one that another server on the way gave: that is no problem in JSON."""
        problem = _problem(content)
        kind = cls.statuses.get(status, Refused)
        faults = tuple(Fault(fault["pointer"], fault["detail"]) for fault in problem.get("errors") or ())
        title = problem.get("title") or _phrase(status)
        return kind(status, title, problem.get("detail") or "The server gave no reason.", faults, seconds(headers))


class Unreadable(Refused, status=400):
    """The request is not what it claims to be."""


class Unauthorized(Refused, status=401):
    """There is no such token, or it counts for nothing any more."""


class Forbidden(Refused, status=403):
    """The token lacks the scope, or its person the role."""


class NotFound(Refused, status=404):
    """There is no such thing in the token's project."""


class Conflict(Refused, status=409):
    """The project cannot do that now."""


class TooLarge(Refused, status=413):
    """The files are too large for one call."""


class Unfit(Refused, status=422):
    """A value does not fit (`faults` say which), or the file cannot be read."""


class TooMany(Refused, status=429):
    """More calls than the server takes, or more documents than the token's quota."""


class ServerFault(Refused, status=500):
    """A fault of the server."""


class Busy(Refused, status=503):
    """Too many files are being read or wait."""


def seconds(headers: Mapping[str, str]) -> float | None:
    """`Retry-After` in seconds; `None` where there is none. kdweb sends no dates there."""
    value = headers.get("Retry-After", "")
    return float(value) if value.isdecimal() else None


def _problem(content: bytes) -> dict[str, Any]:
    try:
        problem = json.loads(content)
    except ValueError:
        return {}
    return problem if isinstance(problem, dict) else {}


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"
