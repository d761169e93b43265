"""Training runs: start and continue them, and do the work of a TRAIN job, in a worker or in a command's process."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TypedDict, Unpack

from django.conf import settings
from django.db import IntegrityError, transaction

from extraction.domain.errors import gettext_noop
from extraction.domain.learning.training import Settings
from extraction.domain.progress import Progress
from extraction.engines.student import model_folder, registry
from extraction.engines.student.base import TrainingConfig
from extraction.models import (
    AuditAction,
    Deletion,
    Job,
    ModelVersion,
    Project,
    Snapshot,
    TrainingRun,
    User,
)
from extraction.services import storage
from extraction.services.audit_log import log as audit_log
from extraction.services.errors import Conflict, Invalid
from extraction.services.jobs import execution, queue
from extraction.services.labels import date_order
from extraction.services.training import data, snapshots, students
from extraction.services.training.jobs import TRAIN
from extraction.services.training.recorder import RunRecorder

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,49}")
RESERVED = frozenset({"teacher", "rules", "claim", "recorded", "truth", "reviewer", "best"})
MOST_SEED = 2**31 - 1


def start(
    project: Project,
    *,
    name: str,
    labels: str = "best",
    config: Settings | None = None,
    minutes: float = 20,
    seed: int = 0,
    actor: User | None = None,
    send: bool = True,
    snapshot: Snapshot | None = None,
) -> TrainingRun:
    """A training run over the labels as they are now, with its job; `send=False` is for a caller that does it itself.

    `snapshot`: the same labels, where a caller froze them before its own transaction.

    Raises `Invalid` for a bad name, config or time or where nothing is labelled, `Conflict` for a name that is taken.
    """
    _check(name)
    check_extent(minutes, seed)
    student = students.choose(config or {}, project, actor)
    snapshot = snapshot or snapshots.freeze(project, labels)
    row = TrainingRun(
        project=project,
        snapshot=snapshot,
        name=name,
        labels=labels,
        config=dict(config or {}),
        kind=student.kind,
        base=student.base,
        seed=seed,
        minutes=minutes,
        author=actor,
    )
    return _enqueue(row, send=send)


def without_deleted(run: TrainingRun, name: str, actor: User | None = None) -> TrainingRun:
    """A run that learns what `run` learned from the documents that are left, by the same settings and seed; not sent
    before the transaction around it ends.

    It pre-trains on what that run read, as far as that is known. Raises `Invalid` where nothing is left to learn from,
    and `Conflict` for a name that is taken.
    """
    if run.snapshot is None:
        raise Invalid(gettext_noop("The run {run} has no snapshot to learn from."), run=run)
    there = set(run.project.documents.values_list("pk", flat=True).order_by())
    row = TrainingRun(
        project=run.project,
        snapshot=snapshots.of_remaining(run.snapshot),
        name=name,
        labels=run.labels,
        config=run.config,
        kind=run.kind,
        base=run.base,
        seed=run.seed,
        minutes=run.minutes,
        pretraining=None if run.pretraining is None else sorted(there.intersection(run.pretraining)),
        author=actor,
    )
    return _enqueue(row, send=True)


def _enqueue(row: TrainingRun, *, send: bool) -> TrainingRun:
    """Store a new run with its job. Raises `Conflict` for a name that is taken."""
    project = row.project
    row.day_order = date_order.day_order(project) or ""
    row.folder = storage.relative(storage.model_folder(project, row.name))
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            row.job = queue.enqueue(TRAIN, project=project, subject=row.pk, author=row.author, send=send)
            row.save(update_fields=["job"])
            changes = {"labels": row.labels, "minutes": row.minutes, "seed": row.seed, "kind": row.kind}
            audit_log.record(AuditAction.TRAINING_STARTED, row, project=project, name=row.name, changes=changes)
    except IntegrityError:
        raise Conflict(
            gettext_noop("Project {project} already has a training run named {name}."), project=project, name=row.name
        ) from None
    return row


def again(run: TrainingRun, actor: User | None = None, *, send: bool = True) -> TrainingRun:
    """Go on with a run that failed or was cancelled, from its last checkpoint; `send` as for `start`. Updates `run`.

    Raises `Conflict` where it is complete or under way.
    """
    if ModelVersion.objects.filter(run=run).exists():
        raise Conflict(gettext_noop("The run {run} is complete."), run=run)
    seen = run.job
    if seen is not None and seen.active:
        raise _under_way(run)
    with transaction.atomic():
        # Who removes its checkpoints holds the project meanwhile.
        Project.objects.select_for_update(no_key=True).get(pk=run.project_id)
        job = queue.enqueue(TRAIN, project=run.project, subject=run.pk, author=actor, send=send)
        # Of two callers at once, the second no longer finds the job that both saw.
        if not TrainingRun.objects.filter(pk=run.pk, job=seen).update(job=job, stop_reason="", stop_detail=""):
            raise _under_way(run)
        changes = {"again": True}
        audit_log.record(AuditAction.TRAINING_STARTED, run, project=run.project, name=run.name, changes=changes)
    run.job, run.stop_reason, run.stop_detail = job, "", ""
    return run


class RunOptions(TypedDict, total=False):
    """Options of `start` beside the name; a run that is continued must have been started with the same."""

    labels: str
    config: Settings
    minutes: float
    seed: int


def train_here(project: Project, *, name: str, progress: Progress, **options: Unpack[RunOptions]) -> ModelVersion:
    """For a command: a new run, or the unfinished one of that name, done in this process.

    `progress` follows its job. Raises `Invalid` for what `start` refuses and with the reason where the run fails or is
    cancelled, `Conflict` where it is complete, under way elsewhere, or was started with other settings.
    """
    row = project.training_runs.select_related("job").filter(name=name).first()
    if row is None:
        row = start(project, name=name, send=False, **options)
    elif any(getattr(row, key) != value for key, value in options.items()):
        raise Conflict(gettext_noop("The run {name} was started with other settings; choose another name."), name=name)
    else:
        row = _taken_up(row)
    job = Job.objects.get(training_run=row)
    execution.run_now(job, progress, name=f"The run {row}")
    return ModelVersion.objects.select_related("run__snapshot").get(run=row)


def _taken_up(row: TrainingRun) -> TrainingRun:
    """The run with a job that waits."""
    if row.job is not None and queue.requeue_if_dead(row.job).state == Job.State.QUEUED:
        return row
    return again(row, send=False)


def _under_way(run: TrainingRun) -> Conflict:
    return Conflict(gettext_noop("The run {run} is still under way."), run=run)


def _check(name: str) -> None:
    if not NAME.fullmatch(name) or name in RESERVED:
        raise Invalid(
            gettext_noop(
                "A model's name is at most 50 letters, digits, dots, hyphens and underscores "
                "and no reserved word, unlike {name!r}."
            ),
            name=name,
        )


def check_extent(minutes: float, seed: int) -> None:
    """Raises `Invalid` for a time or seed that no training takes."""
    if not 0 < minutes <= 24 * 60:
        raise Invalid(
            gettext_noop("Training takes more than 0 and at most 1,440 minutes, not {minutes}."), minutes=f"{minutes:g}"
        )
    if not 0 <= seed <= MOST_SEED:
        raise Invalid(
            gettext_noop("A seed is at least 0 and at most {most}, not {seed}."), most=str(MOST_SEED), seed=str(seed)
        )


def run(training_run: int, progress: Progress) -> ModelVersion:
    """Train, or continue to train, and register the model; a run that is complete is only registered.

    This is the work of a TRAIN job, which keeps the reason in the run where it raises: `Cancelled`, and the errors of
    `engines.student.errors`.
    """
    row = TrainingRun.objects.select_related("project", "snapshot__schema_version").get(pk=training_run)
    existing = ModelVersion.objects.filter(run=row).first()
    if existing is not None:
        return existing
    if row.snapshot is None:
        raise Invalid(gettext_noop("The run {run} has no snapshot to learn from."), run=row)
    kind = registry.find(row.kind)
    folder = storage.path(row.folder)
    encoder, note = students.encoder(row.kind, row.base), students.lacking(row.project, row.config)
    recorder = RunRecorder(row, progress, replace(encoder, note=note) if encoder else None)
    config = TrainingConfig(
        seed=row.seed,
        minutes=row.minutes,
        threads=settings.KD_THREADS,
        processes=settings.KD_TRAINING_PROCESSES,
        settings=students.settings_of(row.config, kind, row.base),
    )
    _begin_to_read(row)
    corpus = data.corpus(row.project, row.pretraining)
    training_data = data.of_run(row, row.snapshot, recorder.read(corpus))
    recorder.result(registry.train(row.kind, training_data, config, recorder, folder))
    return _register(row, folder)


def _begin_to_read(row: TrainingRun) -> None:
    """Record, at the first attempt, which deletions came before: whatever is deleted from now on was learned from."""
    with transaction.atomic():
        # Deletions wait meanwhile, or are done and their documents gone.
        Project.objects.select_for_update(no_key=True).get(pk=row.project_id)
        if row.read_after is None:
            newest = Deletion.objects.filter(project=row.project_id).order_by("-pk").first()
            row.read_after = newest.pk if newest else 0
            row.save(update_fields=["read_after"])


def _register(row: TrainingRun, folder: Path) -> ModelVersion:
    made = sorted(path for path in folder.iterdir() if path.is_file())
    storage.publish(made)
    model, _ = ModelVersion.objects.get_or_create(
        run=row,
        defaults={
            "project": row.project,
            "name": row.name,
            "folder": row.folder,
            "sha256": model_folder.identity(folder),
            "bytes": sum(path.stat().st_size for path in made),
        },
    )
    return model
