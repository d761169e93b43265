"""Projects whose labels change, and models that answer as a test says."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from extraction.domain.pages import Page
from extraction.domain.prediction import FieldValue
from extraction.models import Automation, Document, Job, ModelVersion, Project, Source, TrainingRun, User
from extraction.services.automation import rounds, settings
from extraction.services.automation.settings import Settings
from extraction.services.jobs.execution import run as execute
from extraction.services.jobs.queue import heal
from extraction.services.labels import store
from extraction.services.labels.store import LabelInput
from extraction.services.serving import registry
from extraction.services.training import snapshots
from tests.support import builders

# Without reading the documents first, which takes most of so short a run.
TINY = {"base": "tiny", "epochs": 2, "pretrain": 0}


def labelled(project: Project, count: int, *, split: str = "train", source: str = "teacher") -> list[Document]:
    """Documents whose total is known, each another one."""
    first = project.documents.count() + 1
    totals = [f"{number}.{number % 10}0" for number in range(first, first + count)]
    documents = [builders.document(project, "BEAN THERE", f"Total {total}", split=split) for total in totals]
    teacher = "rules" if source == Source.TEACHER else ""
    pairs = zip(documents, totals, strict=True)
    store.write_many(project, [LabelInput(each, "total", total, source, teacher=teacher) for each, total in pairs])
    return documents


def correct(document: Document, value: str = "999.90", *, field: str = "total", author: User | None = None) -> None:
    store.write(document, field, value, source=Source.REVIEWER, author=author)


def switched_on(project: Project, **chosen: Any) -> None:
    settings.change(project, Settings(active=True, **{"corrections": 3, "labels": 50, "minutes": 5.0, **chosen}))


def trained(project: Project, name: str, *, serving: bool = False, config: Mapping[str, Any] = TINY) -> ModelVersion:
    """A model of the labels as they are now, without files."""
    run = TrainingRun.objects.create(
        project=project, name=name, snapshot=snapshots.freeze(project), labels="best", config=dict(config), minutes=5
    )
    return modelled(run, serving=serving)


def modelled(run: TrainingRun, *, serving: bool = False) -> ModelVersion:
    """The end of a run in a model without files."""
    Job.objects.filter(training_run=run).update(state=Job.State.DONE)
    model = ModelVersion.objects.create(
        project=run.project, run=run, name=run.name, folder="missing", sha256=run.name.ljust(64, "0"), bytes=1
    )
    return registry.promote(model) if serving else model


def asked(project: Project) -> TrainingRun:
    """A run whose model `auto-1` is asked about, in a project where `first` serves."""
    documents = labelled(project, 30)
    labelled(project, 31, split="validation", source="reviewer")
    trained(project, "first", serving=True)
    switched_on(project)
    for document in documents[:3]:
        correct(document)
    run = rounds.run(Automation.objects.get(project=project).pk)
    assert run is not None
    modelled(run)
    work("compare")
    return run


def work(*kinds: str) -> None:
    """What scheduler and worker do with jobs of these kinds: rows that wait get one, and those that wait are done."""
    heal()
    for job in Job.objects.filter(kind__in=kinds, state=Job.State.QUEUED).order_by("pk"):
        execute(job.pk)
        job.refresh_from_db()
        assert job.state == Job.State.DONE, job.error


class Answers:
    """A student that is right about the totals of all documents but `wrong` of them."""

    def __init__(self, wrong: int = 0) -> None:
        self.wrong, self.asked = wrong, 0

    def predict(self, pages: Sequence[Page]) -> dict[str, FieldValue]:
        words = [word.text for word in pages[0].words]
        self.asked += 1
        total = "0.01" if self.asked <= self.wrong else words[-1]
        return {"total": FieldValue(total, total)}


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict[str, Answers]]:
    """`answers(first=3)`: the model `first` reads three totals wrong, others none."""

    def given(**wrong: int) -> dict[str, Answers]:
        students = {name.replace("_", "-"): Answers(number) for name, number in wrong.items()}
        monkeypatch.setattr(registry, "predictor", lambda model: students.setdefault(model.name, Answers()))
        return students

    return given
