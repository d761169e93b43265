"""Job kinds: what each registered one must do, and a toy kind taken through success, failure and a worker's death.

The toy kind follows the recipe of docs/recipes/job-kind.md.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from celery import current_app
from celery.exceptions import SoftTimeLimitExceeded
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from extraction.domain.errors import UserError
from extraction.domain.progress import Progress, Silent, check
from extraction.models import Job, Project
from extraction.services.errors import Conflict, Invalid
from extraction.services.jobs import execution, kinds, queue
from extraction.services.jobs.kinds import JobKind, Queue, UnknownKind
from extraction.templatetags.pages import job_title, unattended
from tests.support import builders

pytestmark = pytest.mark.django_db

NO_SUBJECT = 2**40


class Greeting(JobKind):
    """Counts to three; `script` holds what it raises at each attempt."""

    name = "greeting"
    title = "Greet somebody"
    queue = Queue.TRAINING
    time_limit = 90
    single_count = True
    death_advice = "Greet fewer people."

    def __init__(self) -> None:
        self.script: list[BaseException | None] = []
        self.greeted: list[int] = []
        self.failures: list[tuple[int, str]] = []
        self.retried: list[int] = []

    def handle(self, subject: int, progress: Progress) -> None:
        for step in range(1, 4):
            progress.report(step, 3, "Greeting")
            check(progress)
        error = self.script.pop(0) if self.script else None
        if error is not None:
            raise error
        self.greeted.append(subject)

    def on_failed(self, subject: int, error: str) -> None:
        self.failures.append((subject, error))

    def on_retry(self, subject: int) -> None:
        self.retried.append(subject)


@pytest.fixture
def project() -> Project:
    return builders.project()


@pytest.fixture
def greeting() -> Iterator[Greeting]:
    kind = Greeting()
    kinds.register(kind)
    yield kind
    kinds.unregister(kind.name)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = []
    monkeypatch.setattr(current_app, "send_task", lambda name, **message: messages.append(message))
    return messages


def worked(job: Job) -> Job:
    execution.run(job.pk)
    job.refresh_from_db()
    return job


def lose_worker(job: Job) -> None:
    """As after a kill -9 of the worker in the middle of the job."""
    assert execution.claim(job.pk)
    Job.objects.filter(pk=job.pk).update(heartbeat=timezone.now() - timedelta(hours=1))
    queue.requeue_lost()


@pytest.mark.parametrize(
    "name",
    [
        "read",
        "bulk",
        "load_labels",
        "label",
        "collect",
        "assess",
        "train",
        "cross_check",
        "predict",
        "check_answers",
        "escalation",
        "escalation_curve",
        "report",
        "recount",
        "drift",
        "extract",
        "extract_batch",
        "canary",
        "automate",
        "compare",
        "hint",
        "match",
        "audit",
        "forget",
        "retention",
        "deliver",
    ],
)
class TestEveryKind:
    def test_is_registered_under_the_name_that_rows_hold(self, name: str) -> None:
        kind = kinds.find(name)
        assert kind.name == name
        assert kind.title
        assert name in kinds.names(kind.queue)
        assert kind.time_limit is None or kind.time_limit > 0

    def test_ends_though_its_subject_is_gone(self, name: str, project: Project) -> None:
        job = worked(queue.enqueue(kinds.find(name), project=project, subject=NO_SUBJECT))
        assert job.state in (Job.State.DONE, Job.State.FAILED)
        assert job.error in ("", "Something went wrong: DoesNotExist (see the log).")

    def test_is_tried_again_or_refused_with_a_sentence(self, name: str, project: Project, sent: list[object]) -> None:
        job = queue.enqueue(kinds.find(name), project=project, subject=NO_SUBJECT)
        assert queue.cancel(job).state == Job.State.CANCELLED
        with suppress(UserError):
            assert queue.retry(job).state == Job.State.QUEUED


def test_the_kinds_above_are_all() -> None:
    assert {kind.name for kind in kinds.registered()} == {
        "read",
        "reread",
        "bulk",
        "claims",
        "load_labels",
        "label",
        "collect",
        "assess",
        "train",
        "cross_check",
        "predict",
        "check_answers",
        "escalation",
        "escalation_curve",
        "report",
        "recount",
        "drift",
        "extract",
        "extract_batch",
        "canary",
        "automate",
        "compare",
        "hint",
        "match",
        "audit",
        "forget",
        "retention",
        "deliver",
    }


def test_neither_the_web_nor_a_workers_parent_loads_ocr_or_torch(tmp_path: Path) -> None:
    script = "import django, sys; django.setup(); import kdweb.celery, extraction.tasks, extraction.web.urls; "
    script += "print(*sorted({'torch', 'transformers', 'rapidocr', 'onnxruntime'} & set(sys.modules)))"
    environment = {**os.environ, "KD_DATA_DIR": str(tmp_path)}
    process = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
    )
    assert process.stdout.strip() == ""


class TestToyKind:
    def test_it_is_shown_and_counted_by_its_own_words(self, greeting: Greeting, project: Project) -> None:
        job = queue.enqueue(greeting, project=project, subject=7)
        assert job_title(job) == "Greet somebody"
        assert unattended(job)
        job.state, job.started, job.done, job.total = "running", timezone.now() - timedelta(seconds=20), 1, 3
        assert queue.seconds_left(job) == pytest.approx(40, abs=1)

    def test_success(
        self,
        greeting: Greeting,
        project: Project,
        sent: list[dict[str, Any]],
        django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            job = queue.enqueue(greeting, project=project, subject=7)
        (message,) = sent
        assert (message["args"], message["queue"], message["soft_time_limit"]) == ([job.pk], "training", 90)
        assert message["time_limit"] > 90
        worked(job)
        assert (job.state, job.done, job.message, job.error) == (Job.State.DONE, 3, "Greeting", "")
        assert (greeting.greeted, greeting.failures) == ([7], [])

    def test_failure_is_kept_as_its_sentence_and_told_to_the_kind(self, greeting: Greeting, project: Project) -> None:
        greeting.script = [Invalid("Nobody is at home.")]
        job = worked(queue.enqueue(greeting, project=project, subject=7))
        assert (job.state, job.error) == (Job.State.FAILED, "Nobody is at home.")
        assert greeting.failures == [(7, "Nobody is at home.")]

    def test_a_time_that_is_up_is_a_failure_with_a_sentence(self, greeting: Greeting, project: Project) -> None:
        greeting.script = [SoftTimeLimitExceeded()]
        job = worked(queue.enqueue(greeting, project=project, subject=7))
        assert (job.state, job.error) == (
            Job.State.FAILED,
            "This took longer than work of its kind may, so it was stopped.",
        )

    def test_a_killed_worker_is_followed_by_the_next(self, greeting: Greeting, project: Project) -> None:
        job = queue.enqueue(greeting, project=project, subject=7)
        lose_worker(job)
        worked(job)
        assert (job.state, job.attempts, greeting.greeted) == (Job.State.DONE, 2, [7])

    def test_a_job_that_kills_every_worker_fails_with_advice(self, greeting: Greeting, project: Project) -> None:
        job = queue.enqueue(greeting, project=project, subject=7)
        for _ in range(3):
            lose_worker(job)
        job.refresh_from_db()
        sentence = "The worker died 3 times while doing this, so it was given up. Greet fewer people."
        assert (job.state, job.error) == (Job.State.FAILED, sentence)
        assert greeting.failures == [(7, sentence)]

    def test_it_is_tried_again_as_often_as_somebody_asks(
        self,
        greeting: Greeting,
        project: Project,
        sent: list[dict[str, Any]],
        django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    ) -> None:
        greeting.script = [Invalid("Nobody is at home.")]
        job = worked(queue.enqueue(greeting, project=project, subject=7))
        with django_capture_on_commit_callbacks(execute=True):
            queue.retry(job)
        assert (job.state, job.error, job.attempts, greeting.retried) == (Job.State.QUEUED, "", 0, [7])
        assert sent[-1]["args"] == [job.pk]
        assert worked(job).state == Job.State.DONE

    def test_what_waits_runs_or_is_done_is_not_tried_again(self, greeting: Greeting, project: Project) -> None:
        job = queue.enqueue(greeting, project=project, subject=7)
        with pytest.raises(Conflict, match="failed or was cancelled"):
            queue.retry(job)
        worked(job)
        with pytest.raises(Conflict, match="failed or was cancelled"):
            queue.retry(job)

    def test_an_old_job_gives_way_to_a_newer_one(self, greeting: Greeting, project: Project) -> None:
        old = queue.cancel(queue.enqueue(greeting, project=project, subject=7))
        queue.enqueue(greeting, project=project, subject=7)
        with pytest.raises(Conflict, match="Newer work"):
            queue.retry(old)
        old.refresh_from_db()
        assert old.state == Job.State.CANCELLED

    def test_a_command_executes_it_in_its_own_process(self, greeting: Greeting, project: Project) -> None:
        class Terminal(Silent):
            steps: list[int] = []

            def report(self, done: int, total: int, message: str = "") -> None:
                self.steps.append(done)

        job = queue.enqueue(greeting, project=project, subject=7, send=False)
        execution.run_now(job, Terminal(), name="The greeting")
        assert (job.state, Terminal.steps, greeting.greeted) == (Job.State.DONE, [1, 2, 3], [7])

    def test_a_command_tells_why_it_did_not_get_through(self, greeting: Greeting, project: Project) -> None:
        class Stop(Silent):
            def cancelled(self) -> bool:
                return True

        greeting.script = [Invalid("Nobody is at home.")]
        with pytest.raises(Invalid, match="Nobody is at home"):
            execution.run_now(queue.enqueue(greeting, project=project, subject=7), Silent(), name="The greeting")
        with pytest.raises(Invalid, match="The greeting was cancelled"):
            execution.run_now(queue.enqueue(greeting, project=project, subject=8), Stop(), name="The greeting")
        job = queue.enqueue(greeting, project=project, subject=9)
        assert execution.claim(job.pk)
        with pytest.raises(Conflict, match="The greeting is still under way"):
            execution.run_now(job, Silent(), name="The greeting")


class TestUnknownKinds:
    """A kind that was there when the row was written and is no more."""

    @pytest.fixture
    def job(self, project: Project) -> Job:
        return Job.objects.create(kind="forgotten", project=project, subject=1)

    def test_the_job_fails_with_a_sentence(self, job: Job) -> None:
        assert worked(job).error == "There is no kind of job named 'forgotten'."

    def test_it_is_shown_by_its_name(self, job: Job) -> None:
        assert job_title(job) == "forgotten"
        assert not unattended(job)
        assert queue.seconds_left(job) is None

    def test_it_is_not_enqueued(self, project: Project) -> None:
        with pytest.raises(UnknownKind):
            queue.enqueue(Greeting(), project=project, subject=1)

    def test_it_is_cancelled_like_any_other(self, job: Job) -> None:
        assert queue.cancel(job).state == Job.State.CANCELLED


def test_a_name_is_used_once(greeting: Greeting) -> None:
    with pytest.raises(ValueError, match="'greeting'"):
        kinds.register(Greeting())
