"""Request logging: one line a request, and an id that all its lines share."""

import logging
import time
import uuid
from collections.abc import Callable
from http import HTTPStatus

import structlog
from django.http import HttpRequest, HttpResponse

logger = structlog.stdlib.get_logger(__name__)


class RequestLog:
    """Middleware that binds a fresh `request_id` to the log lines of a request and answers it as `X-Request-ID`.

    The line holds method, path, status, milliseconds, and the primary key of the account and the prefix of the token
    where there are such; no query, no header, no body.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id, started = uuid.uuid4().hex, time.perf_counter()
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            response = self.get_response(request)
            response["X-Request-ID"] = request_id
            logger.log(
                _level(response.status_code),
                "request",
                method=request.method,
                path=request.path,
                status=response.status_code,
                ms=round(1000 * (time.perf_counter() - started)),
                **_caller(request),
            )
        return response


class NotKept:
    """Middleware that keeps answers out of caches, so that nobody goes back to them after a logout; an answer that
    says itself how long it may be kept stays as it is."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response


def _level(status: int) -> int:
    # An answer to try again later is no fault.
    return logging.ERROR if status >= 500 and status != HTTPStatus.SERVICE_UNAVAILABLE else logging.INFO


def _caller(request: HttpRequest) -> dict[str, object]:
    token = getattr(request, "auth", None)
    if token is not None:
        return {"user": token.user_id, "token": token.prefix}
    # Only a user that the view has looked up already: logging makes no query.
    user = getattr(request, "_cached_user", None)
    return {"user": user.pk} if user is not None and user.pk else {}
