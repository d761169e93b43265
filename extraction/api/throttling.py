"""Throttling by token, counted in the cache that all processes share; and the headers that tell of its quota."""

from __future__ import annotations

import logging
import time

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from ninja.throttling import BaseThrottle

from extraction.models import ApiToken
from extraction.services.projects import token_usage

logger = logging.getLogger(__name__)

# Names of the calls that a quota of documents is spent by.
SPENDING = frozenset({"extract", "start_batch", "start_batch_from_store", "upload_documents"})


class PerToken(BaseThrottle):
    """`KD_API_RATE` calls in each window of time. Where the cache cannot add in one step, counts of the same moment
    may fall together, and none counts while it is away: this is a bound on load, no accounting."""

    def allow_request(self, request: HttpRequest) -> bool:
        limit, seconds = settings.KD_API_RATE
        key = f"api:{request.auth.pk}:{int(time.time() // seconds)}"  # type: ignore[attr-defined]
        try:
            return cache.add(key, 1, seconds + 1) or bool(cache.incr(key) <= limit)
        except ValueError:
            return True  # the window has just ended
        except Exception:
            # Whatever the cache's client raises.
            logger.warning("The cache cannot be asked how many calls a token made.", exc_info=True)
            return True

    def wait(self) -> float:
        """Seconds until the next window."""
        seconds = settings.KD_API_RATE[1]
        return float(seconds - time.time() % seconds)


def quota_headers(request: HttpRequest) -> dict[str, str]:
    """What is left of the quota, after a call that spends it: the fields of the IETF's draft `RateLimit header fields
    for HTTP` (draft-ietf-httpapi-ratelimit-headers). Nothing for other calls, and for tokens without a quota."""
    token, match = getattr(request, "auth", None), request.resolver_match
    if not isinstance(token, ApiToken) or token.quota is None or match is None or match.url_name not in SPENDING:
        return {}
    usage = token_usage.of(token)
    return {
        "RateLimit-Policy": f'"documents";q={usage.quota};qu="documents"',
        "RateLimit": f'"documents";r={usage.left};t={usage.seconds}',
    }
