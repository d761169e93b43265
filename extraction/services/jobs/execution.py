"""Doing a job: claim its row, beat its heart, show how far it is, write down how it ended.

A claim is a token in the row. Every write of the worker asks for that token, so a worker whose job was given to another
one while it seemed dead writes nothing more. No transaction is open while the work goes on.
"""

import logging
import os
import socket
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError, connection
from django.db.models import F, QuerySet
from django.utils import timezone

from extraction.domain.progress import Cancelled, Progress
from extraction.domain.training import StopReason
from extraction.models import Document, Extraction, Job, TrainingRun

logger = logging.getLogger(__name__)

Handler = Callable[[int, Progress], object]

# Seconds between two looks at the row, however often the work reports.
THROTTLE = 0.5


class JobProgress:
    """A domain `Progress` that writes into the row of a claimed job. It raises nothing.

    Once the claim is lost (the row was given to another worker, or deleted with its project) it tells the work to stop.
    """

    def __init__(self, job_id: int, token: str) -> None:
        self.job_id = job_id
        self.token = token
        self._position: dict[str, int | str] = {}
        self._written = self._polled = float("-inf")
        self._stop = False

    def mine(self) -> QuerySet[Job]:
        """The row while this claim holds, else nothing."""
        return Job.objects.filter(pk=self.job_id, worker=self.token, state=Job.State.RUNNING)

    def position(self) -> dict[str, int | str]:
        """The columns that say how far the work is."""
        return dict(self._position)

    def report(self, done: int, total: int, message: str = "") -> None:
        self._position = {"done": max(0, done), "total": max(0, total), "message": message[:200]}
        if time.monotonic() - self._written >= THROTTLE:
            self.beat()

    def beat(self) -> None:
        """Write the heartbeat and the position; called from the heart's thread too."""
        self._written = time.monotonic()
        try:
            if not self.mine().update(heartbeat=timezone.now(), **self._position):
                self._stop = True
        except DatabaseError as error:
            # The next beat repairs it; the work itself is not harmed by a row that lags.
            logger.warning("Job %s: its progress could not be written: %s", self.job_id, error)

    def cancelled(self) -> bool:
        if not self._stop and time.monotonic() - self._polled >= THROTTLE:
            self._polled = time.monotonic()
            self._stop = self._asked_to_stop()
        return self._stop

    def _asked_to_stop(self) -> bool:
        try:
            return self.mine().values_list("cancel_requested", flat=True).first() is not False
        except DatabaseError as error:
            logger.warning("Job %s: it could not be seen whether it was cancelled: %s", self.job_id, error)
            return False


class Shown:
    """The progress of a job that somebody also watches elsewhere: at the terminal of the command that does it."""

    def __init__(self, job: Progress, watcher: Progress) -> None:
        self._both = job, watcher

    def report(self, done: int, total: int, message: str = "") -> None:
        for progress in self._both:
            progress.report(done, total, message)

    def cancelled(self) -> bool:
        return any(progress.cancelled() for progress in self._both)


class Heart:
    """Beats in a thread of its own: one step of the work may take longer than a silence that counts as death."""

    def __init__(self, progress: JobProgress) -> None:
        self._progress = progress
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"heart of job {progress.job_id}", daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stopped.set()
        self._thread.join(timeout=5)

    def _run(self) -> None:
        while not self._stopped.wait(settings.JOB_HEARTBEAT_SECONDS):
            try:
                self._progress.beat()
            finally:
                # The thread's own connection, which nobody else would close.
                connection.close()


def run(job_id: int, handlers: Mapping[str, Handler]) -> None:
    """Do a queued job, exactly once however often its message is delivered.

    `handlers` maps a kind to the function that gets the subject's primary key and a `Progress`. What it raises ends the
    job: `Cancelled` and Ctrl-C as cancelled, anything else as failed (see `sentence`).
    """
    progress = claim(job_id)
    if progress is None:
        return
    kind, subject = progress.mine().values_list("kind", "subject").get()
    try:
        with Heart(progress):
            handlers[kind](subject, progress)
    except Cancelled:
        _end(progress, Job.State.CANCELLED)
    except KeyboardInterrupt:
        # Somebody stopped the command that did it: no worker takes it up.
        _end(progress, Job.State.CANCELLED)
        raise
    except Exception as error:
        _end(progress, Job.State.FAILED, sentence(error, job_id))
    except BaseException:
        # The worker was told to stop: the next one to start takes the job up at once.
        release(progress)
        raise
    else:
        _end(progress, Job.State.DONE)


def claim(job_id: int) -> JobProgress | None:
    """Take a queued job; None if somebody else has it, it has ended, was cancelled or does not exist."""
    token = f"{_here()}:{os.getpid()}:{uuid.uuid4().hex}"
    now = timezone.now()
    queued = Job.objects.filter(pk=job_id, state=Job.State.QUEUED, cancel_requested=False)
    taken = queued.update(
        state=Job.State.RUNNING,
        worker=token,
        heartbeat=now,
        started=now,
        attempts=F("attempts") + 1,
        error="",
    )
    return JobProgress(job_id, token) if taken else None


def gone(token: str) -> bool:
    """Whether a claim was made by a process of this machine that no longer exists; of others it cannot be told."""
    place, _, number = token.rpartition(":")[0].rpartition(":")
    if place != _here():
        return False
    try:
        os.kill(int(number), 0)
    except OSError as error:
        return isinstance(error, ProcessLookupError)
    return False


def _here() -> str:
    """What numbers of processes count within: this machine, or a container on it that may share the machine's name."""
    namespace = Path("/proc/self/ns/pid")
    return f"{socket.gethostname()[:64]}/{namespace.stat().st_ino if namespace.exists() else 0}"


def release(progress: JobProgress) -> None:
    """Put a claimed job back into the queue unsent; it does not count as an attempt."""
    progress.mine().update(
        state=Job.State.QUEUED, worker="", sent=None, attempts=F("attempts") - 1, **progress.position()
    )


def sentence(error: Exception, job_id: int) -> str:
    """What the row says about an error. Our own exceptions carry one sentence for people; any other one is a bug,
    whose text may quote a document or a key and therefore goes to the log only."""
    missing_row = isinstance(error, ObjectDoesNotExist)
    if type(error).__module__.startswith("extraction.") and not missing_row:
        return str(error)
    logger.error("Job %s failed.", job_id, exc_info=error)
    return f"Something went wrong: {type(error).__name__} (see the log)."


def end(jobs: QuerySet[Job], state: Job.State, error: str = "", **columns: object) -> bool:
    """End the one job that `jobs` selects, if it still does."""
    job = jobs.first()
    ended = job and jobs.update(state=state, error=error[:500], finished=timezone.now(), worker="", **columns)
    if job and ended and state != Job.State.DONE:
        _fail_subject(job, error)
    return bool(ended)


def _fail_subject(job: Job, error: str) -> None:
    """The service may have had no chance to say so, and what waits for this job would seem to wait for ever."""
    reason = error[:500] or "Reading was cancelled."
    if job.kind == Job.Kind.READ:
        unread = Document.objects.filter(pk=job.subject, state=Document.State.QUEUED)
        unread.update(state=Document.State.FAILED, error=reason)
    elif job.kind == Job.Kind.EXTRACT:
        waiting = Extraction.objects.filter(pk=job.subject, state=Extraction.State.QUEUED)
        waiting.update(state=Extraction.State.FAILED, error=reason)
    elif job.kind == Job.Kind.TRAIN:
        reason = StopReason.FAILED if error else StopReason.CANCELLED
        TrainingRun.objects.filter(job=job).update(stop_reason=reason, stop_detail=error[:500])


def _end(progress: JobProgress, state: Job.State, error: str = "") -> None:
    end(progress.mine(), state, error, **progress.position())
