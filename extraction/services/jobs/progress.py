"""Progress of a job while it is executed: position, heartbeat and cancellation, by way of its row."""

import logging
import threading
import time
from types import TracebackType

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import QuerySet
from django.utils import timezone

from extraction.domain.progress import Progress
from extraction.models import Job

logger = logging.getLogger(__name__)

# Seconds between two reads or writes of the row, however often the work reports.
THROTTLE = 0.5


class JobProgress:
    """A domain `Progress` that writes into the row of a claimed job. It raises nothing.

    Once the claim is lost (the row was given to another worker, or deleted with its project) it stops the work.
    """

    def __init__(self, job_id: int, token: str) -> None:
        self.job_id = job_id
        self.token = token
        self._position: dict[str, int | str] = {}
        self._written = self._polled = float("-inf")
        self._stop = False

    def claimed(self) -> QuerySet[Job]:
        """The row while this claim holds, else nothing."""
        return Job.objects.filter(pk=self.job_id, worker=self.token, state=Job.State.RUNNING)

    def position(self) -> dict[str, int | str]:
        """The columns `done`, `total` and `message` as last reported; empty before the first report."""
        return dict(self._position)

    def report(self, done: int, total: int, message: str = "") -> None:
        self._position = {"done": max(0, done), "total": max(0, total), "message": message[:200]}
        if time.monotonic() - self._written >= THROTTLE:
            self.record_heartbeat()

    def record_heartbeat(self) -> None:
        """Write heartbeat and position; called from the heartbeat's thread too."""
        self._written = time.monotonic()
        try:
            if not self.claimed().update(heartbeat=timezone.now(), **self._position):
                self._stop = True
        except DatabaseError as error:
            # The next heartbeat repairs it; the work itself is not harmed by a row that lags.
            logger.warning("Job %s: its progress could not be written: %s", self.job_id, error)

    def cancelled(self) -> bool:
        if not self._stop and time.monotonic() - self._polled >= THROTTLE:
            self._polled = time.monotonic()
            self._stop = self._stop_requested()
        return self._stop

    def _stop_requested(self) -> bool:
        try:
            return self.claimed().values_list("cancel_requested", flat=True).first() is not False
        except DatabaseError as error:
            logger.warning("Job %s: it could not be seen whether it was cancelled: %s", self.job_id, error)
            return False


class WatchedProgress:
    """The progress of a job that is also shown elsewhere: at the terminal of the command that executes it."""

    def __init__(self, job: Progress, watcher: Progress) -> None:
        self._both = job, watcher

    def report(self, done: int, total: int, message: str = "") -> None:
        for progress in self._both:
            progress.report(done, total, message)

    def cancelled(self) -> bool:
        return any(progress.cancelled() for progress in self._both)


class HeartbeatThread:
    """Records heartbeats while the work goes on: one of its steps may take longer than a silence that counts as death.

    A context manager.
    """

    def __init__(self, progress: JobProgress) -> None:
        self._progress = progress
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"heartbeat of job {progress.job_id}", daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stopped.set()
        self._thread.join(timeout=5)

    def _run(self) -> None:
        while not self._stopped.wait(settings.JOB_HEARTBEAT_SECONDS):
            try:
                self._progress.record_heartbeat()
            finally:
                # The thread's own connection, which nobody else would close.
                connection.close()
