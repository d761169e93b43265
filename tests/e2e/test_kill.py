"""kill -9 of a real worker in the middle of its work: after a restart all of it is done, and nothing is there twice."""

import io
from collections.abc import Callable

import pytest

from extraction.models import Document, Job, Label, ModelVersion, Source
from extraction.services import storage
from extraction.services.documents import intake
from extraction.services.jobs import kinds
from extraction.services.jobs.kinds import Queue
from extraction.services.labels import store
from extraction.services.teaching import label_runs
from extraction.services.training import training_runs
from synthdocs import generate
from tests.support import builders
from tests.support.servers.backends import on_both
from tests.support.servers.workers import StartWorker, wait

pytestmark = [on_both, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def run_with_a_kill(start_worker: StartWorker, queue: str, job: Job, far_enough: Callable[[], object]) -> None:
    """Until `job` is done, with a kill of its worker once it runs and `far_enough`."""
    doomed = start_worker(queue)
    wait(far_enough)
    doomed.kill()
    job.refresh_from_db()
    assert job.state == Job.State.RUNNING
    start_worker(queue)
    # Jobs of other queues have no worker.
    active = Job.objects.filter(kind__in=kinds.names(Queue(queue)), state__in=Job.ACTIVE)
    wait(lambda: not active.exists())
    job.refresh_from_db()
    assert (job.state, job.error) == (Job.State.DONE, "")
    assert job.attempts >= 2


def started(job: Job, done: int = 1) -> Callable[[], bool]:
    return lambda: Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, done__gte=done).exists()


def test_while_words_are_read(start_worker: StartWorker) -> None:
    project = builders.project()
    pictures = [sample.image for sample in generate("receipt", 3, seed=5, languages=("en",))]
    pdf, single = io.BytesIO(), io.BytesIO()
    pictures[0].save(pdf, "PDF", save_all=True, append_images=pictures[1:])
    pictures[0].save(single, "PNG")
    long, _ = intake.add_document(project, "long.pdf", io.BytesIO(pdf.getvalue()))
    short, _ = intake.add_document(project, "short.png", io.BytesIO(single.getvalue()))

    job = Job.objects.get(subject=long.pk)
    run_with_a_kill(start_worker, "default", job, started(job))

    for document, pages in ((long, 3), (short, 1)):
        document.refresh_from_db()
        assert (document.state, document.page_count) == (Document.State.READY, pages)
        assert list(document.pages.values_list("number", flat=True)) == list(range(pages))
        assert all(page.words for page in document.pages.all())
        assert len(list((storage.document_folder(document) / "pages").iterdir())) == 2 * pages


def test_while_a_teacher_labels(start_worker: StartWorker) -> None:
    project = builders.project()
    for _ in range(400):
        builders.document(project)
    run = label_runs.start(project, teacher="rules")

    assert run.job
    run_with_a_kill(start_worker, "default", run.job, started(run.job))

    run.refresh_from_db()
    fields = len(project.schema.fields)
    assert (run.documents, run.labels) == (400, 400 * fields)
    assert Label.objects.count() == 400 * fields
    assert Label.objects.values("document", "field").distinct().count() == 400 * fields


def test_while_a_student_learns(start_worker: StartWorker) -> None:
    project = builders.project()
    for number in range(12):
        document = builders.document(project, "BEAN THERE SDN BHD", "12 Harbour Road", f"Total {number}.50")
        store.write(document, "total", f"{number}.50", source=Source.TRUTH)
    run = training_runs.start(project, name="first", labels="truth", config={"base": "tiny", "epochs": 12})
    checkpoints = storage.path(run.folder) / "checkpoint"

    assert run.job
    run_with_a_kill(start_worker, "training", run.job, lambda: any(checkpoints.glob("*/seal.json")))

    run.refresh_from_db()
    assert "Going on from step" in run.log
    steps = [point["step"] for point in run.curve]
    assert steps == sorted(set(steps))
    assert ModelVersion.objects.get().run == run
