"""A document that takes longer than it may is given up with a sentence, in every step, and the others go on."""

import pytest
from pytest_django.fixtures import Settings

from extraction.domain.progress import Silent
from extraction.domain.work import deadlines
from extraction.domain.work.deadlines import TooSlow
from extraction.models import Document, Extraction, Job, Label, LabelRun, ModelVersion, Project
from extraction.services.documents import intake
from extraction.services.jobs import execution
from extraction.services.serving import extractions, prelabel
from extraction.services.teaching import label_runs
from tests.support import builders
from tests.support.programs import slip

pytestmark = pytest.mark.django_db


@pytest.fixture
def _no_time(settings: Settings) -> None:
    settings.KD_DOCUMENT_SECONDS = 0


@pytest.mark.usefixtures("_no_time")
def test_reading(project: Project) -> None:
    document, _ = intake.add_document(project, "slip.pdf", slip())
    job = Job.objects.get(kind="read")
    execution.run(job.pk)
    job.refresh_from_db()
    document.refresh_from_db()
    assert (job.state, document.state) == (Job.State.FAILED, Document.State.FAILED)
    assert "took longer than 0 seconds" in document.error
    assert job.error == document.error
    assert job.attempts == 1


@pytest.mark.usefixtures("_no_time")
def test_labelling_by_rules() -> None:
    project = builders.project()
    for _ in range(2):
        builders.document(project)
    run = label_runs.label_here(project, Silent(), teacher="rules", limit=None)
    run.refresh_from_db()
    assert run.failures == 2
    assert not Label.objects.exists()
    assert LabelRun.objects.get().job.state == Job.State.DONE  # type: ignore[union-attr]


@pytest.mark.usefixtures("_no_time")
def test_extraction_by_a_worker(project: Project, served: ModelVersion) -> None:
    row = extractions.start(project, "slip.pdf", slip())
    execution.run(Job.objects.get(kind="extract").pk)
    row.refresh_from_db()
    assert row.state == Extraction.State.FAILED
    assert "took longer than 0 seconds" in row.error


def test_the_student(project: Project, served: ModelVersion, settings: Settings) -> None:
    builders.document(project, "Total 47.11")
    settings.KD_DOCUMENT_SECONDS = 0
    assert prelabel.run(served.pk, Silent()) == 1
    assert not Label.objects.exists()
    settings.KD_DOCUMENT_SECONDS = 60
    prelabel.run(served.pk, Silent())
    assert Label.objects.exists()


def test_the_earlier_of_two_deadlines_counts() -> None:
    with deadlines.within(60), deadlines.within(0), pytest.raises(TooSlow):
        deadlines.check()
    with deadlines.within(0), deadlines.within(60), pytest.raises(TooSlow):
        deadlines.check()
    deadlines.check()
