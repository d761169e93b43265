"""The registry: one model serves, the one before can come back, and promotion lets it read what waits."""

import pytest

from extraction.models import Job, ModelVersion, Project, Snapshot, TrainingRun
from extraction.services import storage
from extraction.services.errors import Conflict, NotFound
from extraction.services.serving import field_extraction, registry
from tests.support import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    return builders.project()


def model(project: Project, name: str) -> ModelVersion:
    snapshot = Snapshot.objects.create(
        project=project, schema_version=project.schema_version, labels="best", items=[], sha256=name
    )
    run = TrainingRun.objects.create(project=project, name=name, snapshot=snapshot)
    return ModelVersion.objects.create(
        project=project, run=run, name=name, folder=f"models/{name}", sha256="0", bytes=1
    )


def test_a_promoted_model_serves_and_reads_what_waits(project: Project) -> None:
    first = registry.promote(model(project, "first"))
    assert registry.serving(project) == first
    assert field_extraction.model_for(project) == first
    assert Job.objects.get(kind="predict").subject == first.pk


def test_promoting_twice_changes_nothing(project: Project) -> None:
    first = registry.promote(model(project, "first"))
    registry.promote(ModelVersion.objects.get(pk=first.pk))
    assert [job.kind for job in Job.objects.order_by("pk")] == ["predict", "check_answers"]


def test_the_model_before_comes_back(project: Project) -> None:
    first, second = registry.promote(model(project, "first")), registry.promote(model(project, "second"))
    assert registry.serving(project) == second
    assert registry.roll_back(project) == first
    second.refresh_from_db()
    assert second.stage == ModelVersion.Stage.ARCHIVED
    assert registry.roll_back(project) == second


def test_there_may_be_no_model_before(project: Project) -> None:
    registry.promote(model(project, "first"))
    with pytest.raises(Conflict, match="has served before"):
        registry.roll_back(project)


def test_unknown_and_missing_models_are_named(project: Project) -> None:
    with pytest.raises(NotFound, match="no model named 'ghost'"):
        field_extraction.model_for(project, "ghost")
    with pytest.raises(Conflict, match="serves no model yet"):
        field_extraction.model_for(project)


def test_a_model_of_another_project_is_unknown(project: Project) -> None:
    model(builders.project(), "first")
    with pytest.raises(NotFound):
        registry.find(project, "first")


@pytest.mark.parametrize("description", ['{"format": 1}', '{"format"', "{}"])
def test_a_model_that_cannot_be_loaded_is_named(project: Project, description: str) -> None:
    broken = model(project, "first")
    folder = storage.path(broken.folder)
    folder.mkdir(parents=True)
    (folder / "student.json").write_text(description)
    with pytest.raises(Conflict, match=r"The model first cannot be used: .* Train a new one, or go back to the one b"):
        registry.predictor(broken)
