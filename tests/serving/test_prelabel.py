"""The serving student reads what nobody has labelled, for as long as it serves."""

from collections.abc import Sequence

import pytest

from extraction.domain.pages import Page
from extraction.domain.prediction import FieldValue
from extraction.domain.progress import Silent
from extraction.models import Job, Label, ModelVersion, Project, TrainingRun
from extraction.services.serving import prelabel, registry
from tests.support import builders

pytestmark = pytest.mark.django_db


class Predictor:
    def predict(self, pages: Sequence[Page]) -> dict[str, FieldValue]:
        return {"total": FieldValue("3.30", "3.30", 0.9)}


@pytest.fixture
def project(monkeypatch: pytest.MonkeyPatch) -> Project:
    """Three documents that nobody has labelled, read one at a time by a student that is stood in for."""
    monkeypatch.setattr(registry, "predictor", lambda model: Predictor())
    monkeypatch.setattr(prelabel, "BATCH", 1)
    held = builders.project()
    for _ in range(3):
        builders.document(held)
    return held


def model(project: Project, name: str) -> ModelVersion:
    run = TrainingRun.objects.create(project=project, name=name)
    return ModelVersion.objects.create(project=project, run=run, name=name, folder=name, sha256="0", bytes=1)


def test_every_document_is_read_once(project: Project) -> None:
    serving = registry.promote(model(project, "first"))
    assert prelabel.run(serving.pk, Silent()) == 3
    assert prelabel.run(serving.pk, Silent()) == 0
    assert list(Label.objects.values_list("teacher", "value")) == [("first", "3.30")] * 3


def test_a_model_that_does_not_serve_reads_nothing(project: Project) -> None:
    assert prelabel.run(model(project, "first").pk, Silent()) == 0
    assert not Label.objects.exists()


def test_a_model_stops_once_another_one_serves(project: Project) -> None:
    first, second = registry.promote(model(project, "first")), model(project, "second")

    class Promoting(Silent):
        """Promotes the second model while the first document is read."""

        def report(self, done: int, total: int, message: str = "") -> None:
            registry.promote(second)

    assert prelabel.run(first.pk, Promoting()) == 1
    assert Label.objects.get().teacher == "first"
    assert prelabel.run(Job.objects.filter(kind="predict").latest("id").subject, Silent()) == 3
    assert Label.objects.filter(teacher="second").count() == 3
