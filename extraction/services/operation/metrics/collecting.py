"""All metrics that rows tell, read at the time of a scrape: the same from whichever machine, and after a restart."""

from __future__ import annotations

import logging
from collections.abc import Iterator

from django.db import DatabaseError, InterfaceError
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from extraction.services.operation.metrics import answers, keeping, machine, stock

logger = logging.getLogger(__name__)

SOURCES = (
    machine.queues,
    machine.jobs,
    answers.extractions,
    answers.confidences,
    answers.drift,
    stock.documents,
    stock.teacher,
    stock.webhooks,
    keeping.canaries,
    keeping.retention,
)


class Rows(Collector):
    """While the database is away, what needs none is told alone, with `kdweb_database_up` 0."""

    def describe(self) -> list[Metric]:
        """Nothing: registration would otherwise collect, and ask the database."""
        return []

    def collect(self) -> Iterator[Metric]:
        yield from machine.process()
        yield from keeping.store()
        try:
            families = [family for source in SOURCES for family in source()]
        except (DatabaseError, InterfaceError):
            logger.warning("The metrics lack what is in the database, which does not answer.", exc_info=True)
            families = []
        yield from families
        yield GaugeMetricFamily("kdweb_database_up", "Whether the database answered.", bool(families))
