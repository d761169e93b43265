"""Projects whose models learned from documents that are deleted, and what scheduler and workers do about it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from extraction.domain.learning.lineage import Use
from extraction.models import Document, Forgetting, Job, ModelVersion, Project, Retention, TrainingRun
from extraction.services import storage
from extraction.services.documents import intake
from extraction.services.jobs.execution import run as execute
from extraction.services.labels import store
from extraction.services.labels.store import LabelInput
from extraction.services.privacy import deletions, settings
from extraction.services.privacy.forgetting import due
from extraction.services.privacy.settings import Settings
from extraction.services.serving import registry
from extraction.services.training import snapshots
from tests.support import builders

TINY = {"base": "tiny", "epochs": 2}
State = Forgetting.State


def labelled(project: Project, count: int, *, split: str = "train", source: str = "teacher") -> list[Document]:
    """Documents whose total is known, each another one."""
    first = project.documents.count() + 1
    totals = [f"{number}.{number % 10}0" for number in range(first, first + count)]
    documents = [builders.document(project, "BEAN THERE", f"Total {total}", split=split) for total in totals]
    teacher = "rules" if source == "teacher" else ""
    pairs = zip(documents, totals, strict=True)
    store.write_many(project, [LabelInput(each, "total", total, source, teacher=teacher) for each, total in pairs])
    return documents


def trained(project: Project, name: str, *, serving: bool = False, **columns: Any) -> ModelVersion:
    """A model of the labels as they are now; its files are of no use."""
    run = TrainingRun.objects.create(
        project=project,
        name=name,
        snapshot=snapshots.freeze(project),
        config=TINY,
        folder=storage.relative(storage.model_folder(project, name)),
        **{"read_after": 0, "pretraining": [], "minutes": 5, **columns},
    )
    return modelled(run, serving=serving)


def modelled(run: TrainingRun, *, serving: bool = False) -> ModelVersion:
    """The end of a run in a model."""
    if run.read_after is None:
        newest = run.project.deletions.first()
        TrainingRun.objects.filter(pk=run.pk).update(read_after=newest.pk if newest else 0)
    Job.objects.filter(training_run=run).update(state=Job.State.DONE)
    folder = storage.path(run.folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.onnx").write_bytes(b"weights")
    model = ModelVersion.objects.create(
        project=run.project, run=run, name=run.name, folder=run.folder, sha256=run.name.ljust(64, "0"), bytes=7
    )
    return registry.promote(model) if serving else model


def choose(project: Project, **chosen: Any) -> None:
    settings.change(project, Settings(**{"when": Retention.When.AT_ONCE, **chosen}))


def delete(*documents: Document) -> None:
    for document in documents:
        intake.delete(document)


def work() -> None:
    """What the scheduler does, and a worker with the jobs of forgetting."""
    deletions.settle()
    due.enqueue()
    for job in Job.objects.filter(kind="forget", state=Job.State.QUEUED).order_by("pk"):
        execute(job.pk)


def train(entry: Forgetting) -> ModelVersion:
    """The end of the training that an entry waits for."""
    entry.refresh_from_db()
    assert entry.state == State.RUNNING
    assert entry.replacement is not None
    return modelled(entry.replacement)


def uses(entry: Forgetting) -> dict[str, tuple[Use, ...]]:
    """By hash."""
    return {each.sha256: each.uses for each in entry.learned}


def days_ago(days: float) -> Any:
    return timezone.now() - timedelta(days=days)


def trained_without_labels(project: Project, name: str = "empty") -> ModelVersion:
    """A model of an empty project, for answers."""
    run = TrainingRun.objects.create(project=project, name=name, folder=name)
    return ModelVersion.objects.create(project=project, run=run, name=name, folder=name, sha256="0" * 64, bytes=1)
