"""Heartbeats of workers, in the cache: web and workers of all machines share it."""

import logging

from django.conf import settings
from django.core.cache import cache

from extraction.services.jobs.kinds import Queue

logger = logging.getLogger(__name__)


def record_heartbeat(queue: str) -> None:
    """Show that a worker serves `queue`; called by it every few seconds, busy or idle."""
    try:
        cache.set(_key(queue), True, timeout=settings.JOB_SILENT_SECONDS)
    except Exception:
        # Whatever the cache's client raises: the work does not depend on it.
        logger.warning("The worker of the queue %s could not show that it is alive.", queue, exc_info=True)


def alive() -> dict[Queue, bool]:
    """For each queue, whether a worker serves it now."""
    try:
        heartbeats = cache.get_many([_key(queue) for queue in Queue])
    except Exception:
        logger.warning("The cache cannot be asked which workers are alive.", exc_info=True)
        heartbeats = {}
    return {queue: _key(queue) in heartbeats for queue in Queue}


def _key(queue: str) -> str:
    return f"worker-{queue}"
