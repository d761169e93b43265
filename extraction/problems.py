"""Problems: refusals of use cases as programs get them, with an HTTP status and the body of RFC 9457."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Self

from extraction.domain.json_types import JsonObject
from extraction.services.documents.intake import Refused
from extraction.services.errors import Conflict, Invalid, Later, NotFound

MEDIA_TYPE = "application/problem+json"
# What a service raises → the status; the exception's own sentence is the detail. `Later` knows its own.
STATUS: dict[type[Exception], int] = {NotFound: 404, Conflict: 409, Invalid: 422, Refused: 422}
REFUSALS: tuple[type[Exception], ...] = (*STATUS, Later)


@dataclass(frozen=True, slots=True)
class Fault:
    """A value that does not fit: `pointer` says where it stands, such as `/query/limit`."""

    pointer: str
    detail: str


@dataclass(frozen=True, slots=True)
class Problem:
    """`detail` is one sentence for people; `faults` are the values that do not fit, where it is about values."""

    status: int
    detail: str
    faults: tuple[Fault, ...] = ()

    @classmethod
    def of(cls, refusal: Exception) -> Self:
        """The problem of one of `REFUSALS`."""
        if isinstance(refusal, Later):
            return cls(refusal.status, str(refusal))
        return cls(next(status for kind, status in STATUS.items() if isinstance(refusal, kind)), str(refusal))

    def to_json(self) -> JsonObject:
        """`{"type", "title", "status", "detail"}`, and `errors` where there are faults."""
        title = HTTPStatus(self.status).phrase
        body: JsonObject = {"type": "about:blank", "title": title, "status": self.status, "detail": self.detail}
        if self.faults:
            body["errors"] = [asdict(fault) for fault in self.faults]
        return body
