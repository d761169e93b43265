"""The end of batches, and of the run whose batches they are."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from extraction.models import Job, LabelRun, TeacherBatch, TeacherBatchEntry
from extraction.services import storage
from extraction.services.teaching.batches import files, messages

State = TeacherBatchEntry.State

WORDS = {
    State.FAILED: messages.FAILED,
    State.EXPIRED: messages.EXPIRED,
    State.CANCELLED: messages.CANCELLED,
    State.MISSING: messages.LEFT_OUT,
}


def close(batch: TeacherBatch, rest: State, problem: str = "") -> None:
    """End a batch: entries without an answer come to `rest`, for the reason `problem`."""
    words = (problem or WORDS[rest])[: messages.LONGEST]
    with transaction.atomic():
        batch.entries.filter(state=State.WAITING).update(state=rest, problem=words)
        batch.state, batch.ended, batch.problem = TeacherBatch.State.ENDED, timezone.now(), problem[: messages.LONGEST]
        batch.save(update_fields=["state", "ended", "problem"])
    storage.remove(files.requests(batch))


def finish(run: LabelRun) -> bool:
    """Note what became of a run none of whose batches is open; whether that is so."""
    count(run)
    run.refresh_from_db()
    if open_batches(run).exists():
        return False
    failed = unanswered(run)
    columns: dict[str, object] = {"batches_ended": timezone.now()}
    if (number := failed.count()) and run.stop_reason != LabelRun.StopReason.REJECTED:
        problem = failed.values_list("problem", flat=True).first() or ""
        columns |= {"stop_reason": LabelRun.StopReason.INCOMPLETE, "stop_documents": number, "stop_error": problem}
    LabelRun.objects.filter(pk=run.pk).update(**columns)
    run.refresh_from_db()
    if not files.waiting(run):
        files.remove(run)
    return True


def count(run: LabelRun) -> None:
    """Set the documents without an answer from the entries, so that a crash cannot make them wrong."""
    LabelRun.objects.filter(pk=run.pk).update(failures=unanswered(run).count())


def unanswered(run: LabelRun) -> QuerySet[TeacherBatchEntry]:
    """Entries of which no answer came, and none is waited for."""
    rows = TeacherBatchEntry.objects.filter(batch__run=run)
    return rows.exclude(state__in=(State.WAITING, State.ANSWERED)).order_by("batch__number", "number")


def open_batches(run: LabelRun) -> QuerySet[TeacherBatch]:
    return TeacherBatch.objects.filter(run=run, state__in=TeacherBatch.OPEN).order_by("number")


def forsaken() -> QuerySet[LabelRun]:
    """Runs with a batch at the provider that their own job does not wait for."""
    sent = TeacherBatch.objects.filter(
        run=OuterRef("pk"), state__in=(TeacherBatch.State.SENDING, TeacherBatch.State.SENT)
    )
    return LabelRun.objects.filter(Exists(sent), batches_ended=None).exclude(job__state__in=Job.ACTIVE)
