"""A new connection to the broker once an acknowledgement did not get through.

Celery logs that and goes on. Where Kombu itself keeps the channels (Redis), the message still counts as one that the
worker holds, and a worker that takes one message at a time never gets another.
"""

from __future__ import annotations

import logging
from typing import NoReturn

from celery.worker.request import Request
from kombu.asynchronous import get_event_loop

logger = logging.getLogger(__name__)


class AcknowledgedRequest(Request):  # type: ignore[misc]
    """A message whose work is done. With a new connection it comes again, and finds that its job has ended."""

    acknowledged: bool

    def acknowledge(self) -> None:
        if self.acknowledged:
            return
        self.acknowledged = True
        try:
            self.message.ack()
        except self._connection_errors as error:
            # A real channel (RabbitMQ) has been replaced already, and its messages were given back.
            replaced = getattr(self.message.channel, "closed", True)
            logger.warning("A message could not be acknowledged; it comes again.", exc_info=error)
            if not replaced and (loop := get_event_loop()) is not None:
                loop.call_soon(_fail, error)  # type: ignore[no-untyped-call]


def _fail(error: Exception) -> NoReturn:
    """Within the worker's loop: the consumer takes it for a broken connection."""
    raise error
