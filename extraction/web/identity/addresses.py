"""The address of a client."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str | None:
    """The address of the client. A header is believed only as far as `KD_PROXIES` proxies have written it."""
    named = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    given = named[-settings.KD_PROXIES] if 0 < settings.KD_PROXIES <= len(named) else request.META.get("REMOTE_ADDR")
    try:
        return str(ipaddress.ip_address(given or ""))
    except ValueError:
        return request.META.get("REMOTE_ADDR") or None
