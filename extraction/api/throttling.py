"""Throttling by token, counted in the cache that all processes share."""

from __future__ import annotations

import logging
import time

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from ninja.throttling import BaseThrottle

logger = logging.getLogger(__name__)


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
