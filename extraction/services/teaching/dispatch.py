"""Dispatch of requests to a teacher outside, several at once.

Each request has a thread, which stores the response the moment it arrives, since it is paid for. The caller gets the
stored rows in the order of their arrival.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from django.db import connection

from extraction.domain.fields import Schema
from extraction.domain.progress import Progress, check
from extraction.domain.work import spans
from extraction.engines.teacher.protocol import Reading, Rejected, Reply, Teacher, Unreachable
from extraction.models import Document, LabelRun, Response, as_domain_pages
from extraction.services import storage
from extraction.services.errors import Conflict
from extraction.services.teaching import messages, responses
from extraction.services.teaching.responses import Question

# Documents in memory, with their words.
BATCH = 16
# Seconds between two checks for cancellation.
POLL = 0.3
# Seconds that a run which ends early waits for open requests; later responses are stored all the same.
GRACE = 15.0
# Documents in a row without an answer, after which the provider counts as unreachable.
MAX_FAILURES = 10


@dataclass(frozen=True, slots=True)
class Stop:
    """Why a run ends early; the fields are columns of `LabelRun`."""

    stop_reason: LabelRun.StopReason | Literal[""]
    stop_spent: Decimal | None = None
    stop_each: Decimal | None = None
    stop_documents: int | None = None
    stop_error: str = ""


NOT_STOPPED = Stop("")


class Dispatcher:
    """The requests of one run, at most `teacher.concurrency` open at a time.

    `stop` is the reason why not every document was requested; `failures` counts those without an
    answer, which a later run requests again.
    """

    def __init__(self, question: Question) -> None:
        self.question = question
        self.budget = question.run.budget_usd
        self.spent = question.run.usd
        self.paid = question.run.responses.filter(attempts__gt=0).count()
        self.failures = 0
        self.stop: Stop | None = None
        self._streak = 0
        self._open: set[Future[Response | None]] = set()
        self._estimated_usd = question.teacher.estimate(question.schema, 1).usd

    def dispatch(self, keys: Sequence[int], progress: Progress) -> Generator[list[Response]]:
        """Batches of stored responses, also empty ones. Raises `Cancelled`, and `Conflict` where the provider rejects
        every request; nothing is sent after that, and responses to open requests are stored."""
        pool = ThreadPoolExecutor(self.question.teacher.concurrency, thread_name_prefix="dispatch")
        try:
            waiting = documents(keys)
            following = next(waiting, None)
            while following or self._open:
                check(progress)
                while following and self._may_send():
                    self._open.add(pool.submit(spans.carried(self._request), following))
                    following = next(waiting, None)
                if not self._open:
                    break
                yield self._collect()
        finally:
            wait(self._open, timeout=GRACE)
            pool.shutdown(wait=False)

    def _may_send(self) -> bool:
        if self.stop or len(self._open) >= self.question.teacher.concurrency:
            return False
        if self.budget is None:
            return True
        each = self.spent / self.paid if self.paid else self._estimated_usd
        if self.spent + each * (len(self._open) + 1) <= self.budget:
            return True
        if not self._open:
            self.stop = Stop(LabelRun.StopReason.BUDGET, self.spent, each)
        return False

    def _request(self, document: Document) -> Response | None:
        """One request; runs in a thread of its own, whose database connection it closes."""
        try:
            started = time.perf_counter()
            reply = self._reply(document)
            return responses.store(self.question, document, reply, time.perf_counter() - started)
        finally:
            connection.close()

    def _reply(self, document: Document) -> Reply:
        try:
            return reply_of(self.question.teacher, reading(document), self.question.schema)
        except OSError as error:
            raise Unreachable(f"{document.name}: {error.strerror or error}.") from error

    def _collect(self) -> list[Response]:
        done, self._open = wait(self._open, timeout=POLL, return_when=FIRST_COMPLETED)
        arrived = []
        for future in done:
            try:
                row = future.result()
            except Unreachable as error:
                self._count_failure(error)
                continue
            except Rejected as error:
                responses.add_usage(self.question.run, error.usage)
                raise Conflict(str(error)) from None
            self._streak = 0
            if row is not None:
                self.spent += row.usd
                self.paid += 1
                arrived.append(row)
        return arrived

    def _count_failure(self, error: Unreachable) -> None:
        responses.add_usage(self.question.run, error.usage, "failures")
        self.failures += 1
        self.spent += error.usage.usd
        self._streak += 1
        if self._streak >= MAX_FAILURES:
            reason = LabelRun.StopReason.NO_ANSWERS
            self.stop = Stop(reason, stop_documents=MAX_FAILURES, stop_error=str(error)[: messages.MAX_LENGTH])


def reply_of(teacher: Teacher, reading: Reading, schema: Schema, limit: Decimal | None = None) -> Reply:
    """The teacher's reply for so many dollars at most, in a span with its costs. Raises what the teacher raises."""
    with spans.span("teacher", teacher=teacher.name, pages=len(reading.pages)) as span:
        reply = teacher.label(reading, schema, limit)
        usage = reply.usage
        span.set(
            input_tokens=usage.input_tokens,
            output_tokens=usage.output_tokens,
            usd=float(usage.usd),
            attempts=reply.attempts,
            refused=reply.refusal is not None,
            malformed=reply.malformed,
        )
    return reply


def reading(document: Document) -> Reading:
    rows = document.pages.all()
    return Reading(as_domain_pages(rows), tuple(storage.fetch(row.image) for row in rows))


def documents(keys: Sequence[int]) -> Iterator[Document]:
    """The documents in this order, those that were deleted meanwhile left out, a group of them in memory at a time."""
    for start in range(0, len(keys), BATCH):
        group = keys[start : start + BATCH]
        rows = Document.objects.filter(pk__in=group).prefetch_related("pages")
        yield from sorted(rows, key=lambda document: group.index(document.pk))
