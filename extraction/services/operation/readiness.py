"""Readiness: whether requests can be served, asked of database, broker, cache and disk now.

No sentence holds a path, an address or a secret: they are answered to strangers.
"""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.db import connection

logger = logging.getLogger(__name__)

# Bytes that must be free on the disk of the data folder.
MINIMUM_FREE = 200 * 2**20


class Part(StrEnum):
    """What requests cannot be served without."""

    DATABASE = "database"
    BROKER = "broker"
    CACHE = "cache"
    DISK = "disk"


@dataclass(frozen=True, slots=True)
class Check:
    """The state of one part, with a sentence about it."""

    part: Part
    ready: bool
    sentence: str


def check_all() -> list[Check]:
    """Every part, asked now."""
    return [*check_servers(), check_disk()]


def check_servers() -> list[Check]:
    """The parts that may be servers of their own."""
    return [
        _check(Part.DATABASE, _query_database, "The database answers.", "The database does not answer."),
        _check(Part.BROKER, _open_broker, "The broker takes messages.", "The broker cannot be reached."),
        _check(Part.CACHE, _query_cache, "The cache answers.", "The cache does not answer."),
    ]


def check_disk() -> Check:
    """Whether the data folder can be written to and has room."""
    if not os.access(settings.DATA_DIR, os.W_OK):
        return Check(Part.DISK, False, "The data folder cannot be written to.")
    if free_bytes() < MINIMUM_FREE:
        return Check(Part.DISK, False, "The disk of the data folder is full.")
    return Check(Part.DISK, True, "The data folder can be written to.")


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
        broker.default_channel  # noqa: B018  # opens it, within the timeouts of `kdweb.servers`


def _query_cache() -> None:
    cache.get("readiness")
