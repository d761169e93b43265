"""Whether the installation is well: what a probe asks for, and in words what needs somebody's attention.

No sentence holds a path, an address or a secret: some are answered to strangers.
"""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass

from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from extraction.engines.teacher import registry as teachers
from extraction.models import Project
from extraction.services.jobs import queue as job_queue

logger = logging.getLogger(__name__)

# Free bytes of the data folder's disk: below the first nothing may be promised, below the second somebody should look.
LEAST_FREE = 200 * 2**20
LITTLE_FREE = 2 * 2**30
LOCAL_HOSTS = frozenset(("localhost", "127.0.0.1", "[::1]", "testserver"))


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that requests cannot be served without."""

    name: str
    well: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that somebody should put right. `code` is that of Django's system check; `grave`: work is at risk."""

    code: str
    sentence: str
    remedy: str
    grave: bool = False


def readiness() -> list[Check]:
    """Database, broker, cache and disk, each asked now."""
    return [
        _asked("database", _ask_database, "The database answers.", "The database does not answer."),
        _asked("broker", _ask_broker, "The broker takes messages.", "The broker cannot be reached."),
        _asked("cache", _ask_cache, "The cache answers.", "The cache does not answer."),
        _disk(),
    ]


def troubles(*, thorough: bool = True) -> list[Trouble]:
    """All that is known to be wrong, the gravest first. Without `thorough` only what costs next to nothing to ask."""
    # A new database has no table for the cache either: that is no trouble of its own.
    found = (_unmigrated() or _servers()) if thorough else []
    # Without its servers nothing can be known of the workers and of what projects chose.
    found += [] if found else [*_idle(), *_unreadable()]
    found += [*_room(), *_unlabelled(), *_exposed()]
    return sorted(found, key=lambda trouble: not trouble.grave)


def _asked(name: str, ask: Callable[[], object], well: str, ill: str) -> Check:
    try:
        ask()
    except Exception:
        # Whatever the client of a server raises: that it did not answer is all that counts here.
        logger.warning("The %s is not ready.", name, exc_info=True)
        return Check(name, False, ill)
    return Check(name, True, well)


def _ask_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _ask_broker() -> None:
    with current_app.connection_for_write() as broker:
        broker.default_channel  # noqa: B018  # opens it, with the patience of `kdweb.servers`


def _ask_cache() -> None:
    cache.get("readiness")


def _disk() -> Check:
    if not os.access(settings.DATA_DIR, os.W_OK):
        return Check("disk", False, "The data folder cannot be written to.")
    if _free() < LEAST_FREE:
        return Check("disk", False, "The disk of the data folder is full.")
    return Check("disk", True, "The data folder can be written to.")


def _free() -> int:
    return shutil.disk_usage(settings.DATA_DIR).free


def _servers() -> list[Trouble]:
    codes = {"database": "W001", "broker": "W002", "cache": "W003"}
    remedy = "Start it, or correct the variable that names it; the log has the reason."
    failed = [asked for asked in readiness() if asked.name in codes and not asked.well]
    return [Trouble(codes[asked.name], asked.sentence, remedy, grave=True) for asked in failed]


def _unmigrated() -> list[Trouble]:
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except Exception:
        return []  # a database that does not answer has been told of
    remedy = "Stop kdweb and run make setup, or manage.py migrate."
    sentence = "The database was made by an older version of kdweb, or is empty."
    return [Trouble("W004", sentence, remedy, grave=True)] if missing else []


def _room() -> list[Trouble]:
    disk = _disk()
    if not disk.well:
        return [Trouble("W005", disk.sentence, "Make room, or give kdweb's user the right to write.", grave=True)]
    if _free() >= LITTLE_FREE:
        return []
    sentence = f"The disk of the data folder has only {_free() / 2**30:.1f} GB left."
    return [Trouble("W006", sentence, "Make room: documents and models need it.")]


def _idle() -> list[Trouble]:
    what = {"default": ("W007", "no document is read or labelled"), "training": ("W008", "no student is trained")}
    remedy = "Start everything with make run, or the worker alone with manage.py run --only {queue}."
    return [
        Trouble(what[queue][0], f"No {queue} worker is running, so {what[queue][1]}.", remedy.format(queue=queue))
        for queue, alive in job_queue.workers_alive().items()
        if not alive
    ]


def _unreadable() -> list[Trouble]:
    if shutil.which("tesseract"):
        return []
    if settings.KD_OCR != "tesseract" and not Project.objects.filter(ocr="tesseract").exists():
        return []
    sentence = "Tesseract is chosen to read documents, but it is not installed."
    return [Trouble("W009", sentence, "Install the system package tesseract-ocr, or choose rapidocr.")]


def _unlabelled() -> list[Trouble]:
    try:
        teachers.check_access(settings.KD_TEACHER)
    except teachers.UnknownTeacher as error:
        return [Trouble("W010", str(error), "Set it for web and workers, or let KD_TEACHER name another teacher.")]
    return []


def _exposed() -> list[Trouble]:
    if not settings.DEBUG or LOCAL_HOSTS.issuperset(settings.ALLOWED_HOSTS):
        return []
    sentence = (
        "DEBUG is on and hosts of other machines are answered: pages of errors show settings and code to anybody."
    )
    return [Trouble("W011", sentence, "Turn DEBUG off.", grave=True)]
