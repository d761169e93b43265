"""Label runs by batches: what the job of such a run does, and what follows when it ends early."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from extraction.domain.progress import Progress, PutOff
from extraction.engines.teacher.batching import Batches, batches_of
from extraction.engines.teacher.prompting.methods import Method, method_of
from extraction.engines.teacher.protocol import Teacher
from extraction.models import Job, LabelRun, TeacherBatch, TeacherBatchEntry
from extraction.services import events
from extraction.services.errors import Conflict, Invalid
from extraction.services.jobs import queue
from extraction.services.teaching import missing, teachers
from extraction.services.teaching.batches import closing, collecting, messages, sending, writing
from extraction.services.teaching.jobs import COLLECT

State = TeacherBatch.State
Waiting = Callable[[], Sequence[missing.Question]]


def batches(teacher: Teacher) -> Batches:
    """The batches of a teacher; raises `Invalid` for one that takes none, and for one that is asked a field at a time:
    an entry is a document."""
    if method_of(teacher.name) is Method.SINGLE:
        raise Invalid(messages.SINGLE)
    found = batches_of(teacher)
    if found is None:
        raise Invalid(messages.NO_BATCHES, teacher=teacher.name)
    return found


def find(run: LabelRun) -> tuple[Teacher, Batches]:
    """The teacher of a run with its batches. Raises `Invalid`, also where its key is missing and is needed."""
    by_hand = run.delivery == LabelRun.Delivery.FILE
    teacher = teachers.find(run.teacher, run.prompt_version, for_files=by_hand)
    return teacher, batches(teacher)


def carry_out(run: LabelRun, teacher: Teacher, waiting: Waiting, progress: Progress) -> None:
    """Write and send the batches, then fetch their answers, as far as that can be done now.

    Raises `PutOff` while the provider is at work, `Cancelled`, and `Conflict` where it rejects every request.
    """
    held = batches(teacher)
    if run.batches_sent is None:
        stop = writing.write(run, teacher, held, waiting(), progress)
        _update(run, **asdict(stop))
    if run.delivery == LabelRun.Delivery.BATCH:
        sending.send(run, held, progress)
    if run.batches_sent is None:
        _update(run, batches_sent=timezone.now())
    if run.delivery == LabelRun.Delivery.BATCH:
        collecting.fetch(run, teacher, held, progress)
    closing.finish(run)


def collect(run_id: int, progress: Progress) -> None:
    """Store the answers of a run whose own job is over: those in files, and those that its provider still has.

    The work of a COLLECT job. Raises `PutOff` while the provider is at work, and `Cancelled`.
    """
    rows = LabelRun.objects.select_related("project__schema_version", "schema_version", "prompt_version")
    run = rows.filter(pk=run_id).first()
    if run is None:
        return
    try:
        teacher, held = find(run)
    except Invalid as problem:
        raise PutOff(settings.BATCH_POLL_SECONDS, str(problem)) from None
    collecting.take_up(run, teacher, held, progress)
    if run.delivery == LabelRun.Delivery.BATCH and not _own_job_goes_on(run):
        _look_for_lost(run, held)
        collecting.fetch(run, teacher, held, progress)
    _finish(run)


def _own_job_goes_on(run: LabelRun) -> bool:
    return Job.objects.filter(label_run=run, state__in=Job.ACTIVE).exists()


def _look_for_lost(run: LabelRun, held: Batches) -> None:
    """Find out whether batches that may have been sent were; the others are over."""
    for batch in closing.open_batches(run).exclude(state=State.SENT):
        if batch.state != State.SENDING or not sending.look_for(batch, held):
            closing.close(batch, TeacherBatchEntry.State.CANCELLED, messages.NEVER_SENT)


def let_go(run_id: int, error: str) -> None:
    """What follows when the run's job fails, or is cancelled (`error` is empty then): what was not sent is not sent any
    more, and of what was sent the answers are still fetched, since they are paid for. In the job's transaction."""
    run = LabelRun.objects.filter(pk=run_id).exclude(delivery=LabelRun.Delivery.DIRECT).first()
    if run is None:
        return
    LabelRun.objects.filter(pk=run_id, batches_sent=None).update(batches_sent=timezone.now())
    run.batches.filter(state=State.WRITING).delete()
    for batch in run.batches.filter(state=State.WRITTEN):
        closing.close(batch, TeacherBatchEntry.State.CANCELLED, messages.NEVER_SENT)
    if not error:
        closing.open_batches(run).update(cancelled=timezone.now())
    if closing.open_batches(run).exists():
        _enqueue(run)
    else:
        closing.finish(run)


def renew(run: LabelRun) -> None:
    """Let the run's job begin again: what was never sent is written anew.

    Raises `Conflict` while answers are still fetched.
    """
    if run.delivery == LabelRun.Delivery.DIRECT:
        return
    if queue.active(COLLECT, run.pk).exists():
        raise Conflict(messages.FETCHING)
    run.batches.update(cancelled=None)
    LabelRun.objects.filter(pk=run.pk).update(batches_sent=None, batches_ended=None)


def give_up(run: LabelRun) -> None:
    """Expect no more answers to files that were to be handed in by hand; what comes all the same is still taken.

    Raises `Conflict` for another run, and where none are expected.
    """
    if run.delivery != LabelRun.Delivery.FILE:
        raise Conflict(messages.NOT_BY_HAND)
    with transaction.atomic():
        if not closing.open_batches(run).exists() or run.job is None or run.job.active:
            raise Conflict(messages.NOTHING_OPEN)
        for batch in closing.open_batches(run):
            batch.cancelled = timezone.now()
            batch.save(update_fields=["cancelled"])
            closing.close(batch, TeacherBatchEntry.State.CANCELLED, messages.NEVER_SENT)
        _finish(run)


def _finish(run: LabelRun) -> None:
    """Note what became of a run, and send the event where it ends here, and not with its own job."""
    with transaction.atomic():
        awaited = LabelRun.objects.filter(pk=run.pk, batches_ended=None).exists()
        if closing.finish(run) and awaited and not _own_job_goes_on(run):
            events.send_now(events.label_run_ended, run=run)


def check_now(run: LabelRun) -> None:
    """Ask the provider at once whether batches have ended. Raises `Conflict` where no answers are expected."""
    jobs = Job.objects.filter(label_run=run, state__in=Job.ACTIVE) | queue.active(COLLECT, run.pk)
    if job := jobs.first():
        queue.hasten(job)
    elif run.delivery == LabelRun.Delivery.BATCH and closing.open_batches(run).exists():
        _enqueue(run)
    else:
        raise Conflict(messages.NOTHING_OPEN)


def collecting_job(run: LabelRun) -> Job | None:
    """The job that fetches answers beside the run's own, while there is one."""
    return queue.active(COLLECT, run.pk).first()


def take_in(run: LabelRun, *, send: bool = True) -> Job:
    """A job that stores the files of answers in the run's folder."""
    return _enqueue(run, send=send)


def _enqueue(run: LabelRun, *, send: bool = True) -> Job:
    if job := queue.active(COLLECT, run.pk).first():
        queue.hasten(job)
        return job
    return queue.enqueue(COLLECT, project=run.project, subject=run.pk, author=run.author, send=send)


def _update(run: LabelRun, **columns: object) -> None:
    LabelRun.objects.filter(pk=run.pk).update(**columns)
    run.refresh_from_db()
