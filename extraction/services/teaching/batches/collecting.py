"""Answers of batches: fetched from the provider when a batch has ended, stored, and made into labels."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from extraction.domain.progress import Progress, PutOff
from extraction.engines.teacher.batching import Batches
from extraction.engines.teacher.protocol import Rejected, Teacher, Unreachable
from extraction.models import LabelRun, TeacherBatch, TeacherBatchEntry
from extraction.services import storage
from extraction.services.teaching import apply_responses
from extraction.services.teaching.batches import answers, closing, files, messages

State = TeacherBatch.State
# How long a provider may take for a batch whose end it has not told.
DAY = timedelta(hours=24)
# The wait between two questions grows to so many times its first length, by one after each of so many.
LONGEST_WAIT = 10


def take_up(run: LabelRun, teacher: Teacher, batches: Batches, progress: Progress) -> None:
    """Store the files of answers that lie in the run's folder, and label what they answer."""
    for file in files.waiting(run):
        # The other job of the run may be done with it at this moment.
        with suppress(FileNotFoundError):
            answers.store(run, teacher, batches, answers.results(file, batches), progress)
        apply_responses.label_unlabelled(run, progress)
        storage.remove(file)
    closing.count(run)
    for batch in closing.open_batches(run).exclude(state=State.WRITING):
        if not batch.entries.filter(state=TeacherBatchEntry.State.WAITING).exists():
            closing.close(batch, TeacherBatchEntry.State.MISSING)


def fetch(run: LabelRun, teacher: Teacher, batches: Batches, progress: Progress) -> None:
    """Fetch the answers of batches that have ended. Raises `PutOff` while the provider is at work on others.

    An error of the provider ends nothing, since what it answered is paid for: it is asked again, the batch says why.
    """
    take_up(run, teacher, batches, progress)
    waiting, problem = [], ""
    for batch in closing.open_batches(run).filter(state=State.SENT):
        try:
            ended = _fetch(run, batch, teacher, batches, progress)
        except (Unreachable, Rejected) as error:
            ended, problem = False, str(error)[: messages.LONGEST]
            TeacherBatch.objects.filter(pk=batch.pk).update(problem=problem)
        if not ended:
            waiting.append(batch)
    answered = TeacherBatchEntry.objects.filter(batch__run=run).exclude(state=TeacherBatchEntry.State.WAITING).count()
    progress.report(answered, TeacherBatchEntry.objects.filter(batch__run=run).count(), problem or messages.WAITING)
    if waiting:
        raise PutOff(_wait(min(batch.sent or timezone.now() for batch in waiting)), problem or messages.WAITING)


def _wait(since: datetime) -> float:
    """Seconds until the provider is asked again: the longer it has taken, the longer."""
    shortest: float = settings.BATCH_POLL_SECONDS
    elapsed = (timezone.now() - since).total_seconds()
    return max(shortest, min(elapsed / LONGEST_WAIT, LONGEST_WAIT * shortest))


def _fetch(run: LabelRun, batch: TeacherBatch, teacher: Teacher, batches: Batches, progress: Progress) -> bool:
    """Whether the batch has ended, with its answers stored. Raises `Unreachable` and `Rejected`."""
    # One that is only assumed to be ours may be somebody else's.
    if batch.cancelled and not batch.assumed:
        batches.cancel(batch.provider_batch)
    status = batches.status(batch.provider_batch)
    if status is None:
        return _gone(batch, batches)
    TeacherBatch.objects.filter(pk=batch.pk).update(problem="", expires=status.expires or batch.expires)
    if not status.ended:
        return False
    try:
        with files.complete(files.answers(run, batch.key)) as draft:
            batches.download(batch.provider_batch, draft)
            if batch.assumed and not _is_ours(batch, next(answers.results(draft, batches), None)):
                raise _Foreign
    except _Foreign:
        _look_again(batch)
        return False
    take_up(run, teacher, batches, progress)
    closing.close(batch, TeacherBatchEntry.State(status.rest.value), status.problem)
    batches.forget(batch.provider_batch)
    return True


class _Foreign(Exception):
    """The batch that was found is somebody else's."""


def _is_ours(batch: TeacherBatch, first: answers.Line | None) -> bool:
    return first is not None and first.id is not None and first.id.key == batch.key


def _gone(batch: TeacherBatch, batches: Batches) -> bool:
    """The provider knows no such batch: of another account, or its answers were kept for their time."""
    last = (batch.expires or (batch.sent or timezone.now()) + DAY) + batches.limits.kept
    if timezone.now() > last:
        closing.close(batch, TeacherBatchEntry.State.MISSING, messages.GONE)
        return True
    raise Unreachable(messages.UNKNOWN.format(batch=batch.provider_batch))


def _look_again(batch: TeacherBatch) -> None:
    TeacherBatch.objects.filter(pk=batch.pk).update(state=State.SENDING, provider_batch="", assumed=False, missed=None)
