"""Heartbeats of workers and of the scheduler, in the cache: web and workers of all machines share it."""

import logging
import os
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from extraction.services.jobs.kinds import Queue

logger = logging.getLogger(__name__)

SCHEDULER = "scheduler"
# Seconds for which the last sign of life is remembered.
REMEMBERED = 30 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign of life: when, and the bytes of memory that the worker held then."""

    at: datetime
    memory: int | None


def record_heartbeat(name: str) -> None:
    """Show that a worker serves the queue `name`, or the scheduler its entries; called every few seconds, busy or
    idle."""
    try:
        cache.set(_key(name), time.time(), timeout=settings.JOB_SILENT_SECONDS)
        cache.set(_sign_key(name), (timezone.now(), memory()), timeout=REMEMBERED)
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


def last_signs() -> dict[Queue, Sign | None]:
    """For each queue, the last sign of life of a worker, however long ago within a month."""
    try:
        held = cache.get_many([_sign_key(queue) for queue in Queue])
    except Exception:
        logger.warning("The cache cannot be asked when workers were seen.", exc_info=True)
        held = {}
    return {queue: Sign(*held[_sign_key(queue)]) if _sign_key(queue) in held else None for queue in Queue}


def memory() -> int | None:
    """Bytes that this process and its children hold in memory; pages that they share count for each. None where the
    system does not tell."""
    own = os.getpid()
    try:
        children = Path(f"/proc/{own}/task/{own}/children").read_text().split()
    except OSError:
        children = []
    held = [_resident(str(own)), *map(_resident, children)]
    return sum(size for size in held if size is not None) if held[0] is not None else None


def _resident(pid: str) -> int | None:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError, ValueError):
        return None


def _sign_key(queue: str) -> str:
    return f"worker-{queue}-sign"


def _key(queue: str) -> str:
    return f"worker-{queue}"
