"""Restart of a worker whose idle child was killed.

The children of a pool take their messages from one pipe, behind one lock. One that is killed while it waits there keeps
the lock, and no child that follows it ever gets a message, while the worker seems alive. Pools of brokers that Celery
serves by its event loop (Redis, RabbitMQ) have a pipe for each child, and need nothing of this.
"""

from __future__ import annotations

import logging
import os
import signal
from functools import partial
from typing import Any

from billiard.pool import RUN  # type: ignore[import-untyped]
from celery import bootsteps
from celery.concurrency.asynpool import AsynPool

logger = logging.getLogger(__name__)


class RestartAfterLostChild(bootsteps.StartStopStep):  # type: ignore[misc]
    """Ends the worker, so that its supervisor starts it again; what other children worked on is found by its rows."""

    requires = ("celery.worker.components:Pool",)

    def start(self, parent: Any) -> None:
        pool = getattr(parent.pool, "_pool", None)
        if pool is not None and not isinstance(pool, AsynPool):
            pool.on_process_down = partial(_on_process_down, pool)


def _on_process_down(pool: Any, child: Any) -> None:
    killed = child.exitcode == -signal.SIGKILL and not getattr(child, "_controlled_termination", False)
    if not killed or pool._state != RUN:
        return
    # One that was at work had given the lock back. Its job ends as lost, which Celery and the job's row take care of.
    if any(child.pid in job.worker_pids() for job in list(pool._cache.values())):
        return
    logger.error("An idle child of the worker was killed (%s); the worker is started again.", child.exitcode)
    # Celery's own ways to stop wait for that lock, too.
    for other in pool._pool:
        os.kill(other.pid, signal.SIGKILL)
    os._exit(os.EX_SOFTWARE)
