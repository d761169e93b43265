"""Readiness: whether requests can be served, asked of database, broker, cache and disk now, and whether what they ask
for is worked on.

No sentence holds a path, an address or a secret: they are answered to strangers.
"""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.utils.translation import gettext

from extraction.domain.errors import gettext_noop
from extraction.services import object_store
from extraction.services.jobs import workers
from extraction.services.jobs.kinds import Queue

logger = logging.getLogger(__name__)

# Bytes that must be free on the disk of the data folder.
MINIMUM_FREE = 200 * 2**20


class Part(StrEnum):
    """What an installation is made of."""

    DATABASE = "database"
    BROKER = "broker"
    CACHE = "cache"
    STORE = "object store"
    DISK = "disk"
    SCHEDULER = "scheduler"
    DEFAULT_WORKER = "default worker"
    TRAINING_WORKER = "training worker"


_TITLES = (
    *(gettext_noop("Database"), gettext_noop("Broker"), gettext_noop("Cache"), gettext_noop("Object store")),
    gettext_noop("Disk"),
    *(gettext_noop("Scheduler"), gettext_noop("Default worker"), gettext_noop("Training worker")),
)
_RUNNING = {
    Part.SCHEDULER: gettext_noop("The scheduler is running."),
    Part.DEFAULT_WORKER: gettext_noop("The default worker is running."),
    Part.TRAINING_WORKER: gettext_noop("The training worker is running."),
}
_ENDED = {
    Part.SCHEDULER: gettext_noop("The scheduler is not running."),
    Part.DEFAULT_WORKER: gettext_noop("The default worker is not running."),
    Part.TRAINING_WORKER: gettext_noop("The training worker is not running."),
}
WORKERS = frozenset((Part.DEFAULT_WORKER, Part.TRAINING_WORKER))
# What requests can be served without: what is asked for waits until it is there.
DEFERRED = WORKERS | {Part.SCHEDULER}


@dataclass(frozen=True, slots=True)
class Check:
    """The state of one part, with a sentence about it."""

    part: Part
    ready: bool
    sentence: str


def check_all() -> list[Check]:
    """Every part, asked now."""
    return [*check_servers(), check_disk(), *check_processes()]


def is_ready(checks: Sequence[Check]) -> bool:
    """Whether requests can be served."""
    return all(check.ready for check in checks if check.part not in DEFERRED)


def check_servers() -> list[Check]:
    """The parts that may be servers of their own."""
    store = [_check_store()] if object_store.configured() else []
    return [
        _check(
            Part.DATABASE, _query_database, gettext("The database answers."), gettext("The database does not answer.")
        ),
        _check(
            Part.BROKER, _open_broker, gettext("The broker takes messages."), gettext("The broker cannot be reached.")
        ),
        _check(Part.CACHE, _query_cache, gettext("The cache answers."), gettext("The cache does not answer.")),
        *store,
    ]


def _check_store() -> Check:
    answers, away = gettext("The object store answers."), gettext("The object store does not answer.")
    return _check(Part.STORE, lambda: object_store.exists("incoming"), answers, away)


def check_processes() -> list[Check]:
    """The processes of background work, by their heartbeats."""
    alive = workers.alive()
    running = {
        Part.SCHEDULER: workers.scheduler_alive(),
        Part.DEFAULT_WORKER: alive[Queue.DEFAULT],
        Part.TRAINING_WORKER: alive[Queue.TRAINING],
    }
    return [Check(part, runs, gettext(_RUNNING[part] if runs else _ENDED[part])) for part, runs in running.items()]


def check_disk() -> Check:
    """Whether the data folder can be written to and has room."""
    if not os.access(settings.DATA_DIR, os.W_OK):
        return Check(Part.DISK, False, gettext("The data folder cannot be written to."))
    if free_bytes() < MINIMUM_FREE:
        return Check(Part.DISK, False, gettext("The disk of the data folder is full."))
    return Check(Part.DISK, True, gettext("The data folder can be written to."))


def free_bytes() -> int:
    """Free bytes on the disk of the data folder."""
    return shutil.disk_usage(settings.DATA_DIR).free


def _check(part: Part, query: Callable[[], object], ready: str, away: str) -> Check:
    try:
        query()
    except Exception:
        # Whatever the client of a server raises: that it did not answer is all that counts here.
        logger.warning("The %s is not ready.", part, exc_info=True)
        return Check(part, False, away)
    return Check(part, True, ready)


def _query_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _open_broker() -> None:
    with current_app.connection_for_write() as broker:
        channel = broker.default_channel  # opens it, within the timeouts of `kdweb.servers`
        # The embedded broker opens nothing: it is asked whether it can write.
        getattr(channel, "check", lambda: None)()


def _query_cache() -> None:
    cache.get("readiness")
