"""The queue of background work: enqueue, cancel, retry, and send again what got lost.

The `Job` row is the truth. A message only names a row: it may be lost or come twice without harm.
`execution` does the work.
"""

import logging
from datetime import datetime, timedelta
from functools import partial

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from extraction.domain.errors import gettext_noop
from extraction.models import Job, Project, User
from extraction.services.errors import Conflict
from extraction.services.jobs import kinds
from extraction.services.jobs.execution import end, process_is_dead
from extraction.services.jobs.kinds import JobKind, Queue

logger = logging.getLogger(__name__)

# Seconds from the time limit of a job to the end of a worker's child that does not notice it.
GRACE = 60
# Rows of a kind that are healed at once.
HEALED = 100
DIED = gettext_noop("The worker died {attempts} times while doing this, so it was given up.")
DIED_WITH_ADVICE = gettext_noop("The worker died {attempts} times while doing this, so it was given up. {advice!s}")


def enqueue(
    kind: JobKind,
    *,
    project: Project,
    subject: int,
    author: User | None = None,
    send: bool = True,
    not_before: datetime | None = None,
) -> Job:
    """A new job, sent to its queue once the surrounding transaction is committed, or by the scheduler at `not_before`.

    A broker that cannot be reached breaks nothing: the row waits, and `requeue_lost` sends it later. `send=False` is
    for a caller that executes the job itself at once (`execution.run_now`). Raises `UnknownKind`.
    """
    kinds.find(kind.name)
    # As if sent in any case: should that caller die before it claims the job, `requeue_lost` sends it.
    job = Job.objects.create(
        kind=kind.name, project=project, subject=subject, author=author, sent=timezone.now(), not_before=not_before
    )
    if send and not_before is None:
        transaction.on_commit(partial(_send, job))
    return job


def cancel(job: Job) -> Job:
    """Ask a job to stop: one that waits is never begun, a running one stops at its next safe point. Updates `job`."""
    rows = Job.objects.filter(pk=job.pk)
    if not end(rows.filter(state=Job.State.QUEUED), Job.State.CANCELLED):
        rows.filter(state=Job.State.RUNNING).update(cancel_requested=True)
    job.refresh_from_db()
    return job


def retry(job: Job) -> Job:
    """Queue a job again that failed or was cancelled; it continues from its earlier results. Updates `job`.

    Raises `Conflict` where it is in another state, where a newer job is about the same, or where its kind refuses.
    """
    with transaction.atomic():
        ended = Job.objects.filter(pk=job.pk, state__in=(Job.State.FAILED, Job.State.CANCELLED))
        if not ended.update(
            state=Job.State.QUEUED,
            attempts=0,
            error="",
            message="",
            cancel_requested=False,
            not_before=None,
            finished=None,
            sent=timezone.now(),
        ):
            raise Conflict(gettext_noop("Only work that failed or was cancelled can be tried again."))
        if Job.objects.filter(kind=job.kind, subject=job.subject, pk__gt=job.pk).exists():
            raise Conflict(gettext_noop("Newer work of the same kind has taken its place."))
        kinds.find(job.kind).on_retry(job.subject)
        transaction.on_commit(partial(_send, job))
    job.refresh_from_db()
    return job


def requeue_lost() -> int:
    """Send what no worker will otherwise take up; returns how many messages went out.

    Lost are: a running job without a heartbeat (its worker was killed), a queued one that was never sent, one that was
    put off until now, and a queued one in whose queue no message is left. Several processes may call this at once: each
    row is changed by one.
    """
    _correct_future()
    for job in Job.objects.filter(state=Job.State.RUNNING, heartbeat__lt=_ago(settings.JOB_SILENT_SECONDS)):
        _requeue_or_fail(job)
    for job in Job.objects.filter(state=Job.State.QUEUED, cancel_requested=True):
        end(Job.objects.filter(pk=job.pk, state=Job.State.QUEUED), Job.State.CANCELLED)
    return sum(_send_lost(queue) for queue in Queue)


def heal() -> int:
    """Give rows that wait for a job which is no more what its end would have written, or a new job; how many."""
    return sum(_heal(kind, *row) for kind in kinds.registered() for row in _forsaken(kind))


def requeue_if_dead(job: Job) -> Job:
    """Put a job back into its queue, or end it, where its process is dead. Updates `job`.

    Unlike `requeue_lost` it need not wait for heartbeats to be missing where the process was one of this machine.
    """
    silent = job.heartbeat is not None and job.heartbeat < _ago(settings.JOB_SILENT_SECONDS)
    if job.state == Job.State.RUNNING and (silent or process_is_dead(job.worker)):
        _requeue_or_fail(job)
        job.refresh_from_db()
    return job


def active_jobs(project: Project) -> QuerySet[Job]:
    """What waits or runs in a project, newest first, without kinds that always do."""
    quiet = [kind.name for kind in kinds.registered() if kind.quiet]
    return Job.objects.filter(project=project, state__in=Job.ACTIVE).exclude(kind__in=quiet).order_by("-id")


def active(kind: JobKind, subject: int) -> QuerySet[Job]:
    """The jobs of a kind about one subject that wait or run."""
    return Job.objects.filter(kind=kind.name, subject=subject, state__in=Job.ACTIVE)


def others_wait(kind: JobKind, subject: int) -> bool:
    """Whether other work than that of this kind on this subject waits in the same queue, and could begin now."""
    rows = Job.objects.filter(kind__in=kinds.names(kind.queue), state=Job.State.QUEUED)
    others = rows.exclude(kind=kind.name, subject=subject)
    return others.filter(Q(not_before=None) | Q(not_before__lte=timezone.now())).exists()


def hasten(job: Job, at: datetime | None = None) -> None:
    """Let a job that is put off be taken up at once, or `at` that time where it would come later."""
    at = at or timezone.now()
    Job.objects.filter(pk=job.pk, state=Job.State.QUEUED, not_before__gt=at).update(not_before=at)


def seconds_left(job: Job) -> float | None:
    """Seconds that a running job still needs if it goes on as before; None where that is unknown."""
    if job.state != Job.State.RUNNING or not (job.started and 0 < job.done <= job.total):
        return None
    if not kinds.find(job.kind).single_count:
        return None
    spent = (timezone.now() - job.started).total_seconds()
    return spent / job.done * (job.total - job.done)


def _ago(seconds: float) -> datetime:
    return timezone.now() - timedelta(seconds=seconds)


def _correct_future() -> None:
    """Times in the future count as now: the clock was set back, and nothing may wait until it is there again."""
    now, latest = timezone.now(), _ago(-settings.JOB_SILENT_SECONDS)
    Job.objects.filter(state=Job.State.RUNNING, heartbeat__gt=latest).update(heartbeat=now)
    Job.objects.filter(state=Job.State.QUEUED, sent__gt=latest).update(sent=now)
    farthest = _ago(-settings.JOB_LONGEST_WAIT_SECONDS)
    Job.objects.filter(state=Job.State.QUEUED, not_before__gt=farthest).update(not_before=now)


def _forsaken(kind: JobKind) -> list[tuple[int, int]]:
    """Subjects of a kind, with their projects, that wait for a job although none is left."""
    if (waiting := kind.waiting()) is None:
        return []
    jobs = Job.objects.filter(kind=kind.name, subject=OuterRef("pk"), state__in=Job.ACTIVE)
    return list(waiting.exclude(Exists(jobs)).values_list("pk", "project_id")[:HEALED])


def _heal(kind: JobKind, subject: int, project: int) -> bool:
    with transaction.atomic():
        locked = Project.objects.select_for_update(no_key=True).filter(pk=project).first()
        if locked is None or active(kind, subject).exists():
            return False
        last = Job.objects.filter(kind=kind.name, subject=subject).order_by("-id").first()
        if last is not None and last.state != Job.State.DONE and not kind.repeats:
            kind.on_failed(subject, last.error)
        else:
            enqueue(kind, project=locked, subject=subject)
    return True


def _send(job: Job) -> bool:
    kind = kinds.find(job.kind)
    limits = {"soft_time_limit": kind.time_limit, "time_limit": kind.time_limit + GRACE} if kind.time_limit else {}
    try:
        current_app.send_task("extraction.run_job", args=[job.pk], queue=kind.queue.value, retry=False, **limits)
    except Exception:
        # Whatever the broker's client raises: the request that made the job has done its part.
        logger.warning("Job %s could not be sent and waits.", job.pk, exc_info=True)
        Job.objects.filter(pk=job.pk).update(sent=None)
        return False
    return True


def _requeue_or_fail(job: Job) -> None:
    """Take a job from a dead worker: back into the queue, cancelled where that was asked for, failed after too many
    attempts."""
    same = Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, worker=job.worker, heartbeat=job.heartbeat)
    if job.cancel_requested:
        end(same, Job.State.CANCELLED)
    elif job.attempts >= settings.JOB_MAX_ATTEMPTS:
        end(same, Job.State.FAILED, _death_sentence(job))
    else:
        same.update(state=Job.State.QUEUED, worker="", sent=None)


def _death_sentence(job: Job) -> str:
    advice = kinds.find(job.kind).death_advice
    if not advice:
        return DIED.format(attempts=job.attempts)
    return DIED_WITH_ADVICE.format(attempts=job.attempts, advice=advice)


def _send_lost(queue: Queue) -> int:
    waiting = Job.objects.filter(kind__in=kinds.names(queue), state=Job.State.QUEUED).order_by("id")
    due = Q(not_before__lte=timezone.now())
    lost = list(waiting.filter(due | Q(sent=None, not_before=None)))
    overdue = list(waiting.filter(sent__lt=_ago(settings.JOB_RESEND_SECONDS), not_before=None))
    if overdue and _messages_in(queue) == 0:
        lost += overdue
    count = 0
    for job in lost:
        same = Job.objects.filter(pk=job.pk, state=Job.State.QUEUED, sent=job.sent, not_before=job.not_before)
        if same.update(sent=timezone.now(), not_before=None):
            if not _send(job):
                break
            count += 1
    return count


def _messages_in(queue: str) -> int:
    """How many messages wait at the broker; taken as many where it cannot be asked."""
    with current_app.connection_for_read() as connection:
        try:
            return int(connection.default_channel.queue_declare(queue, passive=True).message_count)
        except connection.channel_errors:
            return 0  # brokers that forget empty queues
        except Exception:
            logger.warning("The broker cannot be asked for its messages.", exc_info=True)
            return 1
