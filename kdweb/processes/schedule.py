"""The periodic work of `extraction.tasks`, by the monotonic clock: nothing waits for a clock that was set back."""

import logging
import time
from collections.abc import Sequence

from django.db import close_old_connections

from extraction.tasks import PERIODIC, Periodic

logger = logging.getLogger(__name__)


class Schedule:
    """When each entry is due, in this process."""

    def __init__(self, entries: Sequence[Periodic] = PERIODIC) -> None:
        self._due = dict.fromkeys(entries, float("-inf"))

    def run_due(self) -> None:
        """Do what is due. An error of one entry is logged and disturbs no other."""
        for entry, due in self._due.items():
            if time.monotonic() >= due:
                self._run(entry)
                self._due[entry] = time.monotonic() + entry.seconds

    def seconds_left(self) -> float:
        """Until the next entry is due."""
        return max(0.0, min(self._due.values()) - time.monotonic())

    def _run(self, entry: Periodic) -> None:
        try:
            entry.work()
        except Exception:
            logger.warning("The scheduler could not %s.", entry.name, exc_info=True)
        finally:
            close_old_connections()
