"""Heartbeats of workers and of the scheduler, in the cache: web and workers of all machines share it."""

import logging
import time

from django.conf import settings
from django.core.cache import cache

from extraction.services.jobs.kinds import Queue

logger = logging.getLogger(__name__)

SCHEDULER = "scheduler"


def record_heartbeat(name: str) -> None:
    """Show that a worker serves the queue `name`, or the scheduler its entries; called every few seconds, busy or
    idle."""
    try:
        cache.set(_key(name), time.time(), timeout=settings.JOB_SILENT_SECONDS)
    except Exception:
        # Whatever the cache's client raises: the work does not depend on it.
        logger.warning("The process of %s could not show that it is alive.", name, exc_info=True)


def alive() -> dict[Queue, bool]:
    """For each queue, whether a worker serves it now."""
    recent = _recent(*Queue)
    return {queue: queue in recent for queue in Queue}


def scheduler_alive() -> bool:
    """Whether the scheduler is at work."""
    return SCHEDULER in _recent(SCHEDULER)


def _recent(*names: str) -> set[str]:
    try:
        heartbeats = cache.get_many([_key(name) for name in names])
    except Exception:
        logger.warning("The cache cannot be asked which processes are alive.", exc_info=True)
        heartbeats = {}
    now = time.time()
    # A time far in the future is one of before the clock was set back, and says nothing.
    ages = {name: abs(now - float(heartbeats[_key(name)])) for name in names if _key(name) in heartbeats}
    return {name for name, age in ages.items() if age < settings.JOB_SILENT_SECONDS}


def _key(name: str) -> str:
    return f"worker-{name}"
