"""Training a student: the work of a TRAIN job, which a worker does or the process of a command."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.db import IntegrityError, transaction

from extraction.domain.progress import Progress
from extraction.models import (
    Document,
    Job,
    Label,
    ModelVersion,
    Project,
    Snapshot,
    Split,
    TrainingRun,
    User,
    as_domain_pages,
)
from extraction.services import storage
from extraction.services.errors import Conflict, Invalid
from extraction.services.jobs import queue
from extraction.services.labels import store
from extraction.services.training import snapshots

if TYPE_CHECKING:
    from extraction.domain.field_types import DayOrder
    from extraction.domain.pages import Page
    from extraction.engines.student.layout.config import Example
    from extraction.engines.student.layout.network.encoders import Known

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,49}")
RESERVED = frozenset({"teacher", "rules", "claim", "recorded", "truth", "reviewer", "best"})
# A doubtful label teaches less.
UNSURE_WEIGHT = 0.5
MOST_SEED = 2**31 - 1
# About so many pages are read before labels are learned from: more would take longer than the training itself.
MOST_READ = 1000


def start(
    project: Project,
    *,
    name: str,
    labels: str = "best",
    config: Mapping[str, Any] | None = None,
    minutes: float = 20,
    seed: int = 0,
    actor: User | None = None,
    send: bool = True,
) -> TrainingRun:
    """A training run over the labels as they are now, with its job; `send=False` is for a caller that does it itself.

    Raises `Invalid` for a bad name, config or time or where nothing is labelled, `Conflict` for a name that is taken.
    """
    _check(name, minutes, seed)
    base = _base(config or {})
    snapshot = snapshots.freeze(project, labels)
    try:
        with transaction.atomic():
            run = TrainingRun.objects.create(
                project=project,
                snapshot=snapshot,
                name=name,
                labels=labels,
                config=dict(config or {}),
                base=base,
                day_order=store.day_order(project) or "",
                seed=seed,
                minutes=minutes,
                folder=storage.relative(storage.model_folder(project, name)),
                author=actor,
            )
            run.job = queue.enqueue(Job.Kind.TRAIN, project=project, subject=run.pk, author=actor, send=send)
            run.save(update_fields=["job"])
    except IntegrityError:
        raise Conflict(f"Project {project} already has a training run named {name}.") from None
    return run


def again(run: TrainingRun, actor: User | None = None, *, send: bool = True) -> TrainingRun:
    """Go on with a run that failed or was cancelled, from its last checkpoint; `send` as for `start`. Updates `run`.

    Raises `Conflict` where it is complete or under way.
    """
    if ModelVersion.objects.filter(run=run).exists():
        raise Conflict(f"The run {run} is complete.")
    seen = run.job
    if seen is not None and seen.active:
        raise _under_way(run)
    with transaction.atomic():
        job = queue.enqueue(Job.Kind.TRAIN, project=run.project, subject=run.pk, author=actor, send=send)
        # Of two callers at once, the second no longer finds the job that both saw.
        if not TrainingRun.objects.filter(pk=run.pk, job=seen).update(job=job, stopped_because=""):
            raise _under_way(run)
    run.job, run.stopped_because = job, ""
    return run


def train_here(project: Project, *, name: str, progress: Progress, **wanted: Any) -> ModelVersion:
    """For a command: a new run, or the unfinished one of that name, done in this process.

    `progress` follows its job. Raises `Invalid` for what `start` refuses and with the reason where the run fails or is
    cancelled, `Conflict` where it is complete, under way elsewhere, or was started with other settings.
    """
    row = project.training_runs.select_related("job").filter(name=name).first()
    if row is None:
        row = start(project, name=name, send=False, **wanted)
    elif any(getattr(row, key) != value for key, value in wanted.items()):
        raise Conflict(f"The run {name} was started with other settings; choose another name.")
    else:
        row = _taken_up(row)
    job = Job.objects.get(training_run=row)
    queue.run(job.pk, {Job.Kind.TRAIN: lambda subject, held: run(subject, queue.Shown(held, progress))})
    job.refresh_from_db()
    if job.active:
        raise _under_way(row)
    if job.state != Job.State.DONE:
        raise Invalid(job.error or f"The run {row} was cancelled.")
    return ModelVersion.objects.select_related("run__snapshot").get(run=row)


def _taken_up(row: TrainingRun) -> TrainingRun:
    """The run with a job that waits."""
    if row.job is not None and queue.take_from_the_dead(row.job).state == Job.State.QUEUED:
        return row
    return again(row, send=False)


def _under_way(run: TrainingRun) -> Conflict:
    return Conflict(f"The run {run} is still under way.")


def _check(name: str, minutes: float, seed: int) -> None:
    if not NAME.fullmatch(name) or name in RESERVED:
        raise Invalid(
            f"A model's name is at most 50 letters, digits, dots, hyphens and underscores and no reserved word, unlike "
            f"{name!r}."
        )
    if not 0 < minutes <= 24 * 60:
        raise Invalid(f"Training takes more than 0 and at most 1440 minutes, not {minutes:g}.")
    if not 0 <= seed <= MOST_SEED:
        raise Invalid(f"A seed is at least 0 and at most {MOST_SEED}, not {seed}.")


def _base(config: Mapping[str, Any]) -> str:
    """The encoder of these settings, the installation's where they name none; raises `Invalid` for bad settings."""
    from extraction.engines.student.layout.config import ConfigError, StudentConfig

    try:
        return StudentConfig.from_dict({"base": settings.KD_STUDENT_BASE, **config}).base
    except ConfigError as error:
        raise Invalid(str(error)) from None


def encoder(base: str) -> dict[str, str]:
    """The encoder of that name: `base`, `title` and `licence`, the last two for people."""
    from extraction.engines.student.layout.network import encoders

    return _told(encoders.find(base))


def usual_encoder() -> dict[str, str]:
    """What a run starts from where its settings name nothing."""
    return encoder(settings.KD_STUDENT_BASE)


def encoders() -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """What runs can start from by name, besides what they start from usually: what may be used commercially, and what
    may not."""
    from extraction.engines.student.layout.network.encoders import KNOWN

    free = [_told(known) for known in KNOWN if known.licence.commercial]
    return free, [_told(known) for known in KNOWN if not known.licence.commercial]


def _told(known: Known) -> dict[str, str]:
    return {"base": known.base, "title": known.title, "licence": str(known.licence)}


def run(training_run: int, progress: Progress) -> ModelVersion:
    """Train, or go on training, and register the model; a run that is complete is only registered. The work of a TRAIN
    job, which keeps the reason in the run where this raises.

    Raises what `student.training.train` and `student.faults.told` do: `Cancelled`, and errors with a sentence where
    nothing can be learned, the encoder cannot be had, memory or disk run out, or the written model answers otherwise.
    """
    from extraction.engines.student.layout.config import StudentConfig
    from extraction.engines.student.layout.training.faults import told
    from extraction.engines.student.layout.training.pretraining import Pile
    from extraction.engines.student.layout.training.training import train

    row = TrainingRun.objects.select_related("project", "snapshot__schema_version").get(pk=training_run)
    existing = ModelVersion.objects.filter(run=row).first()
    if existing is not None:
        return existing
    if row.snapshot is None:
        raise Invalid(f"The run {row} has no snapshot to learn from.")
    notes = _Notes(row)
    notes.stopped("")
    folder = storage.path(row.folder)
    config = StudentConfig.from_dict({**row.config, "base": row.base})
    with told(folder, config):
        result = train(
            row.snapshot.schema_version.as_domain(),
            examples(row.snapshot, "train"),
            examples(row.snapshot, "validation"),
            config,
            folder,
            seed=row.seed,
            minutes=row.minutes,
            threads=settings.KD_THREADS,
            day_order=cast("DayOrder", row.day_order or None),
            progress=progress,
            on_point=notes.point,
            on_log=notes.log,
            on_account=notes.account,
            pile=Pile(notes.reading(_readable(row.project)), storage.project_folder(row.project) / "pretrained"),
        )
    notes.account(result.account)
    row.validation = result.validation
    row.save(update_fields=["validation"])
    notes.stopped(result.stopped_because)
    return _register(row, folder)


class _Notes:
    """Writes what a run tells of itself into its row, as it is told."""

    def __init__(self, row: TrainingRun) -> None:
        self.row = row
        self.fixed = {
            "sources": snapshots.sources(row.snapshot) if row.snapshot else {},
            "encoder": encoder(row.base),
            # A run that goes on from a checkpoint has done its reading.
            "read": (row.account or {}).get("read", 0),
        }
        self.before = row.seconds or 0.0
        self.started = time.monotonic()

    def point(self, point: Mapping[str, Any]) -> None:
        # A resumed run tells its last points once more.
        self.row.curve = [held for held in self.row.curve if held["step"] < point["step"]] + [dict(point)]
        self._save("curve")

    def log(self, line: str) -> None:
        self.row.log += line.rstrip() + "\n"
        self._save("log")

    def account(self, account: Mapping[str, Any]) -> None:
        self.row.account = {**account, **self.fixed}
        self._save("account")

    def reading(self, documents: Iterable[Sequence[Page]]) -> Iterator[Sequence[Page]]:
        """The same documents, counted as they are taken: not every run reads before it learns."""
        self.fixed["read"] = 0
        for document in documents:
            self.fixed["read"] += 1
            yield document
        if self.row.account:
            self.account(self.row.account)

    def stopped(self, because: str) -> None:
        self.row.stopped_because = because[:500]
        self._save("stopped_because")

    def _save(self, field: str) -> None:
        self.row.seconds = self.before + time.monotonic() - self.started
        self.row.save(update_fields=[field, "seconds"])


def examples(snapshot: Snapshot, part: str) -> list[Example]:
    """The snapshot's documents of one part; what was deleted since is left out."""
    from extraction.engines.student.layout.config import Example

    items = [item for item in snapshot.items if item["part"] == part]
    documents = Document.objects.filter(pk__in=[item["document"] for item in items]).prefetch_related("pages").in_bulk()
    labels = Label.objects.in_bulk([pk for item in items for pk in item["labels"].values()])
    found = []
    for item in items:
        document = documents.get(item["document"])
        held = {name: labels[pk] for name, pk in item["labels"].items() if pk in labels}
        if document is not None and held:
            found.append(
                Example(
                    id=document.sha256,
                    pages=as_domain_pages(document.pages.all()),
                    labels={name: label.value for name, label in held.items()},
                    weight=item["weight"],
                    field_weights={name: UNSURE_WEIGHT for name, label in held.items() if label.unsure},
                )
            )
    return found


def _readable(project: Project) -> Iterator[Sequence[Page]]:
    """The pages of the project's documents; those of the split test, which judge a student, stay unseen."""
    documents = snapshots.readable(project).exclude(split=Split.TEST).order_by("sha256").prefetch_related("pages")
    read = 0
    for document in documents.iterator(chunk_size=100):
        pages = as_domain_pages(document.pages.all())
        yield pages
        read += len(pages)
        if read >= MOST_READ:
            return


def _register(row: TrainingRun, folder: Path) -> ModelVersion:
    graph = folder / "model.onnx"
    model, _ = ModelVersion.objects.get_or_create(
        run=row,
        defaults={
            "project": row.project,
            "name": row.name,
            "folder": row.folder,
            "sha256": hashlib.sha256(graph.read_bytes()).hexdigest(),
            "bytes": sum(path.stat().st_size for path in folder.iterdir() if path.is_file()),
        },
    )
    return model
