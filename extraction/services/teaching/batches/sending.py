"""Batches on their way to the provider, each handed in once.

That a batch is about to be sent is recorded first. Where a process was killed then, or got no answer, the batch is
looked for at the provider, and sent again only where it is not there, also not after a while.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from extraction.domain.progress import Progress, PutOff, check
from extraction.engines import digests
from extraction.engines.teacher.batching import Batches, Found, Status
from extraction.engines.teacher.protocol import Rejected, Unreachable
from extraction.models import LabelRun, TeacherBatch, TeacherBatchEntry
from extraction.services.errors import Conflict
from extraction.services.teaching import missing
from extraction.services.teaching.batches import closing, files, messages

State = TeacherBatch.State


def send(run: LabelRun, batches: Batches, progress: Progress) -> None:
    """Hand in what is written.

    Raises `Cancelled`, `PutOff` where the provider is to be asked again later, and `Conflict` where it rejects every
    request.
    """
    for batch in run.batches.filter(state__in=(State.WRITTEN, State.SENDING)):
        check(progress)
        if batch.state == State.SENDING and look_for(batch, batches):
            continue
        _send(batch, batches)


def look_for(batch: TeacherBatch, batches: Batches) -> bool:
    """Whether a batch that may have been sent was. Raises `PutOff` while that is not certain yet."""
    try:
        found = _found(batch, batches)
    except (Unreachable, Rejected) as problem:
        _update(batch, problem=str(problem)[: messages.LONGEST])
        raise PutOff(settings.BATCH_POLL_SECONDS, str(problem)) from None
    if found:
        _sent(batch, found.status, assumed=not found.certain)
        return True
    now, settle = timezone.now(), timedelta(seconds=settings.BATCH_SETTLE_SECONDS)
    if batch.missed is None or batch.missed > now:
        _update(batch, missed=now)
    left = (batch.missed or now) + settle - now
    if left > timedelta(0):
        raise PutOff(left.total_seconds(), messages.LOOKING)
    return False


def _found(batch: TeacherBatch, batches: Batches) -> Found | None:
    known = TeacherBatch.objects.exclude(provider_batch="").values_list("provider_batch", flat=True)
    asked = batch.entries.exclude(state=TeacherBatchEntry.State.FAILED).count()
    return batches.find(batch.key, batch.sending or timezone.now(), asked, set(known))


def _send(batch: TeacherBatch, batches: Batches) -> None:
    if not batch.entries.filter(state=TeacherBatchEntry.State.WAITING).exists():
        closing.close(batch, TeacherBatchEntry.State.FAILED)
        return
    file = files.written(batch)
    if file is None or digests.of_file(file) != batch.sha256:
        closing.close(batch, TeacherBatchEntry.State.FAILED, messages.FILE_GONE)
        return
    _update(batch, state=State.SENDING, sending=timezone.now(), missed=None, problem="")
    try:
        status = batches.send(file, batch.key, missing.restricted(batch.run.schema_version.as_domain(), batch.fields))
    except Rejected as problem:
        _update(batch, state=State.WRITTEN, sending=None, problem=str(problem)[: messages.LONGEST])
        raise Conflict(str(problem)) from None
    except Unreachable as problem:
        _update(batch, problem=str(problem)[: messages.LONGEST])
        raise PutOff(settings.BATCH_POLL_SECONDS, str(problem)) from None
    _sent(batch, status, assumed=False)


def _sent(batch: TeacherBatch, status: Status, *, assumed: bool) -> None:
    _update(
        batch,
        state=State.SENT,
        provider_batch=status.id,
        assumed=assumed,
        sent=timezone.now(),
        expires=status.expires,
        missed=None,
        problem="",
    )


def _update(batch: TeacherBatch, **columns: object) -> None:
    TeacherBatch.objects.filter(pk=batch.pk).update(**columns)
    for name, value in columns.items():
        setattr(batch, name, value)
