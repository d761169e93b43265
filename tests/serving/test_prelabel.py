"""The serving student reads what nobody has labelled, for as long as it serves."""

from collections.abc import Sequence

import pytest

from extraction.domain.fields import Schema
from extraction.domain.pages import Page, Span
from extraction.domain.prediction import FieldValue, RowValue
from extraction.domain.progress import Silent
from extraction.models import Job, Label, ModelVersion, Project, TrainingRun
from extraction.services.labels.rows import rows_of_label
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


def test_rows_keep_their_places_and_confidences(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that review can mark the doubtful cells."""
    cell = FieldValue("Coffee", "Coffee", 0.4, (Span(0, 2, 2),))
    row = RowValue({"article": cell}, 0.4)
    answers = {
        "items": FieldValue('[{"article": "Coffee"}]', '[{"article": "Coffee"}]', 0.3, rows=(row,)),
        "notes": FieldValue(None, None, 0.8, rows=()),
    }
    monkeypatch.setattr(
        registry, "predictor", lambda model: type("Rows", (), {"predict": lambda self, pages: answers})()
    )
    held = builders.project(schema=grouped("items", "notes"))
    document = builders.document(held)
    prelabel.run(registry.promote(model(held, "tabled")).pk, Silent())
    labels = {label.field: label for label in document.labels.all()}
    assert (labels["items"].value, labels["items"].confidence) == (answers["items"].value, 0.3)
    assert rows_of_label(labels["items"]) == (row,)
    assert (labels["notes"].value, rows_of_label(labels["notes"])) == (None, ())


def grouped(*names: str) -> Schema:
    fields = [{"name": name, "type": "group", "fields": [{"name": "article"}]} for name in names]
    return Schema.from_json({"name": "Bills", "document": "bill", "field": fields})


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
