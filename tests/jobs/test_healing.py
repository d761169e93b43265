"""Rows that wait for a job that is no more, and clocks that were set back."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from extraction.domain.learning.training import StopReason
from extraction.models import Document, Extraction, Job, ModelVersion, Project, Role, TrainingRun
from extraction.services.documents import intake
from extraction.services.jobs import execution, queue, workers
from extraction.services.jobs.kinds import Queue
from extraction.services.serving.jobs import EXTRACT
from extraction.services.training.jobs import TRAIN
from extraction.tasks import Periodic
from kdweb.processes.schedule import Schedule
from tests.support import builders
from tests.support.drawing import encoded, receipt

pytestmark = pytest.mark.django_db

DATA = encoded(receipt())


@pytest.fixture
def project() -> Project:
    return builders.project()


@pytest.fixture
def document(project: Project) -> Document:
    """A document of some hours ago that waits for a job."""
    row = intake.add_document(project, "a.jpg", BytesIO(DATA))[0]
    Document.objects.filter(pk=row.pk).update(created=timezone.now() - timedelta(hours=5))
    return row


def lose(state: str, error: str = "") -> None:
    """The job ended, or is gone, and nothing was written into its subject."""
    if state == "gone":
        Job.objects.all().delete()
    else:
        Job.objects.update(state=state, error=error)


class TestDocuments:
    @pytest.mark.parametrize("state", ["gone", Job.State.DONE])
    def test_one_whose_job_is_gone_gets_a_new_one(self, document: Document, state: str) -> None:
        lose(state)
        assert queue.heal() == 1
        job = Job.objects.latest("id")
        assert (job.kind, job.subject, job.state) == ("read", document.pk, Job.State.QUEUED)
        assert queue.heal() == 0

    @pytest.mark.parametrize("state", [Job.State.FAILED, Job.State.CANCELLED])
    def test_one_whose_job_failed_is_told_to_have_failed(self, document: Document, state: str) -> None:
        lose(state, "The disk was full.")
        assert queue.heal() == 1
        document.refresh_from_db()
        assert (document.state, document.error) == (Document.State.FAILED, "The disk was full.")
        assert queue.heal() == 0

    @pytest.mark.parametrize("state", [Job.State.QUEUED, Job.State.RUNNING])
    def test_one_with_a_job_waits(self, document: Document, state: str) -> None:
        lose(state)
        assert queue.heal() == 0

    def test_one_that_a_command_is_about_to_read_is_left_to_it(self, project: Project) -> None:
        intake.add_document(project, "a.jpg", BytesIO(DATA), enqueue=False)
        assert queue.heal() == 0

    @pytest.mark.parametrize("state", ["gone", Job.State.FAILED, Job.State.DONE])
    def test_the_same_file_once_more_has_it_read(self, document: Document, project: Project, state: str) -> None:
        lose(state)
        again, created = intake.add_document(project, "b.jpg", BytesIO(DATA))
        assert (again, created) == (document, False)
        assert Job.objects.filter(subject=document.pk, state=Job.State.QUEUED).count() == 1

    def test_reading_again_has_it_read(self, document: Document, project: Project, client: Client) -> None:
        lose(Job.State.FAILED)
        client.force_login(builders.member(project, Role.OWNER))
        client.post(reverse("document_reread", args=[project.slug, document.pk]))
        assert Job.objects.filter(subject=document.pk, state=Job.State.QUEUED).count() == 1


def test_an_extraction_whose_job_failed_ends_too(project: Project) -> None:
    run = TrainingRun.objects.create(project=project, name="first", stop_reason="complete")
    model = ModelVersion.objects.create(project=project, run=run, name="first", folder="x", sha256="0", bytes=1)
    row = Extraction.objects.create(project=project, model=model, name="a.jpg", sha256="0" * 64)
    row.job = queue.enqueue(EXTRACT, project=project, subject=row.pk)
    row.save()
    assert queue.heal() == 0
    lose(Job.State.FAILED, "The disk was full.")
    assert queue.heal() == 1
    row.refresh_from_db()
    assert (row.state, row.error) == (Extraction.State.FAILED, "The disk was full.")


def test_a_training_run_whose_job_failed_says_why(project: Project) -> None:
    run = TrainingRun.objects.create(project=project, name="first")
    run.job = queue.enqueue(TRAIN, project=project, subject=run.pk)
    run.save()
    assert queue.heal() == 0
    lose(Job.State.FAILED, "The disk was full.")
    assert queue.heal() == 1
    run.refresh_from_db()
    assert (run.stop_reason, run.stop_detail) == (StopReason.FAILED, "The disk was full.")


class TestClockSetBack:
    """Times that were written before lie in the future."""

    LATER = timedelta(hours=1)

    def test_a_dead_worker_is_noticed(self, document: Document) -> None:
        job = Job.objects.get()
        assert execution.claim(job.pk)
        Job.objects.update(heartbeat=timezone.now() + self.LATER)
        queue.requeue_lost()
        job.refresh_from_db()
        assert job.heartbeat is not None
        assert job.heartbeat <= timezone.now()
        assert job.state == Job.State.RUNNING

    def test_a_message_that_was_lost_is_missed(self, document: Document) -> None:
        Job.objects.update(sent=timezone.now() + self.LATER)
        queue.requeue_lost()
        sent = Job.objects.get().sent
        assert sent is not None
        assert sent <= timezone.now()

    def test_a_dead_process_does_not_count_as_alive(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in (*Queue, workers.SCHEDULER):
            workers.record_heartbeat(name)
        assert workers.scheduler_alive()
        now = workers.time.time()
        monkeypatch.setattr(workers.time, "time", lambda: now - 3600)
        # The cache forgets by the same clock: as it keeps them, they are far in the future.
        assert cache.get("worker-scheduler") is not None
        assert not workers.scheduler_alive()
        assert not any(workers.alive().values())


class TestSchedule:
    def test_it_goes_by_no_clock_that_can_be_set(self, monkeypatch: pytest.MonkeyPatch) -> None:
        done: list[str] = []
        clock = [100.0]
        monkeypatch.setattr("time.monotonic", lambda: clock[0])
        schedule = Schedule(
            (Periodic("a", 5.0, lambda: done.append("a")), Periodic("b", 20.0, lambda: done.append("b")))
        )
        for seconds in (0, 1, 5, 9, 5):
            clock[0] += seconds
            schedule.run_due()
        assert "".join(done) == "abaaab"[: len(done)]
        assert 0 <= schedule.seconds_left() <= 5

    def test_an_entry_that_raises_stops_no_other(self) -> None:
        done: list[int] = []

        def fail() -> None:
            raise KeyError("a bug")

        schedule = Schedule((Periodic("a", 0.0, fail), Periodic("b", 0.0, lambda: done.append(1))))
        schedule.run_due()
        schedule.run_due()
        assert done == [1, 1]

    @pytest.mark.django_db(transaction=True)
    def test_every_entry_can_be_done_on_an_empty_installation(self, caplog: pytest.LogCaptureFixture) -> None:
        Schedule().run_due()
        assert caplog.text == ""
