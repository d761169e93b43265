"""What a program is told when a use case refuses: the status of HTTP and the body of RFC 9457."""

from http import HTTPStatus
from typing import Any

from extraction.services.documents.intake import Refused
from extraction.services.errors import Conflict, Invalid, NotFound
from extraction.services.serving.slots import Busy

MEDIA_TYPE = "application/problem+json"
# What a service raises → the status; the exception's own sentence is the detail.
STATUS: dict[type[Exception], int] = {NotFound: 404, Conflict: 409, Invalid: 422, Refused: 422, Busy: 503}


def export(status: int, detail: str) -> dict[str, Any]:
    """`{"type", "title", "status", "detail"}`."""
    return {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}


def status_of(refusal: Exception) -> int:
    return next(status for kind, status in STATUS.items() if isinstance(refusal, kind))
