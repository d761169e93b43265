"""A training run from labels to a registered model, with a tiny student; what goes wrong is kept in the run."""

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from celery import current_app
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from extraction.domain.progress import Progress, Silent, check
from extraction.models import Document, Job, Label, ModelVersion, Project, Source, TrainingRun
from extraction.services.errors import Conflict, Invalid
from extraction.services.jobs import execution, queue
from extraction.services.labels import store
from extraction.services.reports.evaluate import evaluate_system
from extraction.services.serving import prelabel, registry
from extraction.services.training import training_runs
from tests.support import builders
from tests.training.starting import TINY, here, start

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(labelled_project: Project) -> Project:
    return labelled_project


class Impatient(Silent):
    """Cancels after so many steps."""

    def __init__(self, steps: int) -> None:
        self.left = steps

    def report(self, done: int, total: int, message: str = "") -> None:
        self.left -= 1

    def cancelled(self) -> bool:
        return self.left < 0


@pytest.mark.slow
def test_a_run_ends_in_a_model_that_answers(project: Project) -> None:
    run = start(project)
    assert Job.objects.get(kind="train").subject == run.pk
    model = training_runs.run(run.pk, Silent())
    run.refresh_from_db()
    assert run.stopped_because
    assert run.curve
    assert run.seconds
    assert run.validation is not None
    assert set(run.validation["fields"]) == {"total"}
    assert training_runs.run(run.pk, Silent()) == model
    assert ModelVersion.objects.count() == 1

    registry.promote(model)
    unlabelled = builders.document(project, "OTHER SHOP", "Total 7.70")
    assert prelabel.run(model.pk, Silent()) == 1
    said = Label.objects.filter(document=unlabelled)
    assert {(label.source, label.teacher) for label in said} == {("student", "first")}
    assert set(said.values_list("field", flat=True)) == set(project.schema.names)
    unlabelled.refresh_from_db()
    assert unlabelled.review == Document.Review.WAITING
    assert prelabel.run(model.pk, Silent()) == 0

    result = evaluate_system(project, "first", timed=False)
    assert (result.system, result.scores.documents) == ("first", 1)


def in_a_worker(run: TrainingRun) -> Job:
    execution.run(run.job_id)  # type: ignore[arg-type]
    run.refresh_from_db()
    assert run.job is not None
    return run.job


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[int, Progress], object]], None]:
    """Puts something else in the place of the training itself; a model is registered where it does not raise."""

    def put(do: Callable[[int, Progress], object]) -> None:
        def run(pk: int, progress: Progress) -> ModelVersion:
            do(pk, progress)
            row = TrainingRun.objects.get(pk=pk)
            made = {"project": row.project, "name": row.name, "folder": row.folder, "sha256": "0" * 64, "bytes": 1}
            return ModelVersion.objects.get_or_create(run=row, defaults=made)[0]

        monkeypatch.setattr(training_runs, "run", run)

    return put


@pytest.fixture
def quick(work: Callable[[Callable[[int, Progress], object]], None]) -> None:
    work(lambda run, progress: None)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Jobs that went to the broker."""
    messages: list[int] = []
    monkeypatch.setattr(current_app, "send_task", lambda name, args, **options: messages.append(args[0]))
    return messages


@pytest.mark.slow
def test_a_cancelled_run_says_so_and_goes_on_when_asked(project: Project) -> None:
    with pytest.raises(Invalid, match="The run first was cancelled"):
        here(project, Impatient(14))
    run = TrainingRun.objects.get()
    assert run.stopped_because == "Cancelled."
    assert not ModelVersion.objects.exists()
    training_runs.again(run)
    assert run.stopped_because == ""
    assert in_a_worker(run).state == Job.State.DONE
    assert ModelVersion.objects.get().name == "first"


def test_a_command_trains_under_a_job_that_no_worker_is_told_of(
    project: Project,
    sent: list[int],
    work: Any,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    shown = []

    class Terminal(Silent):
        def report(self, done: int, total: int, message: str = "") -> None:
            shown.append((done, total, message))

    def train(run: int, progress: Progress) -> None:
        progress.report(3, 8, "Learning")
        job = Job.objects.get(training_run=run)
        assert (job.state, job.done, job.total, job.message) == (Job.State.RUNNING, 3, 8, "Learning")
        assert queue.requeue_lost() == 0

    work(train)
    with django_capture_on_commit_callbacks(execute=True):
        model = here(project, Terminal())
    assert model.run.job is not None
    assert model.run.job.state == Job.State.DONE
    assert shown == [(3, 8, "Learning")]
    assert sent == []


def test_a_command_is_cancelled_from_elsewhere(project: Project, work: Any) -> None:
    def train(run: int, progress: Progress) -> None:
        queue.cancel(Job.objects.get(training_run=run))
        check(progress)

    work(train)
    with pytest.raises(Invalid, match="The run first was cancelled"):
        here(project)
    assert TrainingRun.objects.get().stopped_because == "Cancelled."


def test_a_failure_is_told_by_the_command_and_kept(project: Project, work: Any) -> None:
    def train(run: int, progress: Progress) -> None:
        raise Invalid("There is nothing to learn from.")

    work(train)
    with pytest.raises(Invalid, match="There is nothing to learn from"):
        here(project)
    assert TrainingRun.objects.get().stopped_because == "There is nothing to learn from."


def test_ctrl_c_ends_a_command_for_good_until_it_is_given_again(project: Project, work: Any, sent: list[int]) -> None:
    def train(run: int, progress: Progress) -> None:
        raise KeyboardInterrupt

    work(train)
    with pytest.raises(KeyboardInterrupt):
        here(project)
    run = TrainingRun.objects.get()
    assert run.job is not None
    assert (run.job.state, run.stopped_because) == (Job.State.CANCELLED, "Cancelled.")
    assert queue.requeue_lost() == 0

    def train_on(run: int, progress: Progress) -> None:
        assert TrainingRun.objects.get(pk=run).stopped_because == ""

    work(train_on)
    assert here(project).run == run
    assert sent == []


def test_a_command_takes_up_what_waits_and_nothing_that_is_under_way(project: Project, quick: None) -> None:
    run = start(project)
    assert execution.claim(run.job_id) is not None  # type: ignore[arg-type]
    with pytest.raises(Conflict, match="The run first is still under way"):
        here(project)
    Job.objects.update(state=Job.State.QUEUED)
    assert here(project).run == run
    assert Job.objects.get().state == Job.State.DONE


def test_of_two_that_take_up_a_run_one_is_refused(project: Project, work: Any) -> None:
    refused = []

    def train(run: int, progress: Progress) -> None:
        with pytest.raises(Conflict, match="The run first is still under way"):
            here(project)
        refused.append(run)

    work(train)
    assert refused == [here(project).run_id]


def test_a_run_whose_process_was_killed_is_taken_up_at_once(
    project: Project, quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = start(project)
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    with monkeypatch.context() as patch:
        patch.setattr(os, "getpid", lambda: dead.pid)
        assert execution.claim(run.job_id) is not None  # type: ignore[arg-type]
    assert here(project).run == run
    assert Job.objects.get().attempts == 2


def test_a_run_whose_heart_is_silent_is_taken_up(project: Project, quick: None) -> None:
    run = start(project)
    assert execution.claim(run.job_id) is not None  # type: ignore[arg-type]
    Job.objects.update(heartbeat=timezone.now() - timedelta(hours=1))
    assert here(project).run == run


def test_a_run_that_lost_its_command_to_another_process_says_so(project: Project, work: Any) -> None:
    def train(run: int, progress: Progress) -> None:
        Job.objects.update(worker="elsewhere/1:2:3")
        progress.report(1, 2)
        check(progress)

    work(train)
    with pytest.raises(Conflict, match="The run first is still under way"):
        here(project)
    assert TrainingRun.objects.get().stopped_because == ""


def test_of_two_that_ask_to_go_on_one_queues_a_job(project: Project) -> None:
    run = start(project)
    Job.objects.update(state=Job.State.FAILED)
    first, second = TrainingRun.objects.select_related("job"), TrainingRun.objects.select_related("job")
    one, other = first.get(pk=run.pk), second.get(pk=run.pk)
    training_runs.again(one)
    with pytest.raises(Conflict, match="The run first is still under way"):
        training_runs.again(other)
    assert Job.objects.filter(state=Job.State.QUEUED).get() == one.job


def test_a_complete_run_does_not_go_on(project: Project, quick: None) -> None:
    run = here(project).run
    with pytest.raises(Conflict, match="The run first is complete"):
        training_runs.again(run)
    with pytest.raises(Conflict, match="The run first is complete"):
        here(project)


def test_labels_that_stand_nowhere_teach_nothing() -> None:
    project = builders.project()
    store.write(builders.document(project), "company", "Nothing of the kind", source=Source.TRUTH)
    run = start(project)
    assert in_a_worker(run).state == Job.State.FAILED
    assert "nothing to learn from" in run.stopped_because


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"name": "two words"}, "'two words'"),
        ({"name": "teacher"}, "reserved"),
        ({"name": "../up"}, "letters"),
        ({"minutes": 0}, "minutes"),
        ({"seed": -1}, "seed"),
        ({"seed": 2**31}, "at most 2147483647"),
        ({"config": {"epochs": "many"}}, "epochs"),
        ({"config": {"magic": 1}}, "magic"),
        ({"labels": "claim"}, "No document"),
    ],
)
def test_a_bad_request_starts_nothing(project: Project, arguments: dict[str, object], words: str) -> None:
    with pytest.raises(Invalid, match=words):
        training_runs.start(project, **{"name": "first", "config": TINY, **arguments})  # type: ignore[arg-type]
    assert not TrainingRun.objects.exists()


def test_a_name_is_used_once(project: Project) -> None:
    start(project)
    with pytest.raises(Conflict, match="already has a training run named first"):
        start(project)


@pytest.mark.parametrize(
    "other", [{"seed": 1}, {"minutes": 5}, {"config": {"base": "tiny"}}, {"config": {"epochs": 2}}]
)
def test_an_unfinished_run_is_resumed_only_as_it_was_started(
    project: Project, quick: None, other: dict[str, object]
) -> None:
    run = start(project, minutes=20, seed=0)
    with pytest.raises(Conflict, match="other settings"):
        here(project, **{"minutes": 20, "seed": 0, **other})
    assert here(project, minutes=20, seed=0).run == run


@pytest.mark.parametrize("base", ["/etc", "~/models", "./models", "../models", "a/b/c", "C:\\models", "//server/share"])
def test_folders_of_the_server_are_for_superusers(project: Project, base: str, tmp_path: Path) -> None:
    """Nobody else learns which folders there are and what they hold."""
    owner, root = builders.user(), builders.user()
    root.is_superuser = True
    for named in (base, str(tmp_path)):
        with pytest.raises(Invalid, match="Only a superuser"):
            training_runs.start(project, name="first", config={"base": named}, actor=owner)
    assert training_runs.start(project, name="first", config={"base": str(tmp_path)}, actor=root).base == str(tmp_path)
    assert training_runs.start(project, name="second", config={"base": "acme/encoder-1.0"}, actor=owner).base
