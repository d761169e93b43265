"""The life of a job's row: claimed once, shown, ended, cancelled, taken from the dead, sent again."""

from collections.abc import Callable
from datetime import timedelta
from unittest.mock import patch

import pytest
from celery import current_app
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks
from pytest_django.fixtures import Settings

from extraction.domain.progress import Cancelled, Progress, PutOff, check
from extraction.models import Document, Job, Project
from extraction.services.documents.jobs import READ
from extraction.services.errors import Invalid
from extraction.services.jobs import execution, workers
from extraction.services.jobs import queue as job_queue
from extraction.services.training.jobs import TRAIN

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    return Project.objects.create(slug="p", name="P")


@pytest.fixture
def document(project: Project) -> Document:
    return Document.objects.create(
        project=project, name="a.png", sha256="0" * 64, media_type="image/png", bytes=1, original="a", split="train"
    )


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, str]]:
    """What went to the broker: job and queue."""
    messages: list[tuple[int, str]] = []
    monkeypatch.setattr(
        current_app, "send_task", lambda name, args, queue, **options: messages.append((args[0], queue))
    )
    return messages


@pytest.fixture
def job(project: Project, document: Document, sent: list[tuple[int, str]]) -> Job:
    return job_queue.enqueue(READ, project=project, subject=document.pk)


def run(job: Job, work: Callable[[int, Progress], object] = lambda subject, progress: None) -> Job:
    """The job after a worker was given it, with `work` in the place of reading."""
    with patch.object(READ, "handle", work):
        execution.run(job.pk)
    job.refresh_from_db()
    return job


def make_silent(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(heartbeat=timezone.now() - timedelta(hours=1))


def make_overdue(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(sent=timezone.now() - timedelta(hours=1))


class TestEnqueue:
    def test_is_sent_on_commit_to_the_queue_of_its_kind(
        self,
        project: Project,
        sent: list[tuple[int, str]],
        django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            read = job_queue.enqueue(READ, project=project, subject=1)
            train = job_queue.enqueue(TRAIN, project=project, subject=1)
            assert sent == []
        assert sent == [(read.pk, "default"), (train.pk, "training")]

    def test_a_job_that_its_maker_does_is_sent_only_where_nobody_took_it_up(
        self,
        project: Project,
        sent: list[tuple[int, str]],
        monkeypatch: pytest.MonkeyPatch,
        django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            job = job_queue.enqueue(TRAIN, project=project, subject=1, send=False)
        assert job_queue.requeue_lost() == 0
        monkeypatch.setattr(job_queue, "_messages_in", lambda queue: 0)
        make_overdue(job)
        assert job_queue.requeue_lost() == 1
        assert sent == [(job.pk, "training")]

    def test_a_broker_that_is_down_breaks_nothing_and_the_job_is_sent_later(
        self,
        project: Project,
        monkeypatch: pytest.MonkeyPatch,
        django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    ) -> None:
        def refuse(*args: object, **kwargs: object) -> None:
            raise ConnectionError("no broker")

        with monkeypatch.context() as patch, django_capture_on_commit_callbacks(execute=True):
            patch.setattr(current_app, "send_task", refuse)
            job = job_queue.enqueue(READ, project=project, subject=1)
        job.refresh_from_db()
        assert (job.state, job.sent) == ("queued", None)
        messages: list[int] = []
        monkeypatch.setattr(current_app, "send_task", lambda name, args, **options: messages.append(args[0]))
        assert job_queue.requeue_lost() == 1
        assert messages == [job.pk]
        assert job_queue.requeue_lost() == 0


class TestRun:
    def test_does_the_work_and_keeps_its_last_position(self, job: Job, document: Document) -> None:
        seen = []

        def work(subject: int, progress: Progress) -> None:
            seen.append((subject, Job.objects.get().state))
            for page in range(1, 4):
                progress.report(page, 3, f"page {page}")

        run(job, work)
        assert seen == [(document.pk, "running")]
        assert (job.state, job.done, job.total, job.message, job.error) == ("done", 3, 3, "page 3", "")
        assert job.started
        assert job.finished

    def test_a_message_that_comes_twice_runs_once(self, job: Job) -> None:
        runs = []
        run(job, lambda subject, progress: (runs.append(1), run(job, lambda s, p: runs.append(2))))
        run(job, lambda subject, progress: runs.append(3))
        assert runs == [1]
        assert (job.state, job.attempts) == ("done", 1)

    def test_a_job_that_is_gone_is_passed_over(self, project: Project) -> None:
        execution.run(12345)
        assert not Job.objects.exists()

    def test_our_own_error_is_told_as_it_is(self, job: Job) -> None:
        def work(subject: int, progress: Progress) -> None:
            raise Invalid("There is nothing to learn from.")

        run(job, work)
        assert (job.state, job.error) == ("failed", "There is nothing to learn from.")

    @pytest.mark.parametrize("error", [KeyError("text of a receipt"), Document.DoesNotExist("no such row")])
    def test_a_bug_is_logged_and_its_text_stays_out_of_the_row(
        self, job: Job, caplog: pytest.LogCaptureFixture, error: Exception
    ) -> None:
        def work(subject: int, progress: Progress) -> None:
            raise error

        run(job, work)
        assert (job.state, job.error) == ("failed", f"Something went wrong: {type(error).__name__} (see the log).")
        assert "Traceback" in caplog.text

    def test_a_document_whose_reading_failed_does_not_seem_to_wait(self, job: Job, document: Document) -> None:
        def work(subject: int, progress: Progress) -> None:
            raise Invalid("The file is empty.")

        run(job, work)
        document.refresh_from_db()
        assert (document.state, document.error) == ("failed", "The file is empty.")

    def test_a_worker_that_is_told_to_stop_gives_the_job_back(self, job: Job) -> None:
        def work(subject: int, progress: Progress) -> None:
            progress.report(1, 3)
            raise SystemExit

        with pytest.raises(SystemExit):
            run(job, work)
        job.refresh_from_db()
        assert (job.state, job.attempts, job.sent, job.done) == ("queued", 0, None, 1)
        assert job_queue.requeue_lost() == 1

    def test_a_command_that_is_interrupted_cancels_its_job(self, job: Job) -> None:
        def work(subject: int, progress: Progress) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            run(job, work)
        job.refresh_from_db()
        assert job.state == "cancelled"
        assert job_queue.requeue_lost() == 0


class TestCancel:
    def test_a_waiting_job_is_never_begun(self, job: Job, document: Document) -> None:
        assert job_queue.cancel(job).state == "cancelled"
        run(job, lambda subject, progress: pytest.fail("ran"))
        assert job.state == "cancelled"
        document.refresh_from_db()
        assert document.error == "Reading was cancelled."

    def test_a_running_job_stops_at_its_next_step(self, job: Job) -> None:
        def work(subject: int, progress: Progress) -> None:
            assert job_queue.cancel(job).state == "running"
            check(progress)

        assert run(job, work).state == "cancelled"

    def test_an_ended_job_stays_as_it_is(self, job: Job) -> None:
        run(job)
        assert job_queue.cancel(job).state == "done"
        assert not job.cancel_requested


class TestLostClaim:
    def test_a_stale_worker_is_told_to_stop_and_writes_nothing(self, job: Job) -> None:
        stale = execution.claim(job.pk)
        assert stale
        make_silent(job)
        job_queue.requeue_lost()
        fresh = execution.claim(job.pk)
        assert fresh
        stale.report(7, 9, "stale")
        assert stale.cancelled()
        assert not fresh.cancelled()
        execution.end(stale.claimed(), Job.State.DONE)
        execution.release(stale)
        job.refresh_from_db()
        assert (job.state, job.worker, job.done, job.attempts) == ("running", fresh.token, 0, 2)

    def test_a_deleted_job_stops_its_work(self, job: Job) -> None:
        def work(subject: int, progress: Progress) -> None:
            Job.objects.all().delete()
            progress.report(1, 2)
            if progress.cancelled():
                raise Cancelled

        with patch.object(READ, "handle", work):
            execution.run(job.pk)
        assert not Job.objects.exists()

    def test_reports_are_written_sparingly(self, job: Job, django_assert_num_queries: Callable[[int], object]) -> None:
        progress = execution.claim(job.pk)
        assert progress
        with django_assert_num_queries(2):  # type: ignore[attr-defined]
            for step in range(1000):
                progress.report(step, 1000)
                progress.cancelled()


class TestRequeue:
    def test_what_runs_or_was_just_sent_is_left_alone(self, job: Job, project: Project, sent: list[object]) -> None:
        job_queue.enqueue(READ, project=project, subject=99)
        execution.claim(job.pk)
        assert job_queue.requeue_lost() == 0

    def test_the_job_of_a_dead_worker_goes_back_and_is_sent(self, job: Job, sent: list[tuple[int, str]]) -> None:
        execution.claim(job.pk)
        make_silent(job)
        assert job_queue.requeue_lost() == 1
        assert sent == [(job.pk, "default")]
        assert run(job).attempts == 2

    def test_two_beats_at_once_send_it_once(
        self, job: Job, sent: list[object], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        execution.claim(job.pk)
        make_silent(job)
        take = job_queue._requeue_or_fail

        def slowly(row: Job) -> None:
            monkeypatch.setattr(job_queue, "_requeue_or_fail", take)
            job_queue.requeue_lost()
            take(row)

        monkeypatch.setattr(job_queue, "_requeue_or_fail", slowly)
        job_queue.requeue_lost()
        assert len(sent) == 1

    def test_a_job_that_kills_its_workers_is_given_up(self, job: Job, document: Document) -> None:
        for _ in range(3):
            assert execution.claim(job.pk)
            make_silent(job)
            job_queue.requeue_lost()
        job.refresh_from_db()
        assert job.state == "failed"
        assert job.error == "The worker died 3 times while doing this, so it was given up."
        document.refresh_from_db()
        assert document.state == "failed"

    def test_a_cancelled_job_of_a_dead_worker_is_cancelled(self, job: Job) -> None:
        execution.claim(job.pk)
        job_queue.cancel(job)
        make_silent(job)
        assert job_queue.requeue_lost() == 0
        job.refresh_from_db()
        assert job.state == "cancelled"

    @pytest.mark.parametrize(("messages", "count"), [(0, 1), (3, 0)])
    def test_an_overdue_job_is_sent_again_only_where_no_message_is_left(
        self, job: Job, monkeypatch: pytest.MonkeyPatch, messages: int, count: int
    ) -> None:
        monkeypatch.setattr(job_queue, "_messages_in", lambda queue: messages)
        make_overdue(job)
        assert job_queue.requeue_lost() == count


class TestReaders:
    def test_active_is_what_waits_or_runs(self, job: Job, project: Project) -> None:
        newer = job_queue.enqueue(READ, project=project, subject=job.subject)
        run(job)
        assert list(job_queue.active_jobs(project)) == [newer]

    def test_time_left_goes_by_what_was_done(self, job: Job) -> None:
        assert job_queue.seconds_left(job) is None
        job.state, job.started, job.done, job.total = "running", timezone.now() - timedelta(seconds=30), 3, 4
        assert job_queue.seconds_left(job) == pytest.approx(10, abs=0.5)

    @pytest.mark.parametrize("kind", ["train", "report"])
    def test_no_time_left_is_told_of_work_that_counts_anew_in_each_part(self, job: Job, kind: str) -> None:
        job.kind, job.state, job.started = kind, "running", timezone.now() - timedelta(minutes=15)
        job.done, job.total = 1, 395
        assert job_queue.seconds_left(job) is None

    def test_a_worker_is_alive_while_it_shows_it(self, settings: Settings) -> None:
        assert workers.alive() == {"default": False, "training": False}
        workers.record_heartbeat("training")
        assert workers.alive() == {"default": False, "training": True}
        settings.JOB_SILENT_SECONDS = 0
        workers.record_heartbeat("training")
        assert workers.alive() == {"default": False, "training": False}


def put_off(monkeypatch: pytest.MonkeyPatch, document: Document, seconds: float) -> Job:
    """A job that waits for something else, as its work said."""

    def handle(_: object, subject: int, progress: Progress) -> None:
        progress.report(3, 7)
        raise PutOff(seconds, "Waiting for answers")

    monkeypatch.setattr(type(READ), "handle", handle)
    job = job_queue.enqueue(READ, project=document.project, subject=document.pk)
    execution.run(job.pk)
    job.refresh_from_db()
    return job


def test_a_job_that_is_put_off_keeps_no_worker_and_is_sent_when_its_time_has_come(
    monkeypatch: pytest.MonkeyPatch, document: Document, sent: list[tuple[int, str]]
) -> None:
    job = put_off(monkeypatch, document, 3000)
    assert (job.state, job.is_put_off, job.attempts) == (Job.State.QUEUED, True, 0)
    assert (job.done, job.total, job.message) == (3, 7, "Waiting for answers")
    sent.clear()
    Job.objects.update(sent=timezone.now() - timedelta(hours=1))
    assert (job_queue.requeue_lost(), sent) == (0, [])
    job_queue.hasten(job)
    assert (job_queue.requeue_lost(), len(sent)) == (1, 1)
    assert job_queue.requeue_lost() == 0
    assert execution.claim(job.pk)


def test_a_job_that_is_put_off_is_cancelled_at_once(monkeypatch: pytest.MonkeyPatch, document: Document) -> None:
    assert job_queue.cancel(put_off(monkeypatch, document, 3000)).state == Job.State.CANCELLED


def test_a_job_that_was_asked_to_stop_is_not_put_off(monkeypatch: pytest.MonkeyPatch, document: Document) -> None:
    def handle(_: object, subject: int, progress: Progress) -> None:
        Job.objects.update(cancel_requested=True)
        raise PutOff(3000, "Waiting")

    monkeypatch.setattr(type(READ), "handle", handle)
    job = job_queue.enqueue(READ, project=document.project, subject=document.pk)
    execution.run(job.pk)
    job.refresh_from_db()
    assert job.state == Job.State.CANCELLED


def test_no_job_waits_for_a_clock_that_was_set_back(
    monkeypatch: pytest.MonkeyPatch, document: Document, sent: list[tuple[int, str]]
) -> None:
    put_off(monkeypatch, document, 3000)
    Job.objects.update(not_before=timezone.now() + timedelta(days=300))
    assert job_queue.requeue_lost() == 1
