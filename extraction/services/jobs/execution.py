"""Job execution: claim, work of the kind, final state.

A claim is a token in the row. Every write of a worker asks for that token, so a worker whose job was given to another
one while it seemed dead writes nothing more. No transaction is open while the work goes on.
"""

import logging
import os
import socket
import time
import uuid
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

from celery.exceptions import SoftTimeLimitExceeded
from django.db import DatabaseError, connection, transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from extraction.domain.errors import UserError, gettext_noop
from extraction.domain.progress import Cancelled, Progress, PutOff
from extraction.domain.work import spans
from extraction.models import Door, Job
from extraction.services import events, leftovers, outages, storage
from extraction.services.audit_log.actors import Actor, acting
from extraction.services.errors import Conflict, Invalid
from extraction.services.jobs import claims, kinds
from extraction.services.jobs.progress import HeartbeatThread, JobProgress, WatchedProgress

logger = logging.getLogger(__name__)

# Seconds for which the end of a job is tried to be written while the database is away, and between two of them.
PATIENCE = 600.0
PAUSE = 2.0


def run(job_id: int, watcher: Progress | None = None) -> None:
    """Execute a queued job, exactly once however often its message is delivered; `watcher` follows it too.

    What its kind raises ends the job: `Cancelled` and Ctrl-C as cancelled, anything else as failed (see `sentence`).
    `PutOff` and an outage put it back: database or disk may be well again in a minute.
    """
    progress = claim(job_id)
    if progress is None:
        return
    with HeartbeatThread(progress):
        _work(progress, watcher)


def _work(progress: JobProgress, watcher: Progress | None) -> None:
    try:
        job = progress.claimed().select_related("project", "author").get()
        actor = Actor.of(Door.JOB, f"{job.kind} {job.pk}", job.author)
        with (
            acting(actor),
            # A project deleted meanwhile takes along what the work still writes.
            leftovers.changing(storage.project_folder(job.project)),
            claims.executing(progress),
            spans.span(f"job {job.kind}", job=job.pk, subject=job.subject, attempt=job.attempts),
        ):
            kinds.find(job.kind).handle(job.subject, WatchedProgress(progress, watcher) if watcher else progress)
    except Cancelled:
        _end(progress, Job.State.CANCELLED)
    except PutOff as wait:
        _persist(partial(put_off, progress, wait.message, wait.seconds))
    except KeyboardInterrupt:
        # Somebody stopped the command that executed it: no worker takes it up.
        _end(progress, Job.State.CANCELLED)
        raise
    except Exception as error:
        if (outage := outages.find(error)) and not isinstance(error, UserError):
            logger.warning("Job %s waits: %s", progress.job_id, outage.sentence, exc_info=error)
            _persist(partial(put_off, progress, outage.sentence))
        else:
            _end(progress, Job.State.FAILED, sentence(error, progress.job_id))
    except BaseException:
        # The worker stops: the next one to start continues the job at once.
        release(progress)
        raise
    else:
        _end(progress, Job.State.DONE)


def run_now(job: Job, watcher: Progress, *, name: str) -> None:
    """Execute a queued job in this process. Pages show and cancel it like any other; updates `job`.

    Returns early where it is put off: a worker goes on with it. Raises `Conflict` where another process executes it,
    and `Invalid` with the reason where it fails or is cancelled; their sentences call the work `name`.
    """
    run(job.pk, watcher)
    job.refresh_from_db()
    if job.is_put_off:
        return
    if job.active:
        raise Conflict(f"{name} is still under way.")
    if job.state != Job.State.DONE:
        raise Invalid(job.error or f"{name} was cancelled.")


def claim(job_id: int) -> JobProgress | None:
    """Take a queued job; None if another process has it, it has ended, was cancelled or does not exist."""
    token, now = process_token(), timezone.now()
    queued = Job.objects.filter(pk=job_id, state=Job.State.QUEUED, cancel_requested=False)
    taken = queued.update(
        state=Job.State.RUNNING,
        worker=token,
        heartbeat=now,
        started=now,
        not_before=None,
        attempts=F("attempts") + 1,
        error="",
    )
    return JobProgress(job_id, token) if taken else None


def process_token() -> str:
    """A new token of this process for a claim."""
    return f"{_process_namespace()}:{os.getpid()}:{uuid.uuid4().hex}"


def process_is_dead(token: str) -> bool:
    """Whether a claim was made by a process of this machine that no longer exists; false for all others."""
    namespace, _, number = token.rpartition(":")[0].rpartition(":")
    if namespace != _process_namespace():
        return False
    try:
        os.kill(int(number), 0)
    except OSError as error:
        return isinstance(error, ProcessLookupError)
    return False


def _process_namespace() -> str:
    """What process numbers count within: this machine, or a container on it that may share the machine's name."""
    namespace = Path("/proc/self/ns/pid")
    return f"{socket.gethostname()[:64]}/{namespace.stat().st_ino if namespace.exists() else 0}"


def release(progress: JobProgress) -> None:
    """Put a claimed job back into the queue unsent; it does not count as an attempt."""
    progress.claimed().update(
        state=Job.State.QUEUED, worker="", sent=None, attempts=F("attempts") - 1, **progress.position()
    )


def put_off(progress: JobProgress, reason: str, seconds: float | None = None) -> None:
    """Put a claimed job back into the queue with the reason for people; it does not count as an attempt.

    One that waits for so many seconds has come through: its earlier attempts do not count any more either. One that was
    asked to stop meanwhile ends as cancelled.
    """
    now = timezone.now()
    waiting: dict[str, object] = {**progress.position(), "message": reason[:200], "attempts": F("attempts") - 1}
    if seconds is not None:
        waiting |= {"not_before": now + timedelta(seconds=seconds), "attempts": 0}
    rows = progress.claimed().filter(cancel_requested=False)
    if not rows.update(state=Job.State.QUEUED, worker="", sent=now, **waiting):
        end(progress.claimed(), Job.State.CANCELLED, "", **progress.position())


def sentence(error: Exception, job_id: int) -> str:
    """The text of the row for an error. All but `UserError` and a time that is up are bugs, logged with traceback."""
    if isinstance(error, UserError):
        return str(error)
    if isinstance(error, SoftTimeLimitExceeded):
        return gettext_noop("This took longer than work of its kind may, so it was stopped.")
    logger.error("Job %s failed.", job_id, exc_info=error)
    return gettext_noop("Something went wrong: {kind} (see the log).").format(kind=type(error).__name__)


def end(jobs: QuerySet[Job], state: Job.State, error: str = "", **columns: object) -> bool:
    """End the one job that `jobs` selects, if it still does, tell its kind where it did not get through, and send the
    event.

    All or nothing: the row of the job and that of its subject never disagree.
    """
    with transaction.atomic():
        job = jobs.first()
        if job is None:
            return False
        if not jobs.update(state=state, error=error[:500], finished=timezone.now(), worker="", **columns):
            return False
        job.state = state
        if state != Job.State.DONE:
            _report_failure(job, error[:500])
        events.send_now(events.job_ended, job=job)
    return True


def _report_failure(job: Job, error: str) -> None:
    try:
        kind = kinds.find(job.kind)
    except kinds.UnknownKind:
        return
    kind.on_failed(job.subject, error)


def _end(progress: JobProgress, state: Job.State, error: str = "") -> None:
    _persist(partial(end, progress.claimed(), state, error, **progress.position()))


def _persist(write: Callable[[], object]) -> None:
    """Repeat a write that an outage of the database stops: work that is done must not be lost for it."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            write()
        except DatabaseError as error:
            if outages.find(error) is None or connection.in_atomic_block or time.monotonic() > deadline:
                raise
            logger.warning("The end of a job could not be written; this is tried again.", exc_info=True)
            connection.close()
            time.sleep(PAUSE)
        else:
            return
