"""Beat, the scheduler embedded in the default worker (`celery worker -B`)."""

from typing import Any

from celery import beat
from django.db import close_old_connections


class Scheduler(beat.Scheduler):  # type: ignore[misc]
    """Executes its entries in beat's own process instead of sending messages: the workers may be busy with one job for
    hours, while jobs of another queue are lost. Keeps no file, so none can be corrupt.
    """

    def install_default_entries(self, data: dict[str, Any]) -> None:
        pass

    def apply_async(self, entry: Any, producer: object = None, advance: bool = True, **kwargs: object) -> None:
        try:
            self.app.tasks[entry.task].apply(throw=True)
        finally:
            close_old_connections()
