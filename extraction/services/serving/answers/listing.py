"""Lists of answers: the extractions of a project by state, batch and day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from extraction.models import Extraction, ExtractionBatch, Project


@dataclass(frozen=True, slots=True)
class Filter:
    """Which extractions; `None`: any. `since` and `until` are the days by UTC on which they came, both included.

    `unsure`: whether a person should look at one of the fields; files that wait or were refused are neither.
    """

    state: Extraction.State | None = None
    batch: ExtractionBatch | None = None
    since: date | None = None
    until: date | None = None
    unsure: bool | None = None


ALL = Filter()


def answers(project: Project, condition: Filter = ALL) -> QuerySet[Extraction]:
    """The extractions that fulfil the condition, with their models and batches, the newest first."""
    rows = project.extractions.select_related("model", "batch")
    if condition.state is not None:
        rows = rows.filter(state=condition.state)
    if condition.batch is not None:
        rows = rows.filter(batch=condition.batch)
    if condition.since is not None:
        rows = rows.filter(created__gte=_start(condition.since))
    if condition.until is not None and condition.until < date.max:
        rows = rows.filter(created__lt=_start(condition.until + timedelta(days=1)))
    if condition.unsure is not None:
        rows = rows.filter(state=Extraction.State.DONE, unsure=condition.unsure)
    return rows.order_by("-pk")


def _start(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=timezone.get_default_timezone())
