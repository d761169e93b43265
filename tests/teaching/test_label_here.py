"""A label run in the process of a command: its job, and what a command takes up."""

import os
import subprocess
import sys
from collections.abc import Callable

import pytest
from celery import current_app
from pytest_django import DjangoCaptureOnCommitCallbacks

from extraction.domain.progress import Progress, Silent, check
from extraction.models import Job, LabelRun, Project
from extraction.services.errors import Conflict, Invalid
from extraction.services.jobs import execution, queue
from extraction.services.teaching import label_runs
from tests.support import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    project = builders.project()
    for _ in range(2):
        builders.document(project)
    return project


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[int, Progress], object]], None]:
    """Puts something else in the place of labelling."""
    return lambda do: monkeypatch.setattr(label_runs, "run", do)


def here(project: Project, progress: Progress | None = None, limit: int | None = None) -> LabelRun:
    return label_runs.label_here(project, progress or Silent(), teacher="rules", limit=limit)


def claim_and_die(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    with monkeypatch.context() as patch:
        patch.setattr(os, "getpid", lambda: dead.pid)
        assert execution.claim(job.pk)


def test_it_has_a_job_that_no_worker_is_told_of(
    project: Project,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    sent: list[dict[str, object]] = []
    monkeypatch.setattr(current_app, "send_task", lambda name, **message: sent.append(message))

    class Terminal(Silent):
        steps: list[tuple[int, int]] = []

        def report(self, done: int, total: int, message: str = "") -> None:
            self.steps.append((done, total))

    with django_capture_on_commit_callbacks(execute=True):
        run = here(project, Terminal())
    assert (run.documents, run.labels) == (2, 8)
    assert run.job is not None
    assert (run.job.state, run.job.done, run.job.total) == (Job.State.DONE, 2, 2)
    assert Terminal.steps[-1] == (2, 2)
    # Labels are assessed afterwards by a worker.
    assert [run.job.pk] not in [message["args"] for message in sent]


def test_it_is_cancelled_from_elsewhere(project: Project, work: Callable[[object], None]) -> None:
    def label(run: int, progress: Progress) -> None:
        queue.cancel(Job.objects.get(label_run=run))
        check(progress)

    work(label)
    with pytest.raises(Invalid, match="was cancelled"):
        here(project)


def test_a_run_whose_process_was_killed_is_taken_up(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    run = label_runs.start(project, teacher="rules", limit=1)
    assert run.job is not None
    claim_and_die(run.job, monkeypatch)
    assert here(project, limit=1) == run
    assert LabelRun.objects.get().documents == 1


@pytest.mark.parametrize("limit", [1, 2])
def test_a_run_under_way_elsewhere_is_left_alone(project: Project, limit: int) -> None:
    run = label_runs.start(project, teacher="rules", limit=1)
    assert run.job is not None
    assert execution.claim(run.job.pk)
    with pytest.raises(Conflict, match="A label run of this project is still"):
        here(project, limit=limit)
    assert LabelRun.objects.count() == 1


def test_ctrl_c_ends_it_for_good(project: Project, work: Callable[[object], None]) -> None:
    def interrupt(run: int, progress: Progress) -> None:
        raise KeyboardInterrupt

    work(interrupt)
    with pytest.raises(KeyboardInterrupt):
        here(project)
    assert Job.objects.get().state == Job.State.CANCELLED
    assert queue.requeue_lost() == 0


def test_a_run_is_not_tried_again_beside_another(project: Project) -> None:
    first = label_runs.start(project, teacher="rules")
    assert first.job is not None
    queue.cancel(first.job)
    second = label_runs.start(project, teacher="rules")
    with pytest.raises(Conflict, match="still going on"):
        queue.retry(first.job)
    assert second.job is not None
    queue.cancel(second.job)
    assert queue.retry(first.job).state == Job.State.QUEUED
