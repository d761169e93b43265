"""One round: count, and where enough is new start a training. The comparison (`decisions`) follows from its end.

Everything is decided from rows, so a count may be repeated or killed at any place: the run and the step that says that
it was started are one transaction, in which nothing else is under way.
"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from extraction.domain.errors import gettext_noop
from extraction.domain.learning.training import Settings
from extraction.models import Automation, AutomationStep, Project, Snapshot, TrainingRun
from extraction.services.automation import counting, decisions, history, settings, upcoming
from extraction.services.automation.upcoming import Next, Upcoming
from extraction.services.errors import Conflict
from extraction.services.serving import registry
from extraction.services.training import snapshots, training_runs

Kind = AutomationStep.Kind


def run(automation: int) -> TrainingRun | None:
    """Count, and start a training where it is due; the work of a COUNT job."""
    # Before the count: a label that is written meanwhile has it repeated.
    Automation.objects.filter(pk=automation).update(counted=timezone.now(), changed=False)
    row = Automation.objects.select_related("project__schema_version").filter(pk=automation, active=True).first()
    if row is None:
        return None
    decisions.close_overtaken(row.project)
    following = upcoming.of(row)
    if following.kind is Next.BUDGET:
        _note_budget(row.project, following)
    return _start(row, following) if following.kind is Next.DUE else None


def _start(row: Automation, following: Upcoming) -> TrainingRun | None:
    """`None` where somebody was faster, or switched the automation off at this moment."""
    snapshot = snapshots.freeze(row.project)
    with transaction.atomic():
        rows = Project.objects.select_for_update(of=("self",), no_key=True).select_related("schema_version")
        project = rows.get(pk=row.project_id)
        locked = settings.of(project)
        newest = counting.last_run(project)
        if not locked.active or upcoming.under_way(project) or newest != following.since:
            return None
        if project.schema_version_id != snapshot.schema_version_id:
            raise Conflict(gettext_noop("The fields were changed at this moment: start again."))
        started = _train(project, locked.minutes, snapshot)
        history.add(project, Kind.STARTED, run=started, figures=following.changes)
    return started


def _train(project: Project, minutes: float, snapshot: Snapshot) -> TrainingRun:
    return training_runs.start(
        project,
        name=_name(project),
        labels=snapshots.BEST,
        config=_config(project),
        minutes=minutes,
        snapshot=snapshot,
    )


def _name(project: Project) -> str:
    """`auto-1`, or the first number after it that is free."""
    taken = set(project.training_runs.filter(name__startswith="auto-").values_list("name", flat=True))
    number = len(taken) + 1
    while f"auto-{number}" in taken:
        number += 1
    return f"auto-{number}"


def _config(project: Project) -> Settings:
    """The settings that the serving model was trained with, else those of the newest model."""
    model = registry.serving(project) or project.model_versions.first()
    config: Settings = model.run.config if model else {}
    return config


def _note_budget(project: Project, following: Upcoming) -> None:
    """Once until the next training: counts that follow find the same."""
    last = project.automation_steps.exclude(kind__in=(Kind.SWITCHED_ON, Kind.SWITCHED_OFF)).first()
    if following.spent and (last is None or last.kind != Kind.BUDGET_USED):
        history.add(project, Kind.BUDGET_USED, figures=following.spent)
