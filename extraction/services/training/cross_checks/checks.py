"""Cross-checks: start and continue them, in a worker or in a command's process."""

from __future__ import annotations

import math
from contextlib import suppress
from pathlib import Path
from typing import TypedDict, Unpack

from django.db import transaction

from extraction.domain.errors import gettext_noop
from extraction.domain.learning.folds import FEWEST_FOLDS, MOST_FOLDS
from extraction.domain.learning.training import Settings
from extraction.domain.progress import Progress
from extraction.models import CrossCheck, Job, Project, User
from extraction.services import storage
from extraction.services.errors import Conflict, Invalid
from extraction.services.jobs import execution, queue
from extraction.services.labels import date_order
from extraction.services.training import snapshots, students, sufficiency, training_runs
from extraction.services.training.jobs import CROSS_CHECK

FOLDS = 2
MINUTES: float = 10
# Seconds in which a student reads a document, about (docs/student.md); each document is read once.
SECONDS_A_DOCUMENT = 0.8
UNDER_WAY = gettext_noop("A cross-check of this project is still under way.")


class Options(TypedDict, total=False):
    """Of a cross-check; one that is continued must have been started with the same."""

    folds: int
    minutes: float
    config: Settings
    seed: int


def start(
    project: Project,
    *,
    folds: int = FOLDS,
    minutes: float = MINUTES,
    config: Settings | None = None,
    seed: int = 0,
    actor: User | None = None,
    send: bool = True,
) -> CrossCheck:
    """A cross-check of the labels as they are now, with its job; `send=False` is for a caller that does it itself.

    `minutes` of wall clock are for the trainings of all folds together. Raises `Invalid` for bad options and for too
    few documents, `Conflict` where one is under way.
    """
    training_runs.check_extent(minutes, seed)
    student = students.choose(config or {}, project, actor)
    _check_folds(folds)
    _check_documents(project, folds)
    snapshot = snapshots.freeze(project)
    with transaction.atomic():
        # Of two callers at once, the second finds the job of the first.
        Project.objects.select_for_update(no_key=True).get(pk=project.pk)
        if under_way(project) is not None:
            raise Conflict(UNDER_WAY)
        row = CrossCheck.objects.create(
            project=project,
            snapshot=snapshot,
            folds=folds,
            minutes=minutes,
            config=dict(config or {}),
            kind=student.kind,
            base=student.base,
            day_order=date_order.day_order(project) or "",
            seed=seed,
            author=actor,
        )
        _enqueue(row, actor, send=send)
    return row


def again(row: CrossCheck, actor: User | None = None, *, send: bool = True) -> CrossCheck:
    """Go on with one that failed or was cancelled: folds that were read are not trained again. Updates `row`.

    Raises `Conflict` where it is complete, or any is under way.
    """
    if row.finished:
        raise Conflict(gettext_noop("This cross-check is complete; start another one."))
    with transaction.atomic():
        Project.objects.select_for_update(no_key=True).get(pk=row.project_id)
        if under_way(row.project) is not None:
            raise Conflict(UNDER_WAY)
        _enqueue(row, actor, send=send)
    return row


def check_here(project: Project, progress: Progress, **options: Unpack[Options]) -> CrossCheck:
    """For a command: the newest one where it is unfinished and has the same options, else a new one, done in this
    process.

    `progress` follows its job. Raises as `start` does, and `Invalid` with the reason where it fails or is cancelled.
    """
    row = latest(project)
    if row is None or row.finished or any(getattr(row, key) != value for key, value in options.items()):
        row = start(project, send=False, **options)
    elif row.job is None or queue.requeue_if_dead(row.job).state != Job.State.QUEUED:
        row = again(row, send=False)
    execution.run_now(Job.objects.get(cross_check=row), progress, name="The cross-check")
    row.refresh_from_db()
    return row


def latest(project: Project) -> CrossCheck | None:
    """The newest one, whatever became of it."""
    return project.cross_checks.select_related("job", "author").first()


def under_way(project: Project) -> CrossCheck | None:
    """The one that goes on or waits."""
    return project.cross_checks.filter(finished=None, job__state__in=Job.ACTIVE).first()


def stopped(project: Project) -> dict[int, float]:
    """Those that failed or were cancelled and left files on this machine, by primary key, with the time (Unix, seconds)
    of the oldest file."""
    going_on = under_way(project)
    folders = [*storage.cross_check_folder(project).glob("*")]
    written = {int(folder.name): _written(folder) for folder in folders}
    return {pk: min(times) for pk, times in written.items() if times and (going_on is None or pk != going_on.pk)}


def _written(folder: Path) -> list[float]:
    """When the files below a folder were written; another process may remove some meanwhile."""
    times = []
    for path in folder.rglob("*"):
        with suppress(FileNotFoundError):
            if path.is_file():
                times.append(path.stat().st_mtime)
    return times


def needed(folds: int) -> int:
    """Labelled documents without which a cross-check in so many folds teaches its students too little."""
    return math.ceil(sufficiency.MINIMUM * folds / (folds - 1))


def expected_seconds(documents: int, minutes: float = MINUTES) -> float:
    """Wall clock of a cross-check over so many labelled documents, at most, in full minutes."""
    return 60.0 * math.ceil(minutes + SECONDS_A_DOCUMENT * documents / 60)


def _enqueue(row: CrossCheck, actor: User | None, *, send: bool) -> None:
    row.job = queue.enqueue(CROSS_CHECK, project=row.project, subject=row.pk, author=actor, send=send)
    row.save(update_fields=["job"])


def _check_folds(folds: int) -> None:
    if not FEWEST_FOLDS <= folds <= MOST_FOLDS:
        raise Invalid(
            gettext_noop("A cross-check has from {fewest} to {most} folds, not {folds}."),
            fewest=FEWEST_FOLDS,
            most=MOST_FOLDS,
            folds=folds,
        )


def _check_documents(project: Project, folds: int) -> None:
    documents = sufficiency.of_project(project).documents
    if documents < needed(folds):
        raise Invalid(
            gettext_noop(
                "A cross-check in {folds} folds needs {needed} labelled documents of the split train, and there are "
                "{documents}."
            ),
            folds=folds,
            needed=needed(folds),
            documents=documents,
        )
