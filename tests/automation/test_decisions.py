"""What becomes of a candidate: promoted where it is surely not worse, else asked about or held back."""

from collections.abc import Callable
from typing import Any

import pytest

from extraction.domain.progress import Silent
from extraction.domain.results.automation import Reason
from extraction.models import (
    Automation,
    AutomationStep,
    Document,
    Job,
    Label,
    ModelVersion,
    Project,
    Snapshot,
    Source,
    TrainingRun,
    User,
)
from extraction.services.automation import comparison, decisions, rounds
from extraction.services.errors import Conflict
from extraction.services.jobs import execution, queue
from extraction.services.serving import registry
from extraction.services.serving.canaries import lifecycle
from extraction.services.serving.canaries.lifecycle import Wanted
from tests.automation.worlds import correct, labelled, modelled, switched_on, trained, work

pytestmark = pytest.mark.django_db
Kind = AutomationStep.Kind
Give = Callable[..., Any]


def candidate(
    project: Project, *, promotion: str = "promote", validation: int = 40, source: str = "reviewer"
) -> TrainingRun:
    """A run that the automation started and that made a model, in a project where `first` serves."""
    documents = labelled(project, 30)
    labelled(project, validation, split="validation", source=source)
    trained(project, "first", serving=True)
    switched_on(project, promotion=Automation.Promotion(promotion))
    for document in documents[:3]:
        correct(document)
    run = rounds.run(Automation.objects.get().pk)
    assert run is not None
    modelled(run)
    return run


def outcome(run: TrainingRun) -> tuple[str, tuple[Reason, ...]]:
    work("compare")
    step = run.automation_steps.exclude(kind=Kind.STARTED).get()
    return step.kind, step.comparison.reasons if step.comparison else ()


def serving(project: Project) -> str:
    model = registry.serving(project)
    return model.name if model else ""


def test_a_model_that_is_as_good_is_promoted_by_the_usual_way(project: Project, answers: Give) -> None:
    answers(first=2)
    run = candidate(project)
    assert outcome(run) == (Kind.PROMOTED, ())
    assert serving(project) == "auto-1"
    assert project.promotions.first().model.name == "auto-1"  # type: ignore[union-attr]
    assert Job.objects.filter(kind="predict", subject=ModelVersion.objects.get(name="auto-1").pk).exists()
    assert decisions.question(project) is None


def test_one_that_may_be_worse_is_asked_about(project: Project, answers: Give) -> None:
    answers(auto_1=1)
    run = candidate(project)
    assert outcome(run) == (Kind.ASKED, (Reason.MEAN, Reason.FIELDS))
    assert serving(project) == "first"
    asked = decisions.question(project)
    assert asked is not None
    assert asked.model.name == "auto-1"
    leads = asked.comparison.leads
    assert leads is not None
    assert (leads.documents, asked.comparison.worse) == (40, ("total",))
    assert leads.mean.value == pytest.approx(-1 / 40)
    assert leads.mean.ci95[0] < leads.mean.value < leads.mean.ci95[1] + 1e-9


def test_one_that_is_surely_worse_is_held_back(project: Project, answers: Give) -> None:
    answers(auto_1=20)
    run = candidate(project)
    assert outcome(run) == (Kind.HELD_BACK, (Reason.WORSE,))
    assert decisions.question(project) is None


def test_an_owner_who_wants_to_be_asked_is(project: Project, answers: Give) -> None:
    answers()
    assert outcome(candidate(project, promotion="ask")) == (Kind.ASKED, (Reason.CHOSEN,))
    assert serving(project) == "first"


class TestCanary:
    """Where an owner chose it, a candidate answers a share of the traffic before it is promoted."""

    @pytest.fixture(autouse=True)
    def _usable(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(registry, "is_usable", lambda model: True)

    def test_what_a_canary_finds_out_is_not_asked(self, project: Project, answers: Give) -> None:
        answers(auto_1=1)
        assert outcome(candidate(project, promotion="canary")) == (Kind.CANARY, (Reason.MEAN, Reason.FIELDS))
        canary = project.canaries.get()
        assert (canary.candidate.name, canary.state, canary.promotes) == ("auto-1", "running", True)
        assert serving(project) == "first"
        assert decisions.question(project) is None

    def test_one_that_is_surely_worse_never_gets_there(self, project: Project, answers: Give) -> None:
        answers(auto_1=20)
        assert outcome(candidate(project, promotion="canary")) == (Kind.HELD_BACK, (Reason.WORSE,))
        assert not project.canaries.exists()

    def test_one_that_runs_is_not_replaced(self, project: Project, answers: Give) -> None:
        answers()
        run = candidate(project, promotion="canary")
        lifecycle.start(trained(project, "second"), Wanted())
        assert outcome(run) == (Kind.ASKED, (Reason.CANARY_RUNS,))

    def test_what_it_cannot_find_out_is_asked(self, project: Project, answers: Give) -> None:
        answers()
        run = candidate(project, promotion="canary")
        registry.promote(trained(project, "second"))
        assert outcome(run) == (Kind.ASKED, (Reason.PERSON_PROMOTED,))


def test_too_few_documents_do_not_decide(project: Project, answers: Give) -> None:
    answers()
    assert outcome(candidate(project, validation=29)) == (Kind.ASKED, (Reason.FEW_DOCUMENTS,))


def test_a_teachers_labels_do_not_decide(project: Project, answers: Give) -> None:
    answers(auto_1=30)
    assert outcome(candidate(project, source="teacher")) == (Kind.ASKED, (Reason.NOT_REVIEWED, Reason.WORSE))


def test_labels_that_nobody_looked_at_do_not_decide(project: Project, answers: Give) -> None:
    answers()
    run = candidate(project)
    Label.objects.filter(document__split="validation").update(unseen=True)
    assert outcome(run) == (Kind.ASKED, (Reason.NOT_REVIEWED,))


def test_without_a_serving_model_a_person_decides(project: Project, answers: Give) -> None:
    answers()
    labelled(project, 40)
    switched_on(project, labels=10, promotion=Automation.Promotion.PROMOTE)
    run = rounds.run(Automation.objects.get().pk)
    assert run is not None
    modelled(run)
    assert outcome(run) == (Kind.ASKED, (Reason.NOTHING_SERVES,))
    decisions.answer(project, run.pk, promote=True)
    assert serving(project) == "auto-1"


def test_documents_that_either_was_trained_on_compare_nothing(project: Project, answers: Give) -> None:
    """Also those that stand elsewhere now, and never those of split test."""
    answers()
    candidate(project)
    moved = list(Document.objects.filter(split="train")[:5])
    for document in moved:
        Document.objects.filter(pk=document.pk).update(split="validation")
        correct(document, "1.23")
    labelled(project, 7, split="test", source="truth")
    fresh = labelled(project, 2, split="validation", source="truth")
    models = {model.name: model for model in ModelVersion.objects.select_related("run__snapshot")}
    found = comparison.compare(models["auto-1"], models["first"], Silent())
    assert found.documents == 40 + len(fresh)


def test_what_is_held_out_of_train_compares_where_there_is_no_validation(project: Project, answers: Give) -> None:
    answers()
    run = candidate(project, validation=0)
    held_out = [item.document for item in run.snapshot.documents if item.part == "validation"]  # type: ignore[union-attr]
    assert held_out
    for pk in held_out:
        Label.objects.filter(document=pk).update(source=Source.REVIEWER)
    work("compare")
    found = run.automation_steps.get(kind=Kind.ASKED).comparison
    assert found is not None
    assert found.documents == len(held_out)


def test_a_serving_model_of_unknown_training_is_not_compared(project: Project, answers: Give) -> None:
    answers()
    run = candidate(project)
    TrainingRun.objects.filter(name="first").update(snapshot=None)
    assert outcome(run) == (Kind.ASKED, (Reason.UNKNOWN_TRAINING,))


class TestPersons:
    def test_a_promotion_since_the_training_began_wins(self, project: Project, answers: Give, owner: User) -> None:
        answers()
        run = candidate(project)
        registry.promote(trained(project, "older"), owner)
        assert outcome(run) == (Kind.ASKED, (Reason.PERSON_PROMOTED,))
        assert serving(project) == "older"

    def test_the_candidate_that_somebody_promoted_needs_no_question(
        self, project: Project, answers: Give, owner: User
    ) -> None:
        answers()
        run = candidate(project)
        registry.promote(ModelVersion.objects.get(run=run), owner)
        assert outcome(run) == (Kind.OVERTAKEN, ())
        assert serving(project) == "auto-1"

    def test_a_promotion_during_the_comparison_repeats_it(
        self, project: Project, answers: Give, owner: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        answers()
        run, compare, other = candidate(project), comparison.compare, trained(project, "other")

        def slow(*arguments: Any) -> Any:
            found = compare(*arguments)
            registry.promote(other, owner)
            return found

        monkeypatch.setattr(comparison, "compare", slow)
        work("compare")
        step = run.automation_steps.get(kind=Kind.ASKED)
        assert step.comparison is not None
        assert (step.comparison.serving, step.comparison.reasons) == ("other", (Reason.PERSON_PROMOTED,))

    def test_a_question_is_over_when_another_model_serves(self, project: Project, answers: Give, owner: User) -> None:
        answers()
        run = candidate(project, promotion="ask")
        work("compare")
        registry.promote(trained(project, "other"), owner)
        assert decisions.question(project) is None
        with pytest.raises(Conflict):
            decisions.answer(project, run.pk, promote=True, actor=owner)
        for _ in range(2):
            rounds.run(Automation.objects.get().pk)
        assert run.automation_steps.filter(kind=Kind.OVERTAKEN).count() == 1

    def test_an_answer_is_given_once(self, project: Project, answers: Give, owner: User) -> None:
        answers()
        run = candidate(project, promotion="ask")
        work("compare")
        step = decisions.answer(project, run.pk, promote=False, actor=owner)
        assert (step.kind, step.author, serving(project)) == (Kind.DECLINED, owner, "first")
        for promote in (True, False):
            with pytest.raises(Conflict):
                decisions.answer(project, run.pk, promote=promote, actor=owner)

    def test_a_yes_promotes(self, project: Project, answers: Give, owner: User) -> None:
        answers()
        run = candidate(project, promotion="ask")
        work("compare")
        with pytest.raises(Conflict):
            decisions.answer(project, run.pk + 1, promote=True, actor=owner)
        decisions.answer(project, run.pk, promote=True, actor=owner)
        assert serving(project) == "auto-1"
        assert project.promotions.first().author == owner  # type: ignore[union-attr]


class TestFaults:
    def test_a_comparison_that_is_repeated_changes_nothing(self, project: Project, answers: Give) -> None:
        answers()
        run = candidate(project)
        for _ in range(2):
            decisions.conclude(run.pk, Silent())
        assert outcome(run) == (Kind.PROMOTED, ())
        assert project.promotions.count() == 2

    def test_files_that_cannot_be_read_leave_it_to_a_person(self, project: Project) -> None:
        run = candidate(project)
        queue.heal()
        execution.run(Job.objects.get(kind="compare").pk)
        step = run.automation_steps.get(kind=Kind.ASKED)
        assert step.comparison is not None
        assert step.comparison.reasons == (Reason.FAILED,)
        assert "cannot be used" in step.detail
        queue.heal()
        assert Job.objects.filter(kind="compare").count() == 1

    def test_a_training_that_is_cancelled_is_noted(self, project: Project) -> None:
        documents = labelled(project, 30)
        trained(project, "first", serving=True)
        switched_on(project)
        for document in documents[:3]:
            correct(document)
        run = rounds.run(Automation.objects.get().pk)
        assert run is not None
        assert run.job is not None
        queue.cancel(run.job)
        assert outcome(run) == (Kind.NOT_TRAINED, ())

    def test_a_run_of_a_person_is_none_of_its_business(self, project: Project, answers: Give) -> None:
        answers()
        labelled(project, 30)
        switched_on(project)
        trained(project, "mine")
        work("compare")
        assert not Job.objects.filter(kind="compare").exists()

    def test_a_snapshot_without_documents_compares_nothing(self, project: Project, answers: Give) -> None:
        answers()
        run = candidate(project)
        Document.objects.filter(split="validation").delete()
        Snapshot.objects.update(items=[])
        assert outcome(run)[0] == Kind.ASKED
