"""Limits of the size of a request's body, by who sends it and where, checked before any of it is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext

from extraction.models import Role
from extraction.services.documents import staging
from extraction.services.teaching.batches import importing
from extraction.web.access import access_to, refusal

MB = 2**20
# Of people without a session, who may log in and nothing else.
STRANGER = 64 * 1024
# A form of text.
FORM = 2 * MB


@dataclass(frozen=True, slots=True)
class Upload:
    """A URL that takes files, and the role that may send them."""

    bytes: int
    role: Role


UPLOADS = {
    "documents_upload": Upload(staging.ARCHIVE.bytes + MB, Role.REVIEWER),
    "extraction_batches": Upload(staging.ARCHIVE.bytes + MB, Role.REVIEWER),
    "claims": Upload(staging.LIMITS.bytes + MB, Role.OWNER),
    "batch_answers": Upload(importing.MOST_BYTES + MB, Role.OWNER),
    "model_try": Upload(staging.LIMITS.bytes + MB, Role.VIEWER),
    "api_try": Upload(staging.LIMITS.bytes + MB, Role.VIEWER),
}


class BodyLimits:
    """Middleware; calls of the API have limits of their own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, *_: Any) -> HttpResponseBase | None:
        match = request.resolver_match
        if match is None or "api" in match.namespaces:
            return None
        if "HTTP_TRANSFER_ENCODING" in request.META:
            return refusal(request, gettext("Send the request with a Content-Length, not in chunks."), 411)
        length = int(request.META.get("CONTENT_LENGTH") or 0)
        # Whether there is a session is only looked up where it matters.
        if length <= STRANGER or length <= (most := _most(request)):
            return None
        sentence = gettext("The request's body is too large; at most %(size)s are taken here.") % {"size": _size(most)}
        return refusal(request, sentence, 413)


def _most(request: HttpRequest) -> int:
    """Bytes that the request's body may have."""
    if not request.user.is_authenticated:
        return STRANGER
    match = request.resolver_match
    upload = UPLOADS.get(match.url_name or "") if match else None
    if match is None or upload is None:
        return FORM
    try:
        access = access_to(request.user, match.kwargs["slug"])
    except Http404:
        return FORM
    return upload.bytes if access.allows(upload.role) else FORM


def _size(most: int) -> str:
    return f"{most // MB} MB" if most >= MB else f"{most // 1024} kB"
