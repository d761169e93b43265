"""Results of batches, stored as responses, each once.

A result is stored in one transaction with the state of its entry: a file of results may be read twice, or come again,
and nothing is counted twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from extraction.domain.progress import Progress, check
from extraction.engines.teacher.batching import Batches, EntryId, NoResult, Outcome, Result
from extraction.engines.teacher.protocol import Reply, Teacher, Unreachable
from extraction.models import Document, LabelRun, TeacherBatch, TeacherBatchEntry
from extraction.services.teaching import missing, responses
from extraction.services.teaching.batches import messages
from extraction.services.teaching.responses import Question

State = TeacherBatchEntry.State


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a file of results: its number from 1 on, its result, and whose it is (`None`: no id of ours)."""

    number: int
    result: Result
    id: EntryId | None


def read(file: Path, batches: Batches) -> Iterator[Line]:
    """The results in a file. Raises `NoResult` with the number of a line that is none, unless it is empty."""
    with file.open(encoding="utf-8-sig") as lines:
        for number, text in enumerate(lines, 1):
            if not text.strip():
                continue
            try:
                result = batches.result(text)
            except NoResult:
                raise NoResult(number) from None
            yield Line(number, result, EntryId.parse(result.id))


def results(file: Path, batches: Batches) -> Iterator[Line]:
    """As `read`, without lines that are no results: the entry that such a line is about has no answer."""
    with file.open(encoding="utf-8-sig", errors="replace") as lines:
        for number, text in enumerate(lines, 1):
            with suppress(NoResult):
                result = batches.result(text)
                yield Line(number, result, EntryId.parse(result.id))


def store(run: LabelRun, teacher: Teacher, batches: Batches, lines: Iterable[Line], progress: Progress) -> None:
    """Store the results that are this run's. Raises `Cancelled`; what was stored before stays."""
    keeper = _Keeper(run, teacher, batches)
    for line in lines:
        check(progress)
        if line.id is not None:
            keeper.keep(line.id, line.result)


class _Keeper:
    def __init__(self, run: LabelRun, teacher: Teacher, batches: Batches) -> None:
        self._run, self._teacher, self._batches = run, teacher, batches
        self._schema = run.schema_version.as_domain()
        self._of_run: Mapping[str, TeacherBatch] = {batch.key: batch for batch in run.batches.all()}
        self._entries: dict[str, dict[int, TeacherBatchEntry]] = {}

    def keep(self, id: EntryId, result: Result) -> None:
        entry = self._entry(id)
        if entry is None or entry.state == State.ANSWERED:
            return
        batch = self._of_run[id.key]
        schema = missing.restricted(self._schema, batch.fields)
        try:
            reply = self._batches.reply(result, schema, whole=entry.whole)
        except Unreachable as problem:
            state = State.FAILED if result.outcome == Outcome.ANSWERED else State(result.outcome.value)
            waiting = TeacherBatchEntry.objects.filter(pk=entry.pk, state=State.WAITING)
            waiting.update(state=state, problem=str(problem)[: messages.LONGEST])
        else:
            _store(Question(self._run, self._teacher, schema, batch.prompt_sha256), entry, reply)
            entry.state = State.ANSWERED

    def _entry(self, id: EntryId) -> TeacherBatchEntry | None:
        batch = self._of_run.get(id.key)
        if batch is None:
            return None
        if id.key not in self._entries:
            self._entries[id.key] = {entry.number: entry for entry in batch.entries.all()}
        return self._entries[id.key].get(id.number)


def _store(question: Question, entry: TeacherBatchEntry, reply: Reply) -> None:
    with transaction.atomic():
        unanswered = TeacherBatchEntry.objects.filter(pk=entry.pk).exclude(state=State.ANSWERED)
        if not unanswered.update(state=State.ANSWERED, problem=""):
            return
        # Locked, so that it is not deleted before its response is stored.
        document = Document.objects.select_for_update().filter(pk=entry.document_id or 0).first()
        if document is None:
            responses.add_usage(question.run, reply.usage)
        else:
            responses.store(question, document, reply, 0.0)
