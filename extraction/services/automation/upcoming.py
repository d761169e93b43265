"""What happens next in a project by itself, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import QuerySet
from django.utils import timezone

from extraction.domain.results.automation import Changes, Spent
from extraction.models import Automation, AutomationStep, Job, Project, TrainingRun
from extraction.services.automation import counting
from extraction.services.training import sufficiency
from extraction.services.training.jobs import TRAIN

WEEK = timedelta(days=7)
NOTHING = Changes()


class Next(StrEnum):
    """`COUNTING`: it waits for more labels; `DUE`: a training starts with the next count."""

    OFF = "off"
    TRAINING = "training"
    COMPARING = "comparing"
    COUNTING = "counting"
    FEW_DOCUMENTS = "few_documents"
    BUDGET = "budget"
    DUE = "due"


@dataclass(frozen=True, slots=True)
class Upcoming:
    """What is next. `changes` were counted since `since`; `more` is what is lacking for a training by either bound.

    `run` goes on or waits to be compared. `documents` are those to learn from. `spent` in the last seven days; where
    that is in the way it is over at `at`.
    """

    kind: Next
    changes: Changes = NOTHING
    more: Changes = NOTHING
    since: TrainingRun | None = None
    run: TrainingRun | None = None
    documents: int = 0
    spent: Spent | None = None
    at: datetime | None = None


def of(row: Automation) -> Upcoming:
    """A fixed number of queries, and one more for each 500 labels that changed."""
    if not row.active or row.project.schema_version is None:
        return Upcoming(Next.OFF)
    if (training := under_way(row.project)) is not None:
        return Upcoming(Next.TRAINING, run=training)
    if (run := unconcluded(row.project)) is not None:
        return Upcoming(Next.COMPARING, run=run)
    counted = counting.count(row.project)
    changes, since = counted.changes, counted.since
    more = Changes(max(0, row.corrections - changes.corrections), max(0, row.labels - changes.labels))
    if more.corrections and more.labels:
        return Upcoming(Next.COUNTING, changes, more, since)
    enough = sufficiency.of_project(row.project)
    if not enough.enough:
        return Upcoming(Next.FEW_DOCUMENTS, changes, more, since, documents=enough.documents)
    spent, at = _budget(row)
    kind = Next.BUDGET if at else Next.DUE
    return Upcoming(kind, changes, more, since, documents=enough.documents, spent=spent, at=at)


def under_way(project: Project) -> TrainingRun | None:
    """A training that goes on or waits, whoever started it."""
    rows = project.training_runs.filter(job__kind=TRAIN.name, job__state__in=Job.ACTIVE, model_version=None)
    return rows.select_related("job").order_by("-pk").first()


def unconcluded(project: Project) -> TrainingRun | None:
    """A run that was started automatically and has not been compared yet."""
    concluded = AutomationStep.objects.filter(project=project, kind__in=AutomationStep.OUTCOMES)
    runs = started(project).exclude(pk__in=concluded.exclude(run=None).values("run"))
    return runs.select_related("job").order_by("-pk").first()


def started(project: Project) -> QuerySet[TrainingRun]:
    """The runs that were started automatically."""
    return project.training_runs.filter(automation_steps__kind=AutomationStep.Kind.STARTED)


def spent(row: Automation) -> Spent:
    """Of the last seven days."""
    return Spent(sum(minutes for _, minutes in _trainings(row.project)), row.weekly_minutes)


def _budget(row: Automation) -> tuple[Spent, datetime | None]:
    """What was spent, and from when on another training fits; `None`: it does now."""
    trainings = _trainings(row.project)
    minutes = sum(each for _, each in trainings)
    used, at = Spent(minutes, row.weekly_minutes), None
    for created, each in trainings:
        if minutes + row.minutes <= row.weekly_minutes:
            break
        minutes, at = minutes - each, created + WEEK
    return used, at


def _trainings(project: Project) -> list[tuple[datetime, float]]:
    """Start and minutes of the automatic trainings of the last seven days, oldest first; one without a result counts
    with all that it was given."""
    recent = started(project).filter(created__gt=timezone.now() - WEEK).order_by("created")
    return [
        (created, minutes if seconds is None else min(minutes, seconds / 60))
        for created, minutes, seconds in recent.values_list("created", "minutes", "seconds")
    ]
