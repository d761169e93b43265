"""Idempotency keys: a POST that comes again with its key makes nothing twice and gets the first answer once more.

As in the IETF's draft of the header `Idempotency-Key`. Only answers of success are kept: a refusal made nothing.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from ninja.errors import Throttled

from extraction.api.errors import problem
from extraction.api.throttling import PerToken
from extraction.models import ApiToken, IdempotentCall
from extraction.services.projects import idempotency, token_usage, tokens
from extraction.services.projects.idempotency import KeptAnswer

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
# What a repetition needs of the headers.
KEPT = ("Content-Type", "Location", "Retry-After")
SHOWN_ONCE = (
    "The first call with this Idempotency-Key was answered with a secret, which is shown once; "
    "replace it if it is lost."
)
View = Callable[..., HttpResponseBase]


def once(view: View) -> View:
    """A view that answers requests with a key once; the row of the call is `request.call` meanwhile, else `None`.

    Raises `Invalid`, `UnderWay`, and whatever Django finds wrong with the body.
    """

    @wraps(view, updated=())
    def wrapped(request: Any, *positional: object, **named: object) -> HttpResponseBase:
        request.call, request.answers_secret = None, False
        key = request.headers.get(HEADER) if request.method == "POST" else None
        token = _token(request) if key is not None else None
        if key is None or token is None:
            return view(request, *positional, **named)
        idempotency.check_key(key)
        call = idempotency.begin(token, key, _digest(request))
        if isinstance(call, KeptAnswer):
            request.auth = token
            _count(request)
            return HttpResponse(call.body, status=call.status, headers={**call.headers, REPLAYED: "true"})
        request.call = call
        try:
            response = view(request, *positional, **named)
            _end(call, response, secret=request.answers_secret)
        except BaseException:
            idempotency.release(call)
            raise
        return response

    return wrapped


def _count(request: Any) -> None:
    """Count a repetition like any other call, which it does not reach; raises `Throttled`."""
    throttle = PerToken()
    if not throttle.allow_request(request):
        raise Throttled(math.ceil(throttle.wait()))
    token_usage.count_call(request.auth)


def _end(call: IdempotentCall, response: HttpResponseBase, *, secret: bool) -> None:
    """`secret`: the answer holds one, which is stored nowhere; a repetition is told so."""
    if response.status_code >= 500:
        idempotency.release(call)
    elif response.status_code >= 300 or not isinstance(response, HttpResponse):
        idempotency.refuse(call)
    elif secret:
        told = problem(409, SHOWN_ONCE)
        idempotency.finish(call, KeptAnswer(409, {"Content-Type": told["Content-Type"]}, told.content.decode()))
    else:
        headers = {name: response.headers[name] for name in KEPT if name in response.headers}
        idempotency.finish(call, KeptAnswer(response.status_code, headers, response.content.decode()))


def _token(request: HttpRequest) -> ApiToken | None:
    """The token that the request comes with; `None` for one that is refused further on."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return tokens.authenticate(token.strip()) if scheme.lower() == "bearer" else None


def _digest(request: HttpRequest) -> str:
    """SHA-256 of method, address and body. Of multipart/form-data the parts count: its boundary is new each time."""
    digest = hashlib.sha256()
    for piece in _pieces(request):
        # Lengths keep two pieces apart from one that looks like both.
        digest.update(len(piece).to_bytes(8, "big") + piece)
    return digest.hexdigest()


def _pieces(request: HttpRequest) -> Iterator[bytes]:
    yield from (text.encode() for text in (request.method or "", request.get_full_path(), request.content_type or ""))
    if request.content_type != "multipart/form-data":
        yield request.body
        return
    for name, values in request.POST.lists():
        yield from (text.encode() for text in (name, *values))
    for name, files in request.FILES.lists():
        for file in files:
            yield from (text.encode() for text in (name, file.name or ""))
            yield _content(file)


def _content(file: Any) -> bytes:
    """SHA-256 of an uploaded file, which is then read from its start once more."""
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.digest()
