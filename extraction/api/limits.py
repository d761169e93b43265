"""Limits of the size of a request's body, checked before any of it is read."""

from django.http import HttpRequest

from extraction.api.errors import NoLength, TooLarge
from extraction.services.documents import staging

MB = 2**20
# Room for what multipart adds to a file.
MARGIN = MB
# URL name → bytes; all other calls send a little JSON or nothing.
BYTES = {
    "extract": staging.LIMITS.bytes + MARGIN,
    "start_batch_from_store": staging.LIMITS.bytes + MARGIN,
    "start_batch": staging.ARCHIVE.bytes + MARGIN,
    "upload_documents": staging.ARCHIVE.bytes + MARGIN,
}


def check(request: HttpRequest) -> None:
    """Raises `TooLarge`, and `NoLength` for a body in chunks, which would count as empty."""
    if "HTTP_TRANSFER_ENCODING" in request.META:
        raise NoLength("Send the request with a Content-Length, not in chunks.")
    match = request.resolver_match
    most = BYTES.get(match.url_name or "", MARGIN) if match else MARGIN
    if int(request.META.get("CONTENT_LENGTH") or 0) > most:
        raise TooLarge(f"The request's body is too large; at most {most // MB} MB are taken here.")
