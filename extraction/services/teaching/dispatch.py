"""Asking a teacher outside for many documents at once.

Each question has a thread, which stores the answer the moment it arrives: it is paid for. Whoever asks gets the stored
rows, in the order in which they come.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from django.db import connection

from extraction.domain.progress import Progress, check
from extraction.engines.teacher.protocol import Reading, Rejected, Reply, Unreachable
from extraction.models import Document, LabelRun, Response, as_domain_pages
from extraction.services import storage
from extraction.services.errors import Conflict
from extraction.services.teaching import messages, responses
from extraction.services.teaching.responses import Question

# Documents that are held in memory with their words.
AT_ONCE = 16
# Seconds between two looks at whether somebody cancelled.
POLL = 0.3
# Seconds that a run which ends early waits for the answers under way; later ones are stored all the same.
GRACE = 15.0
# After so many documents in a row without an answer the provider is taken for gone.
STREAK = 10


@dataclass(frozen=True, slots=True)
class Stop:
    """Why a run ends early; the fields are columns of `LabelRun`."""

    stop_reason: LabelRun.StopReason | Literal[""]
    stop_spent: Decimal | None = None
    stop_each: Decimal | None = None
    stop_documents: int | None = None
    stop_error: str = ""


NOT_STOPPED = Stop("")


class Asking:
    """The questions of one run, at most `teacher.concurrency` under way at a time.

    `stop` is the reason why not every document was requested; `failures` counts those that got no
    answer, which a later run may ask for again.
    """

    def __init__(self, question: Question) -> None:
        self.question = question
        self.budget = question.run.budget_usd
        self.spent = question.run.usd
        self.paid = question.run.responses.filter(attempts__gt=0).count()
        self.failures = 0
        self.stop: Stop | None = None
        self._streak = 0
        self._flying: set[Future[Response | None]] = set()
        self._guess = question.teacher.estimate(question.schema, 1).usd

    def ask(self, keys: Sequence[int], progress: Progress) -> Generator[list[Response]]:
        """Groups of stored responses, also empty ones. Raises `Cancelled`, and `Conflict` where the provider will not
        have us at all; no question is put after that, and answers under way are stored."""
        pool = ThreadPoolExecutor(self.question.teacher.concurrency, thread_name_prefix="asking")
        try:
            documents = _documents(keys)
            following = next(documents, None)
            while following or self._flying:
                check(progress)
                while following and self._may_ask():
                    self._flying.add(pool.submit(self._answer, following))
                    following = next(documents, None)
                if not self._flying:
                    break
                yield self._arrived()
        finally:
            wait(self._flying, timeout=GRACE)
            pool.shutdown(wait=False)

    def _may_ask(self) -> bool:
        if self.stop or len(self._flying) >= self.question.teacher.concurrency:
            return False
        if self.budget is None:
            return True
        each = self.spent / self.paid if self.paid else self._guess
        if self.spent + each * (len(self._flying) + 1) <= self.budget:
            return True
        if not self._flying:
            self.stop = Stop(LabelRun.StopReason.BUDGET, self.spent, each)
        return False

    def _answer(self, document: Document) -> Response | None:
        """In a thread of its own, whose connection nobody else would close."""
        try:
            started = time.perf_counter()
            reply = self._reply(document)
            return responses.keep(self.question, document, reply, time.perf_counter() - started)
        finally:
            connection.close()

    def _reply(self, document: Document) -> Reply:
        rows = document.pages.all()
        reading = Reading(as_domain_pages(rows), tuple(storage.path(row.image) for row in rows))
        try:
            return self.question.teacher.label(reading, self.question.schema)
        except OSError as error:
            raise Unreachable(f"{document.name}: {error.strerror or error}.") from error

    def _arrived(self) -> list[Response]:
        done, self._flying = wait(self._flying, timeout=POLL, return_when=FIRST_COMPLETED)
        arrived = []
        for future in done:
            try:
                row = future.result()
            except Unreachable as error:
                self._failed(error)
                continue
            except Rejected as error:
                responses.add(self.question.run, error.usage)
                raise Conflict(str(error)) from None
            self._streak = 0
            if row is not None:
                self.spent += row.usd
                self.paid += 1
                arrived.append(row)
        return arrived

    def _failed(self, error: Unreachable) -> None:
        responses.add(self.question.run, error.usage, "failures")
        self.failures += 1
        self.spent += error.usage.usd
        self._streak += 1
        if self._streak >= STREAK:
            reason = LabelRun.StopReason.NO_ANSWERS
            self.stop = Stop(reason, stop_documents=STREAK, stop_error=str(error)[: messages.MAX_LENGTH])


def _documents(keys: Sequence[int]) -> Iterator[Document]:
    """The documents, those that were deleted meanwhile left out, a group of them in memory at a time."""
    for start in range(0, len(keys), AT_ONCE):
        rows = Document.objects.filter(pk__in=keys[start : start + AT_ONCE]).order_by("id")
        yield from rows.prefetch_related("pages")
