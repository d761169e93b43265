"""What a run learns from: documents read before, labels as they were at its start, doubtful ones half."""

from pathlib import Path
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from extraction.domain.learning.label_audit import LabelAudit
from extraction.domain.learning.training import Part
from extraction.domain.progress import Cancelled
from extraction.engines.student import registry as engine
from extraction.engines.student.base import TrainingConfig, TrainingData, TrainingObserver
from extraction.models import Document, Project, Source, TrainingRun
from extraction.services.errors import Invalid
from extraction.services.labels import store
from extraction.services.training import data as training_data
from extraction.services.training import training_runs
from tests.support import builders
from tests.training.starting import here, start

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(labelled_project: Project) -> Project:
    return labelled_project


def test_all_documents_are_read_but_those_of_the_split_test_and_rejected_ones(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def train(kind: str, data: TrainingData, *_: Any) -> None:
        assert data.unlabelled is not None
        read.extend(pages[0].words[-1].text for pages in data.unlabelled.documents)
        raise Cancelled

    monkeypatch.setattr(engine, "train", train)
    builders.document(project, "Nobody labelled this", split="train")
    rejected = builders.document(project, "Not a receipt", split="train")
    rejected.review = Document.Review.REJECTED
    rejected.save()
    with pytest.raises(Invalid, match="cancelled"):
        here(project)
    assert sorted(read) == sorted([f"{number + 1}.{number}0" for number in range(1, 13)] + ["this"])
    read.clear()
    monkeypatch.setattr(training_data, "MOST_PAGES", 5)
    with pytest.raises(Invalid, match="cancelled"):
        here(project)
    assert len(read) == 5


def test_what_was_read_before_is_counted_and_known_to_a_run_that_goes_on(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(
        kind: str, data: TrainingData, config: TrainingConfig, observer: TrainingObserver, folder: Path
    ) -> None:
        observer.label_audit(LabelAudit(documents=2))
        assert data.unlabelled is not None
        assert len(list(data.unlabelled.documents)) == 12
        raise Cancelled

    def going_on(
        kind: str, data: TrainingData, config: TrainingConfig, observer: TrainingObserver, folder: Path
    ) -> None:
        observer.label_audit(LabelAudit(documents=3))
        raise Cancelled

    for train, documents in ((interrupted, 2), (going_on, 3)):
        monkeypatch.setattr(engine, "train", train)
        with pytest.raises(Invalid, match="cancelled"):
            here(project)
        run = TrainingRun.objects.get()
        assert run.audit is not None
        assert (run.audit.documents, run.pretraining_documents) == (documents, 12)


def test_what_changes_after_the_start_changes_no_example(
    project: Project, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []

    def train(kind: str, data: TrainingData, config: TrainingConfig, *_: Any) -> None:
        seen.append((config.settings["base"], data.day_order))
        raise Cancelled

    monkeypatch.setattr(engine, "train", train)
    settings.KD_STUDENT_BASE = "tiny"
    document = project.documents.filter(split="train").first()
    assert document is not None
    store.write(document, "date", "25/12/2018", source=Source.REVIEWER)
    given = {"config": {"epochs": 2}}
    with pytest.raises(Invalid, match="cancelled"):
        here(project, **given)
    settings.KD_STUDENT_BASE = "someone/bros-small"
    for other in project.documents.exclude(pk=document.pk):
        store.write(other, "date", "12/25/2018", source=Source.REVIEWER)
    store.write(document, "date", "12/25/2018", source=Source.REVIEWER)
    with pytest.raises(Invalid, match="cancelled"):
        here(project, **given)
    assert seen == [("tiny", "dmy")] * 2
    training_runs.start(project, name="second", config={"epochs": 2})
    assert TrainingRun.objects.get(name="second").base == "someone/bros-small"


def test_doubtful_labels_weigh_less(project: Project) -> None:
    document = builders.document(project)
    store.write(document, "date", "25/12/2018", source=Source.TEACHER, teacher="rules", unsure=True)
    store.write(document, "total", "3.30", source=Source.TEACHER, teacher="rules")
    run = start(project)
    assert run.snapshot is not None
    found = [example for part in Part for example in training_data.SnapshotExamples(run.snapshot, part)]
    doubtful = next(example for example in found if example.id == document.sha256)
    assert doubtful.weight_of("date") < doubtful.weight_of("total")
