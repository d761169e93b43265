"""Batch files of a run, written for what it has to request: each document goes into one batch, once."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from decimal import Decimal
from typing import BinaryIO

from django.db import transaction
from django.db.models import Max

from extraction.domain.progress import Progress, check
from extraction.engines import digests
from extraction.engines.teacher.batching import Batches, EntryId
from extraction.engines.teacher.protocol import Teacher, Unreachable
from extraction.models import LabelRun, TeacherBatch, TeacherBatchEntry
from extraction.services import storage
from extraction.services.teaching import dispatch, missing
from extraction.services.teaching.batches import files, messages
from extraction.services.teaching.dispatch import NOT_STOPPED, Stop
from extraction.services.teaching.responses import Question

KEY_BYTES = 10
# The id of an entry wherever it stands in a line of JSON.
ID = re.compile(rb'"(?P<key>kd[0-9a-f]{20})-[0-9]+"')


def write(
    run: LabelRun, teacher: Teacher, batches: Batches, waiting: Sequence[missing.Question], progress: Progress
) -> Stop:
    """Write batches for the documents of `waiting` that the budget allows; why others were left out.

    What a killed process left unfinished is written anew: nothing of it was sent. Raises `Cancelled`.
    """
    for unfinished in run.batches.filter(state=TeacherBatch.State.WRITING):
        storage.remove(files.requests(unfinished))
        unfinished.delete()
    stop, done, total = NOT_STOPPED, 0, sum(len(asked.documents) for asked in waiting)
    progress.report(done, total)
    for asked in waiting:
        each = teacher.estimate(asked.schema, 1).usd * batches.price
        keys = asked.documents[: _affordable(run, each)]
        done = _Writer(Question.of(run, teacher, asked.schema), batches, keys, progress, done, total).write()
        if len(keys) < len(asked.documents):
            stop = Stop(LabelRun.StopReason.BUDGET, _committed(run, each), each)
    return stop


def _affordable(run: LabelRun, each: Decimal) -> int | None:
    """How many more documents the budget pays for; `None` for all."""
    if run.budget_usd is None or not each:
        return None
    return max(0, int((run.budget_usd - _committed(run, each)) / each))


def _committed(run: LabelRun, each: Decimal) -> Decimal:
    """Dollars spent, and those that waiting entries will cost, about."""
    waiting = TeacherBatchEntry.objects.filter(batch__run=run, state=TeacherBatchEntry.State.WAITING).count()
    return LabelRun.objects.get(pk=run.pk).usd + waiting * each


def _key() -> str:
    """A new key, as `ID` finds it again."""
    return f"kd{secrets.token_hex(KEY_BYTES)}"


class _Writer:
    """The batches of one question, one after the other; `done` of `total` documents were written before."""

    def __init__(
        self, question: Question, batches: Batches, keys: Sequence[int], progress: Progress, done: int, total: int
    ) -> None:
        self._question, self._batches, self._progress = question, batches, progress
        self._done, self._total = done, total
        self._documents = dispatch.documents(keys)
        self._next = next(self._documents, None)

    def write(self) -> int:
        """Returns how many documents are written."""
        while self._next is not None:
            self._write_batch()
        return self._done

    def _write_batch(self) -> None:
        run = self._question.run
        last = run.batches.aggregate(last=Max("number"))["last"] or 0
        batch = TeacherBatch.objects.create(
            run=run,
            number=last + 1,
            key=_key(),
            fields=list(self._question.schema.names),
            prompt_sha256=self._question.prompt,
        )
        with files.complete(files.requests(batch)) as path:
            with path.open("wb") as out:
                entries = self._write_entries(batch, out)
            batch.sha256 = digests.of_file(path)
            batch.bytes = path.stat().st_size
        batch.state = TeacherBatch.State.WRITTEN
        with transaction.atomic():
            TeacherBatchEntry.objects.bulk_create(entries)
            batch.save()

    def _write_entries(self, batch: TeacherBatch, out: BinaryIO) -> list[TeacherBatchEntry]:
        """Rows of the documents that the limits leave room for; one that cannot be shown has failed."""
        framing, limits, schema = self._batches.framing, self._batches.limits, self._question.schema
        entries: list[TeacherBatchEntry] = []
        size, filled = out.write(framing.head), False
        while (document := self._next) is not None and len(entries) < limits.entries:
            check(self._progress)
            row = TeacherBatchEntry(batch=batch, number=len(entries) + 1, document=document)
            try:
                entry = self._batches.entry(EntryId(batch.key, row.number), dispatch.reading(document), schema)
            except Unreachable as problem:
                row.state, row.problem = TeacherBatchEntry.State.FAILED, str(problem)[: messages.LONGEST]
            else:
                data = (framing.between if filled else b"") + entry.data
                if filled and size + len(data) + len(framing.tail) > limits.bytes:
                    break
                size, filled, row.whole = size + out.write(data), True, entry.whole
            entries.append(row)
            self._next, self._done = next(self._documents, None), self._done + 1
            self._progress.report(self._done, self._total, document.name)
        out.write(framing.tail)
        return entries
