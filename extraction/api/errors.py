"""Handlers of errors: every refusal becomes `application/problem+json` (RFC 9457), by the table of `problems`."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation, TooManyFilesSent
from django.db import DataError
from django.http import Http404, HttpRequest, JsonResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError

from extraction import problems
from extraction.api.auth import Forbidden
from extraction.domain.errors import UserError
from extraction.problems import Fault, Problem
from extraction.services import outages
from extraction.services.errors import Later

logger = logging.getLogger(__name__)


class TooLarge(UserError):
    """The request's body is longer than the call takes; the message is one sentence."""


class NoLength(UserError):
    """The request's body comes without its length; the message is one sentence."""


def problem(
    status: int, detail: str, *, faults: Sequence[Fault] = (), headers: Mapping[str, str] | None = None
) -> JsonResponse:
    return JsonResponse(
        Problem(status, detail, tuple(faults)).to_json(),
        status=status,
        content_type=problems.MEDIA_TYPE,
        headers=headers,
        json_dumps_params={"ensure_ascii": False},
    )


# The exception's own sentence is the detail. Two come beside what services refuse.
STATUS: dict[type[Exception], int] = {**problems.STATUS, Forbidden: 403, TooLarge: 413, NoLength: 411}
# The same for what Django finds wrong with a request, in our words.
REQUEST: dict[type[Exception], tuple[int, str]] = {
    Http404: (404, "There is nothing at this address."),
    RequestDataTooBig: (413, "The request's body is too large."),
    TooManyFilesSent: (413, "The request holds too many files."),
    SuspiciousOperation: (400, "The request cannot be read."),
    BadRequest: (400, "The request cannot be read."),
    # Databases take no NUL, no half of a surrogate pair and no number that is too large.
    DataError: (400, "The request holds a value that cannot be stored."),
    OverflowError: (400, "The request holds a value that cannot be stored."),
    UnicodeEncodeError: (400, "The request holds a value that cannot be stored."),
    MultiPartParserError: (400, "The request's body is not valid multipart/form-data."),
    UnreadablePostError: (400, "The request's body did not come whole."),
}


def register(api: NinjaAPI) -> None:
    for kind, status in STATUS.items():
        api.add_exception_handler(kind, _refusal(status))
    for kind, (status, sentence) in REQUEST.items():
        api.add_exception_handler(kind, _refusal(status, sentence))
    api.add_exception_handler(Later, _later)
    api.add_exception_handler(AuthenticationError, _unauthorised)
    api.add_exception_handler(Throttled, _throttled)
    api.add_exception_handler(ValidationError, _invalid)
    api.add_exception_handler(HttpError, _http)
    api.add_exception_handler(Exception, unexpected)


def unexpected(request: HttpRequest, error: Any) -> JsonResponse:
    """An outage, or a bug: its text may quote a document or a key and therefore goes to the log only."""
    if outage := outages.find(error):
        logger.warning("%s %s was refused: %s", request.method, request.path, outage.sentence, exc_info=error)
        return problem(outage.status, outage.sentence, headers={"Retry-After": str(outage.seconds)})
    logger.error("%s %s failed.", request.method, request.path, exc_info=error, extra={"request": request})
    return problem(500, "Something went wrong here; it was written into the log.")


def _refusal(status: int, sentence: str = "") -> Callable[[HttpRequest, Any], JsonResponse]:
    return lambda request, error: problem(status, sentence or str(error))


def _later(request: HttpRequest, error: Any) -> JsonResponse:
    return problem(error.status, str(error), headers={"Retry-After": str(error.seconds)})


def _unauthorised(request: HttpRequest, error: Any) -> JsonResponse:
    sentence = "Send a valid token of the project in the header Authorization: Bearer TOKEN."
    return problem(401, sentence, headers={"WWW-Authenticate": 'Bearer realm="kdweb"'})


def _throttled(request: HttpRequest, error: Any) -> JsonResponse:
    seconds = str(math.ceil(error.wait or 1))
    sentence = f"This token has asked for too much; go on in {seconds} s."
    return problem(429, sentence, headers={"Retry-After": seconds})


def _invalid(request: HttpRequest, error: Any) -> JsonResponse:
    faults = [Fault(_pointer(row["loc"]), str(row["msg"])) for row in error.errors]
    return problem(422, "Some values do not fit; see errors.", faults=faults)


def _pointer(location: tuple[Any, ...]) -> str:
    """The pointer to a value: `/query/limit`, `/body/minutes`, `/file/file`."""
    # ninja puts the name of the view's argument between "body" and the keys of the body.
    parts = [location[0], *location[2:]] if location[0] == "body" and len(location) > 1 else list(location)
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def _http(request: HttpRequest, error: Any) -> JsonResponse:
    # ninja's own: a body that is no JSON, for one.
    return problem(
        error.status_code, "The request's body is not valid JSON." if error.status_code == 400 else str(error)
    )
