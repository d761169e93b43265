"""Models forget documents that are deleted: who learned from them, the training without them, and the end of the old
files, whatever is killed, repeated or done meanwhile."""

from __future__ import annotations

from pathlib import Path

import pytest

from extraction.domain.learning.lineage import Use
from extraction.domain.results.automation import Comparison
from extraction.models import (
    AuditEntry,
    Automation,
    AutomationStep,
    Deletion,
    Forgetting,
    Job,
    ModelVersion,
    Project,
    Retention,
    TrainingRun,
)
from extraction.services import storage
from extraction.services.automation import comparison, counting, decisions
from extraction.services.errors import Conflict
from extraction.services.jobs import queue
from extraction.services.privacy import deletions, settings
from extraction.services.privacy.forgetting import due, evidence, lineage, work
from extraction.services.privacy.forgetting.verify import Place, verify
from extraction.services.projects import projects
from extraction.services.serving import registry
from extraction.services.serving.canaries import lifecycle
from extraction.services.serving.canaries.lifecycle import Wanted
from extraction.services.training import training_runs
from tests.privacy import worlds
from tests.privacy.worlds import State
from tests.support import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    held = builders.project()
    worlds.choose(held)
    return held


def files(model: ModelVersion) -> Path:
    return storage.path(model.run.folder)


def passing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every new model pass the comparison."""
    monkeypatch.setattr(comparison, "compare", lambda new, old, progress: Comparison(new.name, old.name))
    monkeypatch.setattr(decisions, "decide", lambda found, row, person_promoted: (AutomationStep.Kind.PROMOTED, found))


class TestWhoLearned:
    def test_every_use_is_named(self, project: Project) -> None:
        documents = worlds.labelled(project, 4)
        held_out = worlds.labelled(project, 1, split="validation")[0]
        unlabelled = builders.document(project, "no labels here")
        stranger = builders.document(project, "came later")
        model = worlds.trained(project, "first", pretraining=[documents[0].pk, unlabelled.pk])
        asked = project.documents.filter(pk__in=[documents[0].pk, held_out.pk, unlabelled.pk, stranger.pk])
        [learner] = lineage.of_documents(project, asked)
        assert learner.model == model
        assert {each.sha256: each.uses for each in learner.learned} == {
            documents[0].sha256: (Use.TRAINING, Use.PRETRAINING),
            held_out.sha256: (Use.VALIDATION, Use.CALIBRATION),
            unlabelled.sha256: (Use.PRETRAINING,),
        }
        assert learner.uses[Use.PRETRAINING] == 2

    def test_a_run_of_before_may_have_read_everything_but_tests(self, project: Project) -> None:
        worlds.labelled(project, 2)
        unlabelled, test = builders.document(project), builders.document(project, split="test")
        worlds.trained(project, "old", pretraining=None, pretraining_documents=3)
        later = builders.document(project)
        asked = project.documents.filter(pk__in=[unlabelled.pk, test.pk, later.pk])
        [learner] = lineage.of_documents(project, asked)
        assert [each.sha256 for each in learner.learned] == [unlabelled.sha256]

    def test_a_run_that_has_read_nothing_has_learned_nothing(self, project: Project) -> None:
        documents = worlds.labelled(project, 3)
        training_runs.start(project, name="waits", config=worlds.TINY)
        worlds.delete(documents[0])
        worlds.work()
        assert not Forgetting.objects.exists()


class TestForgetting:
    def test_a_training_without_the_document_takes_the_place_of_the_old_model(
        self, project: Project, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        passing(monkeypatch)
        documents = worlds.labelled(project, 4)
        old = worlds.trained(project, "first", serving=True, seed=7)
        worlds.delete(documents[1])
        worlds.work()
        entry = Forgetting.objects.get()
        assert worlds.uses(entry) == {documents[1].sha256: (Use.TRAINING,)}
        assert entry.replacement is not None
        assert (entry.replacement.name, entry.replacement.seed) == ("first-forgets-1", 7)
        assert {item.document for item in entry.replacement.snapshot.documents} == {
            documents[number].pk for number in (0, 2, 3)
        }
        assert files(old).exists()
        new = worlds.train(entry)
        worlds.work()
        entry.refresh_from_db()
        old.refresh_from_db()
        assert (entry.state, entry.promoted) == (State.DONE, True)
        assert registry.serving(project) == new
        assert not files(old).exists()
        assert old.forgotten is not None
        assert entry.files_deleted is not None
        assert verify(project).clean

    def test_the_evidence_names_both_snapshots(self, project: Project) -> None:
        documents = worlds.labelled(project, 4)
        old = worlds.trained(project, "first")
        worlds.delete(documents[1])
        worlds.work()
        worlds.train(Forgetting.objects.get())
        worlds.work()
        [told] = evidence.of(project).to_json()["entries"]
        assert told["snapshot"] == {"sha256": old.run.snapshot.sha256, "documents": 4}
        assert told["successor"]["snapshot"]["documents"] == 3
        assert told["successor"]["snapshot"]["sha256"] != told["snapshot"]["sha256"]
        assert told["documents"] == [{"sha256": documents[1].sha256, "uses": ["training"]}]
        assert told["files_deleted"]

    def test_an_owner_decides_where_the_check_is_not_passed(self, project: Project, client: object) -> None:
        documents = worlds.labelled(project, 4)
        old = worlds.trained(project, "first", serving=True)
        worlds.delete(documents[0])
        worlds.work()
        entry = Forgetting.objects.get()
        new = worlds.train(entry)
        worlds.work()
        entry.refresh_from_db()
        assert entry.state == State.DECISION  # the files of these models cannot be read
        assert files(old).exists()
        worlds.work()
        assert registry.serving(project) == old
        registry.promote(new)
        worlds.work()
        entry.refresh_from_db()
        assert entry.state == State.DONE
        assert not files(old).exists()

    def test_no_model_that_forgot_comes_back(self, project: Project) -> None:
        documents = worlds.labelled(project, 4)
        old = worlds.trained(project, "first", serving=True)
        worlds.trained(project, "second", serving=True)
        worlds.delete(documents[0])
        worlds.work()
        worlds.train(Forgetting.objects.get(run=old.run))
        worlds.work()
        assert registry.previous(project) is None
        with pytest.raises(Conflict, match="its files are gone"):
            registry.promote(ModelVersion.objects.get(pk=old.pk))

    def test_several_deletions_are_one_training(self, project: Project) -> None:
        documents = worlds.labelled(project, 5)
        worlds.trained(project, "first")
        worlds.delete(documents[0])
        deletions.settle()
        worlds.delete(documents[1])
        worlds.work()
        entry = Forgetting.objects.get()
        assert set(worlds.uses(entry)) == {documents[0].sha256, documents[1].sha256}
        assert TrainingRun.objects.count() == 2

    def test_what_is_deleted_during_the_training_is_owed_by_the_new_model(self, project: Project) -> None:
        documents = worlds.labelled(project, 5)
        old = worlds.trained(project, "first")
        worlds.delete(documents[0])
        worlds.work()
        first = Forgetting.objects.get()
        assert first.replacement is not None
        TrainingRun.objects.filter(pk=first.replacement.pk).update(read_after=Deletion.objects.latest("pk").pk)
        worlds.delete(documents[1])
        worlds.work()
        assert Forgetting.objects.filter(run=old.run, state=State.OWED).exists()
        new = worlds.train(first)
        worlds.work()
        assert set(Forgetting.objects.filter(run=old.run).values_list("state", flat=True)) == {State.DONE}
        again = Forgetting.objects.get(run=new.run)
        assert worlds.uses(again) == {documents[1].sha256: (Use.TRAINING,)}
        worlds.work()
        worlds.train(again)
        worlds.work()
        assert TrainingRun.objects.filter(name="first-forgets-2").exists()
        assert not files(new).exists()
        assert verify(project).clean

    def test_versions_that_do_not_serve_may_go_without_a_successor(self, project: Project) -> None:
        worlds.choose(project, versions=Retention.Versions.SERVING)
        documents = worlds.labelled(project, 4)
        aside = worlds.trained(project, "aside")
        worlds.trained(project, "serves", serving=True)
        worlds.delete(documents[0])
        worlds.work()
        states = {entry.run.name: entry.state for entry in Forgetting.objects.all()}
        assert states == {"aside": State.NOT_NEEDED, "serves": State.RUNNING}
        assert not files(aside).exists()

    def test_a_canary_ends_with_the_files_of_its_candidate(
        self, project: Project, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Which is trained again, although it does not serve."""
        monkeypatch.setattr(registry, "is_usable", lambda model: True)
        worlds.choose(project, versions=Retention.Versions.SERVING)
        documents = worlds.labelled(project, 4)
        worlds.trained(project, "serves", serving=True)
        candidate = worlds.trained(project, "candidate")
        canary = lifecycle.start(candidate, Wanted())
        worlds.delete(documents[0])
        worlds.work()
        entry = Forgetting.objects.get(run=candidate.run)
        canary.refresh_from_db()
        assert canary.running
        worlds.train(entry)
        worlds.work()
        canary.refresh_from_db()
        assert (canary.state, canary.ending) == ("stopped", "gone")
        assert not files(candidate).exists()
        candidate.refresh_from_db()
        with pytest.raises(Conflict):
            lifecycle.start(candidate, Wanted())
        told = AuditEntry.objects.filter(action__in=("canary_started", "canary_ended", "model_deleted"))
        assert {row.action for row in told} == {"canary_started", "canary_ended", "model_deleted"}

    def test_a_canary_ends_where_the_serving_model_is_removed(
        self, project: Project, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(registry, "is_usable", lambda model: True)
        documents = worlds.labelled(project, 4)
        serving = worlds.trained(project, "serves", serving=True)
        worlds.choose(project, when=Retention.When.BY_HAND)
        worlds.delete(documents[0])
        worlds.work()
        canary = lifecycle.start(worlds.trained(project, "candidate"), Wanted())
        work.remove(Forgetting.objects.get(run=serving.run))
        canary.refresh_from_db()
        assert (canary.state, canary.ending) == ("stopped", "gone")

    def test_an_unfinished_training_loses_its_checkpoints(self, project: Project) -> None:
        documents = worlds.labelled(project, 4)
        run = training_runs.start(project, name="broken", config=worlds.TINY)
        Job.objects.filter(pk=run.job_id).update(state=Job.State.FAILED)
        TrainingRun.objects.filter(pk=run.pk).update(read_after=0)
        kept = storage.path(run.folder) / "checkpoint" / "weights"
        kept.parent.mkdir(parents=True)
        kept.write_bytes(b"learned")
        worlds.delete(documents[0])
        worlds.work()
        assert Forgetting.objects.get().state == State.NOT_NEEDED
        assert not kept.exists()
        run.refresh_from_db()
        assert run.read_after is None

    def test_a_training_that_goes_on_is_waited_for(self, project: Project) -> None:
        documents = worlds.labelled(project, 4)
        run = training_runs.start(project, name="first", config=worlds.TINY)
        TrainingRun.objects.filter(pk=run.pk).update(read_after=0)
        worlds.delete(documents[0])
        worlds.work()
        assert Forgetting.objects.get().state == State.OWED
        worlds.modelled(TrainingRun.objects.get(pk=run.pk))
        worlds.work()
        assert Forgetting.objects.get().state == State.RUNNING

    def test_nothing_is_left_to_learn_from(self, project: Project) -> None:
        documents = worlds.labelled(project, 2)
        serving = worlds.trained(project, "serves", serving=True)
        worlds.delete(*documents)
        worlds.work()
        entry = Forgetting.objects.get()
        assert (entry.state, entry.due) == (State.OWED, None)
        assert entry.problem
        assert files(serving).exists()
        work.remove(due.find(project, entry.pk))
        entry.refresh_from_db()
        assert entry.state == State.NOT_NEEDED
        assert registry.serving(project) is None
        assert not files(serving).exists()

    def test_nothing_begins_by_itself_where_an_owner_starts_it(self, project: Project) -> None:
        worlds.choose(project, when=Retention.When.BY_HAND)
        documents = worlds.labelled(project, 4)
        worlds.trained(project, "first")
        worlds.delete(documents[0])
        worlds.work()
        assert Forgetting.objects.get().state == State.OWED
        assert due.start(project) == 1
        worlds.work()
        assert Forgetting.objects.get().state == State.RUNNING

    def test_a_deleted_project_takes_everything_along(self, project: Project) -> None:
        documents = worlds.labelled(project, 4)
        worlds.trained(project, "first", serving=True)
        worlds.delete(documents[0])
        worlds.work()
        projects.delete(project)
        worlds.work()
        assert not Forgetting.objects.exists()
        assert not Deletion.objects.exists()


class TestInterruptions:
    def test_a_kill_after_the_model_was_given_up(self, project: Project) -> None:
        documents = worlds.labelled(project, 4)
        old = worlds.trained(project, "first")
        worlds.delete(documents[0])
        worlds.work()
        worlds.train(Forgetting.objects.get())
        registry.give_up(old)
        worlds.work()
        assert Forgetting.objects.get().state == State.DONE
        assert not files(old).exists()

    def test_a_kill_after_the_promotion(self, project: Project) -> None:
        documents = worlds.labelled(project, 4)
        old = worlds.trained(project, "first", serving=True)
        worlds.delete(documents[0])
        worlds.work()
        registry.promote(worlds.train(Forgetting.objects.get()))
        worlds.work()
        assert Forgetting.objects.get().state == State.DONE
        assert not files(old).exists()

    def test_a_step_that_is_repeated_changes_nothing(self, project: Project) -> None:
        documents = worlds.labelled(project, 4)
        worlds.trained(project, "first")
        worlds.delete(documents[0])
        for _ in range(3):
            worlds.work()
            deletions.settle()
        assert Forgetting.objects.count() == 1
        assert TrainingRun.objects.count() == 2

    def test_a_training_that_fails_is_owed_again(self, project: Project) -> None:
        documents = worlds.labelled(project, 4)
        worlds.trained(project, "first")
        worlds.delete(documents[0])
        worlds.work()
        entry = Forgetting.objects.get()
        queue.cancel(entry.replacement.job)  # type: ignore[union-attr]
        worlds.work()
        entry.refresh_from_db()
        assert entry.state == State.OWED
        assert entry.due == settings.next_night()

    def test_an_old_model_that_was_promoted_meanwhile_stays_until_the_check(self, project: Project) -> None:
        documents = worlds.labelled(project, 4)
        old = worlds.trained(project, "first")
        worlds.delete(documents[0])
        worlds.work()
        registry.promote(old)
        worlds.train(Forgetting.objects.get())
        worlds.work()
        assert Forgetting.objects.get().state == State.DECISION
        assert files(old).exists()


def test_automation_does_not_count_from_a_run_that_forgets(project: Project) -> None:
    documents = worlds.labelled(project, 4)
    first = worlds.trained(project, "first")
    worlds.delete(documents[0])
    worlds.work()
    since = counting.last_run(project)
    assert since == first.run
    assert Automation.objects.count() == 0


def test_what_is_owed_is_found_by_a_look_through_everything(project: Project) -> None:
    documents = worlds.labelled(project, 4)
    worlds.trained(project, "first")
    worlds.delete(documents[0])
    deletions.settle()
    found = verify(project)
    [document] = found.documents
    assert not found.clean
    assert [(left.place, left.names) for left in document.left] == [(Place.MODELS, ("first",))]
