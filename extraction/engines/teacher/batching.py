"""Batches of requests: what teachers can do whose provider answers whole files of them within a day, at half price.

A batch is a file of entries, one a document. Its key is chosen by the caller; the id of an entry is `KEY-NUMBER`, so
that a batch and its answers are known again wherever they turn up.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from extraction.domain.fields import Schema
from extraction.engines.teacher.protocol import Reading, Reply, Teacher

_ID = re.compile(r"(?P<key>[A-Za-z0-9_]{1,32})-(?P<number>[0-9]{1,9})")


class Outcome(StrEnum):
    """What became of an entry."""

    ANSWERED = "answered"
    FAILED = "failed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    MISSING = "missing"


class NoResult(ValueError):
    """A line that is no result of this provider's batches."""


@dataclass(frozen=True, slots=True)
class EntryId:
    key: str
    number: int

    @classmethod
    def parse(cls, text: str) -> EntryId | None:
        """`None` for an id that no batch of this program has."""
        match = _ID.fullmatch(text)
        return cls(match["key"], int(match["number"])) if match else None

    def __str__(self) -> str:
        return f"{self.key}-{self.number}"


@dataclass(frozen=True, slots=True)
class Entry:
    """The request for one document as the batch's file holds it; `whole`: whether all of its pages are shown."""

    data: bytes
    whole: bool


@dataclass(frozen=True, slots=True)
class Framing:
    """What stands before, between and after the entries of a file, and the ending of its name."""

    head: bytes
    between: bytes
    tail: bytes
    suffix: str


@dataclass(frozen=True, slots=True)
class Limits:
    """The most entries and bytes of a batch, and for how long after its end the provider keeps its results."""

    entries: int
    bytes: int
    kept: timedelta


@dataclass(frozen=True, slots=True)
class Status:
    """A batch at its provider. `done` of its entries are answered or have failed.

    Once `ended`, entries that have no result came to `rest`, with the provider's `problem` where it named one.
    """

    id: str
    ended: bool
    done: int = 0
    expires: datetime | None = None
    rest: Outcome = Outcome.MISSING
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A batch at its provider that was looked for; not `certain` where only time and number of entries speak for it."""

    status: Status
    certain: bool


@dataclass(frozen=True, slots=True)
class Result:
    """A line of results; `body` is the provider's JSON of an answer or an error."""

    id: str
    outcome: Outcome
    body: str = ""


class Batches(Protocol):
    """The batches of a teacher. Its methods that ask the provider raise `Unreachable` and `Rejected`.

    `price` is the share of the ordinary price that an answer costs.
    """

    price: Decimal
    limits: Limits
    framing: Framing

    def entry(self, id: EntryId, reading: Reading, schema: Schema) -> Entry:
        """Raises `Unreachable` for a document whose pictures cannot be shown."""

    def send(self, file: Path, key: str, schema: Schema) -> Status:
        """Hand in a file of entries. After `Rejected` there is no batch; after `Unreachable` there may be one."""

    def find(self, key: str, since: datetime, entries: int, known: Collection[str]) -> Found | None:
        """A batch that may have been handed in since, but none of those with a `known` id."""

    def status(self, id: str) -> Status | None:
        """`None` where the provider knows no such batch."""

    def cancel(self, id: str) -> None:
        """Ask for the end of a batch; what was answered by then is kept."""

    def download(self, id: str, file: Path) -> None:
        """Write the results of a batch that has ended, a line each."""

    def forget(self, id: str) -> None:
        """Delete the requests of a batch that has ended, where the provider still has them."""

    def result(self, line: str) -> Result:
        """Raises `NoResult`."""

    def reply(self, result: Result, schema: Schema, *, whole: bool) -> Reply:
        """The reply of a result; raises `Unreachable` with the reason for one that is no answer."""


def batches_of(teacher: Teacher) -> Batches | None:
    """The batches of a teacher; `None` where its provider takes none."""
    batches: Batches | None = getattr(teacher, "batches", None)
    return batches
