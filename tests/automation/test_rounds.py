"""A round: counted, trained where it is due, within the budget, once."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from extraction.domain.results.automation import Changes
from extraction.models import Automation, AutomationStep, Job, ModelVersion, Project, TrainingRun
from extraction.services.automation import rounds, settings, upcoming
from extraction.services.automation.settings import Settings
from extraction.services.automation.upcoming import Next
from extraction.services.errors import Invalid
from extraction.services.jobs import execution, queue
from extraction.services.jobs.execution import claim
from extraction.services.serving import registry
from extraction.services.training import training_runs
from tests.automation.worlds import TINY, correct, labelled, modelled, switched_on, trained, work

pytestmark = pytest.mark.django_db
Kind = AutomationStep.Kind


def kinds(project: Project) -> list[str]:
    return list(project.automation_steps.order_by("pk").values_list("kind", flat=True))


def due(project: Project) -> Project:
    """Three corrections of a project in use."""
    documents = labelled(project, 30)
    trained(project, "first", serving=True)
    for document in documents[:3]:
        correct(document)
    return project


def test_nothing_happens_unless_somebody_switched_it_on(project: Project) -> None:
    due(project)
    work("automate")
    assert upcoming.of(settings.of(project)).kind is Next.OFF
    assert not Job.objects.filter(kind__in=("automate", "train")).exists()


def test_enough_corrections_start_a_training_as_the_serving_model_was_trained(project: Project) -> None:
    due(project)
    switched_on(project)
    work("automate")
    run = TrainingRun.objects.get(name="auto-1")
    assert (run.labels, run.config, run.minutes, run.author) == ("best", TINY, 5, None)
    assert run.job is not None
    assert run.job.state == Job.State.QUEUED
    step = AutomationStep.objects.get(run=run)
    assert (step.kind, step.changes) == (Kind.STARTED, Changes(3, 0))
    assert upcoming.of(settings.of(project)).kind is Next.TRAINING


def test_too_few_corrections_say_how_many_are_missing(project: Project) -> None:
    due(project)
    switched_on(project, corrections=10, labels=20)
    work("automate")
    following = upcoming.of(settings.of(project))
    assert (following.kind, following.more) == (Next.COUNTING, Changes(7, 20))
    assert kinds(project) == [Kind.SWITCHED_ON]


def test_new_labels_start_one_too_but_not_on_few_documents(project: Project) -> None:
    labelled(project, 10)
    switched_on(project, labels=5)
    assert upcoming.of(settings.of(project)).kind is Next.FEW_DOCUMENTS
    work("automate")
    assert kinds(project) == [Kind.SWITCHED_ON]
    labelled(project, 20)
    Automation.objects.update(counted=None)
    work("automate")
    assert kinds(project) == [Kind.SWITCHED_ON, Kind.STARTED]


def test_two_counts_start_one_training(project: Project) -> None:
    due(project)
    switched_on(project)
    row = Automation.objects.get()
    seen = upcoming.of(row)
    assert rounds.run(row.pk) is not None
    assert rounds.run(row.pk) is None
    # A second process that had counted before the first one started.
    assert rounds._start(row, seen) is None
    modelled(TrainingRun.objects.get(name="auto-1"))
    assert rounds._start(row, seen) is None
    assert TrainingRun.objects.filter(name__startswith="auto").count() == 1


def test_a_count_that_was_killed_is_made_again(project: Project) -> None:
    due(project)
    switched_on(project)
    queue.heal()
    job = Job.objects.get(kind="automate")
    assert claim(job.pk)
    Job.objects.filter(pk=job.pk).update(heartbeat=timezone.now() - timedelta(hours=1))
    queue.requeue_lost()
    work("automate")
    assert kinds(project) == [Kind.SWITCHED_ON, Kind.STARTED]


def test_a_lost_event_delays_the_count_and_no_more(project: Project) -> None:
    documents = labelled(project, 30)
    trained(project, "first", serving=True)
    switched_on(project)
    work("automate")
    for document in documents[:3]:
        correct(document)
    Automation.objects.update(changed=False)
    work("automate")
    assert kinds(project) == [Kind.SWITCHED_ON]
    for counted in (timezone.now() - timedelta(hours=2), timezone.now() + timedelta(days=300)):
        Automation.objects.update(counted=counted)
        queue.heal()
        assert Job.objects.filter(kind="automate", state=Job.State.QUEUED).count() == 1
    work("automate")
    assert kinds(project) == [Kind.SWITCHED_ON, Kind.STARTED]


def test_written_labels_are_counted_soon(
    project: Project, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    document = labelled(project, 1)[0]
    switched_on(project)
    work("automate")
    with django_capture_on_commit_callbacks(execute=True):
        correct(document)
    assert Automation.objects.get().changed
    work("automate")
    assert Job.objects.filter(kind="automate").count() == 1
    Automation.objects.update(counted=timezone.now() - timedelta(minutes=4))
    work("automate")
    assert Job.objects.filter(kind="automate").count() == 2
    assert not Automation.objects.get().changed


def test_the_minutes_of_a_week_hold(project: Project, answers: Callable[..., Any]) -> None:
    answers()
    due(project)
    switched_on(project, weekly_minutes=8.0)
    row = Automation.objects.get()
    run = rounds.run(row.pk)
    assert run is not None
    TrainingRun.objects.filter(pk=run.pk).update(seconds=240)
    modelled(run)
    work("compare")
    for document in project.documents.all()[5:9]:
        correct(document)
    for _ in range(2):
        assert rounds.run(row.pk) is None
    following = upcoming.of(Automation.objects.get())
    assert (following.kind, following.spent and following.spent.minutes) == (Next.BUDGET, 4)
    assert following.at == run.created + timedelta(days=7)
    assert kinds(project)[-1] == Kind.BUDGET_USED
    assert kinds(project).count(Kind.BUDGET_USED) == 1
    TrainingRun.objects.filter(pk=run.pk).update(created=timezone.now() - timedelta(days=8))
    assert rounds.run(row.pk) is not None


def test_a_person_who_trains_is_not_joined(project: Project) -> None:
    due(project)
    training_runs.start(project, name="mine", config=TINY)
    switched_on(project)
    work("automate")
    assert kinds(project) == [Kind.SWITCHED_ON]


def test_a_training_that_fails_is_in_the_history_and_not_started_again(project: Project) -> None:
    due(project)
    switched_on(project)
    work("automate")
    run = TrainingRun.objects.get(name="auto-1")
    TrainingRun.objects.filter(pk=run.pk).update(stop_reason="failed", stop_detail="The disk is full.")
    Job.objects.filter(training_run=run).update(state=Job.State.FAILED, error="The disk is full.")
    work("compare")
    Automation.objects.update(counted=None)
    work("automate", "compare")
    assert kinds(project) == [Kind.SWITCHED_ON, Kind.STARTED, Kind.NOT_TRAINED]
    assert project.automation_steps.get(kind=Kind.NOT_TRAINED).detail == "The disk is full."


def test_switching_off_stops_what_comes_and_cancels_nothing(project: Project, answers: Callable[..., Any]) -> None:
    answers()
    due(project)
    switched_on(project, promotion=Automation.Promotion.PROMOTE)
    work("automate")
    settings.change(project, Settings(active=False, promotion=Automation.Promotion.PROMOTE))
    run = TrainingRun.objects.get(name="auto-1")
    assert run.job is not None
    assert run.job.state == Job.State.QUEUED
    modelled(run)
    work("compare", "automate")
    assert kinds(project) == [Kind.SWITCHED_ON, Kind.STARTED, Kind.SWITCHED_OFF, Kind.ASKED]
    assert ModelVersion.objects.get(stage="production").name == "first"


@pytest.mark.parametrize(
    "wrong",
    [
        {"corrections": 0},
        {"labels": 10**7},
        {"minutes": 0.0},
        {"minutes": float("nan")},
        {"minutes": 200.0},
        {"weekly_minutes": 10**6},
        {"margin": -0.1},
        {"field_margin": float("nan")},
        {"monthly_usd": -1},
        {"promotion": "always"},
    ],
)
def test_settings_that_cannot_be(project: Project, wrong: dict[str, Any]) -> None:
    if "monthly_usd" in wrong:
        wrong = {"monthly_usd": Decimal(wrong["monthly_usd"])}
    with pytest.raises(Invalid):
        settings.change(project, Settings(active=True, **wrong))
    assert not Automation.objects.exists()


@pytest.mark.slow
def test_from_corrections_to_an_outcome_by_the_jobs_alone(project: Project) -> None:
    """With tiny students."""
    documents = labelled(project, 30)
    labelled(project, 31, split="validation", source="reviewer")
    first = training_runs.start(project, name="first", config=TINY)
    execution.run(first.job_id)  # type: ignore[arg-type]
    registry.promote(ModelVersion.objects.get(name="first"))
    switched_on(project)
    for document in documents[:3]:
        correct(document)
    for kind in ("automate", "train", "compare"):
        work(kind)
    run = TrainingRun.objects.get(name="auto-1")
    outcome = run.automation_steps.exclude(kind=Kind.STARTED).get()
    assert outcome.kind in (Kind.ASKED, Kind.HELD_BACK)
    found = outcome.comparison
    assert found is not None
    assert (found.candidate, found.serving, found.documents, found.reviewed) == ("auto-1", "first", 31, True)
    assert registry.serving(project) == ModelVersion.objects.get(name="first")
