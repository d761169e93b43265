"""Background work: put it into a queue, cancel it, see where it stands, send again what got lost.

The `Job` row is the truth. A message only says "look at this row": it may be lost or come twice without harm.
`services.running` does the work.
"""

import logging
from datetime import datetime, timedelta
from functools import partial

from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from extraction.models import Job, Project, User
from extraction.services.jobs.execution import Handler, JobProgress, Shown, end, gone, run

__all__ = [
    "QUEUES",
    "Handler",
    "JobProgress",
    "Shown",
    "active_jobs",
    "cancel",
    "enqueue",
    "queue_of",
    "requeue_lost",
    "run",
    "seconds_left",
    "sign_of_life",
    "take_from_the_dead",
    "workers_alive",
]

logger = logging.getLogger(__name__)

QUEUES = ("default", "training")
# Work that is one count, which begins with the job. A training's and a report's begins anew with each of its parts, and
# a training says itself how long it will still learn.
TIMED = (Job.Kind.READ, Job.Kind.LABEL, Job.Kind.PREDICT)


def queue_of(kind: str) -> str:
    """Training has a worker of its own, so that nothing else waits for it."""
    return "training" if kind == Job.Kind.TRAIN else "default"


def enqueue(kind: Job.Kind, *, project: Project, subject: int, author: User | None = None, send: bool = True) -> Job:
    """A new job, sent to its queue once the surrounding transaction is committed.

    A broker that cannot be reached breaks nothing: the row waits, and `requeue_lost` sends it later. `send=False` is
    for a caller that does the job itself at once.
    """
    # As if sent in any case: should that caller die before it claims the job, `requeue_lost` sends it.
    job = Job.objects.create(kind=kind, project=project, subject=subject, author=author, sent=timezone.now())
    if send:
        transaction.on_commit(partial(_send, job))
    return job


def cancel(job: Job) -> Job:
    """Ask a job to stop: one that waits is never begun, a running one stops at its next safe point. Updates `job`."""
    rows = Job.objects.filter(pk=job.pk)
    if not end(rows.filter(state=Job.State.QUEUED), Job.State.CANCELLED):
        rows.filter(state=Job.State.RUNNING).update(cancel_requested=True)
    job.refresh_from_db()
    return job


def requeue_lost() -> int:
    """Send what no worker will otherwise take up; returns how many messages went out.

    Lost are: a running job whose heart is silent (its worker was killed), a queued one that was never sent, and a
    queued one in whose queue no message is left. Several processes may call this at once: each row is changed by one.
    """
    for job in Job.objects.filter(state=Job.State.RUNNING, heartbeat__lt=_ago(settings.JOB_SILENT_SECONDS)):
        _take_from_dead_worker(job)
    for job in Job.objects.filter(state=Job.State.QUEUED, cancel_requested=True):
        end(Job.objects.filter(pk=job.pk, state=Job.State.QUEUED), Job.State.CANCELLED)
    return sum(_send_lost(queue) for queue in QUEUES)


def take_from_the_dead(job: Job) -> Job:
    """Put a job back into its queue, or end it, where its process is dead. Updates `job`.

    Unlike `requeue_lost` it need not wait for the heart to be silent where the process was one of this machine.
    """
    silent = job.heartbeat is not None and job.heartbeat < _ago(settings.JOB_SILENT_SECONDS)
    if job.state == Job.State.RUNNING and (silent or gone(job.worker)):
        _take_from_dead_worker(job)
        job.refresh_from_db()
    return job


def active_jobs(project: Project) -> QuerySet[Job]:
    """What waits or runs in a project, newest first."""
    return Job.objects.filter(project=project, state__in=Job.ACTIVE).order_by("-id")


def seconds_left(job: Job) -> float | None:
    """Time that a running job still needs if it goes on as before; None where that cannot be told."""
    if job.kind not in TIMED or job.state != Job.State.RUNNING:
        return None
    if not (job.started and 0 < job.done <= job.total):
        return None
    spent = (timezone.now() - job.started).total_seconds()
    return spent / job.done * (job.total - job.done)


def sign_of_life(queue: str) -> None:
    """Called by a worker every few seconds, busy or idle. The cache is what web and workers of all machines share."""
    try:
        cache.set(_sign(queue), True, timeout=settings.JOB_SILENT_SECONDS)
    except Exception:
        # Whatever the cache's client raises: the work does not depend on it.
        logger.warning("The worker of the queue %s could not show that it is alive.", queue, exc_info=True)


def workers_alive() -> dict[str, bool]:
    """For each queue, whether a worker serves it now."""
    try:
        signs = cache.get_many([_sign(queue) for queue in QUEUES])
    except Exception:
        logger.warning("The cache cannot be asked which workers are alive.", exc_info=True)
        signs = {}
    return {queue: _sign(queue) in signs for queue in QUEUES}


def _sign(queue: str) -> str:
    return f"worker-{queue}"


def _ago(seconds: float) -> datetime:
    return timezone.now() - timedelta(seconds=seconds)


def _send(job: Job) -> bool:
    try:
        current_app.send_task("extraction.run_job", args=[job.pk], queue=queue_of(job.kind), retry=False)
    except Exception:
        # Whatever the broker's client raises: the request that made the job has done its part.
        logger.warning("Job %s could not be sent and waits.", job.pk, exc_info=True)
        Job.objects.filter(pk=job.pk).update(sent=None)
        return False
    return True


def _take_from_dead_worker(job: Job) -> None:
    same = Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, worker=job.worker, heartbeat=job.heartbeat)
    if job.cancel_requested:
        end(same, Job.State.CANCELLED)
    elif job.attempts >= settings.JOB_MAX_ATTEMPTS:
        end(same, Job.State.FAILED, _given_up(job))
    else:
        same.update(state=Job.State.QUEUED, worker="", sent=None)


def _given_up(job: Job) -> str:
    sentence = f"The worker died {job.attempts} times while doing this, so it was given up."
    if job.kind != Job.Kind.TRAIN:
        return sentence
    # The kernel kills without a word; in training that is nearly always for memory.
    return (
        f"{sentence} Most likely the memory of the machine ran out: start a run with a smaller batch (the setting "
        "batch), or add memory and go on with this one from its last checkpoint."
    )


def _send_lost(queue: str) -> int:
    kinds = [kind for kind in Job.Kind if queue_of(kind) == queue]
    waiting = Job.objects.filter(kind__in=kinds, state=Job.State.QUEUED).order_by("id")
    lost = list(waiting.filter(sent=None))
    overdue = list(waiting.filter(sent__lt=_ago(settings.JOB_RESEND_SECONDS)))
    if overdue and _messages_in(queue) == 0:
        lost += overdue
    count = 0
    for job in lost:
        if Job.objects.filter(pk=job.pk, state=Job.State.QUEUED, sent=job.sent).update(sent=timezone.now()):
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
