"""The second answer, documents for people, figures and verdict; killed and repeated at any place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from extraction.domain.canaries.verdicts import Rule
from extraction.domain.progress import Silent
from extraction.models import Canary, CanaryDocument, Document, Job, Label, ModelVersion, Project, Snapshot
from extraction.services.documents import intake
from extraction.services.errors import Invalid
from extraction.services.labels import store
from extraction.services.privacy import deletions
from extraction.services.privacy.forgetting.verify import verify
from extraction.services.projects import projects, schema_versions
from extraction.services.serving import registry
from extraction.services.serving.canaries import comparing, evidence, lifecycle
from tests.serving.canaries.worlds import Says, check, compared, kept, send, slip, work

pytestmark = pytest.mark.django_db


def differ(says: dict[str, Says]) -> None:
    """The candidate says something else for slips of even numbers."""
    says["second"] = lambda number: "1.00" if number % 2 else "2.00"


def test_both_versions_answer_each_document(
    project: Project, canary: Canary, says: dict[str, Says], data_dir: Path
) -> None:
    differ(says)
    for number in (1, 2, 3):
        send(project, number)
    assert len(kept(data_dir)) == 3
    assert Job.objects.filter(kind="canary").count() == 1
    found = work(canary).as_figures()
    assert (found.documents, found.differing, found.checked) == (3, 1, 0)
    assert not kept(data_dir)
    row = canary.compared.get(differs=True)
    assert row.document is not None
    assert (row.differing, row.document.origin, row.document.split) == (["total"], "canary", "train")
    assert row.candidate["total"]["value"] == "2.00"
    said = Label.objects.filter(document=row.document, source="student").values_list("teacher", "value")
    assert set(said) == {("first", "1.00"), ("second", "2.00")}


def test_of_documents_that_agree_nothing_is_kept(project: Project, canary: Canary) -> None:
    send(project, 1)
    work(canary)
    row = canary.compared.get()
    assert (row.name, row.file, row.pages, row.candidate, row.serving) == ("", "", None, None, None)
    assert None not in (row.candidate_ms, row.serving_ms)
    assert not project.documents.exists()


def test_of_documents_that_are_left_out_nothing_is_kept(project: Project, canary: Canary, data_dir: Path) -> None:
    send(project, 1)
    lifecycle.stop(project)
    work(canary)
    row = canary.compared.get()
    assert (row.state, row.name, row.file) == (CanaryDocument.State.LEFT_OUT, "", "")
    assert (row.pages, row.candidate, row.serving) == (None, None, None)
    assert not kept(data_dir)


@pytest.mark.parametrize("place", ["answer", "document", "settle", "drop"])
def test_a_kill_at_any_place_loses_and_doubles_nothing(
    project: Project,
    canary: Canary,
    says: dict[str, Says],
    data_dir: Path,
    monkeypatch: pytest.MonkeyPatch,
    place: str,
) -> None:
    class Killed(BaseException):
        pass

    differ(says)
    send(project, 2)
    name = {"answer": "_answer", "document": "_document", "settle": "_settle", "drop": "_drop_files"}[place]
    real = getattr(comparing, name)

    def kill(*arguments: Any, **named: Any) -> Any:
        real(*arguments, **named)
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(comparing, name, kill)
        with pytest.raises(Killed):
            comparing.run(canary.pk, Silent())
    comparing.run(canary.pk, Silent())
    comparing.run(canary.pk, Silent())
    row = canary.compared.get()
    assert (row.state, row.differs, row.document) == ("compared", True, project.documents.get())
    assert Label.objects.filter(source="student").count() == 2
    assert not kept(data_dir)


def test_a_version_that_fails_has_answered_nothing(project: Project, canary: Canary, says: dict[str, Says]) -> None:
    def fail(number: int) -> str:
        raise RuntimeError("torn weights")

    says["second"] = fail
    send(project, 1)
    found = work(canary)
    assert (found.failures, found.as_figures().differing) == (1, 1)
    check(canary.compared.get().document, "1.00")
    assert evidence.figures(canary).lead == pytest.approx(-1 / 5)


def test_a_serving_version_that_fails_says_nothing_about_the_candidate(
    project: Project, canary: Canary, says: dict[str, Says]
) -> None:
    send(project, 1)
    del says["first"]
    work(canary)
    assert canary.compared.get().state == "left_out"


def test_what_cannot_become_a_document_counts_as_the_worst(
    project: Project, canary: Canary, says: dict[str, Says], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*arguments: object, **named: object) -> None:
        raise Invalid("No.")

    differ(says)
    send(project, 2)
    monkeypatch.setattr(intake, "add_document", refuse)
    found = work(canary).as_figures()
    assert (found.documents, found.differing, found.checked, found.lead) == (1, 1, 0, None)
    assert evidence.unchecked(canary) == {}


def test_documents_that_a_version_learned_from_are_left_out(
    project: Project, canary: Canary, says: dict[str, Says], tmp_path: Path
) -> None:
    differ(says)
    send(project, 2)
    waiting = canary.compared.get()
    path = tmp_path / "2.pdf"
    path.write_bytes((comparing.storage.path(waiting.file)).read_bytes())
    document, _ = intake.add_document(project, "2.pdf", path, enqueue=False)
    Snapshot.objects.update(items=[{"document": document.pk, "part": "train", "labels": {}, "weight": 1.0}])
    work(canary)
    waiting.refresh_from_db()
    assert waiting.state == "left_out"


class TestVerdict:
    """Promoted where surely not worse, rolled back where surely worse, otherwise it goes on."""

    def decided(self, canary: Canary, **columns: object) -> Canary:
        Canary.objects.filter(pk=canary.pk).update(**columns)
        comparing.run(canary.pk, Silent())
        canary.refresh_from_db()
        return canary

    def test_not_worse(self, project: Project, canary: Canary) -> None:
        for row in compared(canary, 650, ("2.00", "3.00"), ("3.00", "2.00")):
            check(row.document, "2.00")
        assert self.decided(canary).state == "running"  # an offer, unless it was to promote by itself
        assert (self.decided(canary, promotes=True).state, canary.ending) == ("promoted", "not_worse")
        assert registry.serving(project) == canary.candidate
        assert project.promotions.get().author is None

    def test_too_few_documents(self, canary: Canary) -> None:
        compared(canary, 650)
        assert self.decided(canary, promotes=True, documents=651).state == "running"

    def test_what_nobody_checked_counts_against_it(self, canary: Canary) -> None:
        compared(canary, 0, *[("2.00", "3.00")] * 60)
        compared(canary, 650)
        assert self.decided(canary, promotes=True).state == "running"
        assert canary.as_figures().ci95[0] < -Rule().margin

    def test_failures_leave_it_to_a_person(self, canary: Canary) -> None:
        compared(canary, 700)
        assert self.decided(canary, promotes=True, failures=1).state == "running"

    def test_a_field_that_lost_much_leaves_it_to_a_person(self, canary: Canary) -> None:
        for row in compared(canary, 100, *[("9.99", "1.00")] * 6):
            check(row.document, "1.00")
        assert self.decided(canary, promotes=True, margin=0.2).state == "running"

    def test_worse(self, project: Project, canary: Canary) -> None:
        for row in compared(canary, 40, *[("9.99", "1.00")] * 60):
            check(row.document, "1.00")
        assert (self.decided(canary).state, canary.ending) == ("rolled_back", "worse")
        assert registry.serving(project) == canary.serving

    def test_figures(self, canary: Canary) -> None:
        rows = compared(canary, 8, ("2.00", "3.00"), ("3.00", "2.00"))
        check(rows[-2].document, "2.00")
        found = self.decided(canary).as_figures()
        assert (found.documents, found.differing, found.checked) == (10, 2, 1)
        assert found.lead == pytest.approx(0.2 / 5 * found.fields["total"].lead * 1, abs=1e-9)  # type: ignore[operator]
        assert found.fields["total"].candidate == 1
        assert found.expected == 0

    def test_a_rejected_document_counts_as_no_difference(self, canary: Canary) -> None:
        [row] = compared(canary, 0, ("2.00", "3.00"))
        Document.objects.filter(pk=row.document_id).update(review="rejected")
        assert evidence.figures(canary).checked == 1


def test_reviews_are_looked_at_by_themselves(canary: Canary, django_capture_on_commit_callbacks: Any) -> None:
    [row] = compared(canary, 0, ("2.00", "3.00"))
    work(canary)
    with django_capture_on_commit_callbacks(execute=True):
        check(row.document, "2.00")
    assert work(canary).as_figures().checked == 1


class TestEnding:
    """Whatever ends it, nothing of it is left waiting."""

    def test_what_waits_is_dropped(self, project: Project, canary: Canary, data_dir: Path) -> None:
        send(project, 1)
        lifecycle.stop(project)
        work(canary)
        row = canary.compared.get()
        assert (row.state, row.pages, kept(data_dir)) == ("left_out", None, [])

    def test_a_promotion_by_hand(self, project: Project, canary: Canary) -> None:
        registry.promote(canary.candidate)
        canary.refresh_from_db()
        assert (canary.state, canary.ending) == ("promoted", "person")

    def test_another_model_is_promoted(self, project: Project, canary: Canary) -> None:
        from tests.support.programs import model

        registry.promote(model(project, "third"))
        canary.refresh_from_db()
        assert (canary.state, canary.ending) == ("stopped", "overtaken")

    def test_the_candidate_is_deleted(self, project: Project, canary: Canary, candidate: ModelVersion) -> None:
        send(project, 1)
        candidate.delete()
        comparing.run(canary.pk, Silent())
        assert send(project, 2) == "first"

    def test_the_project_is_deleted(
        self, project: Project, canary: Canary, says: dict[str, Says], data_dir: Path
    ) -> None:
        differ(says)
        send(project, 2)
        work(canary)
        send(project, 4)
        projects.delete(project)
        comparing.run(canary.pk, Silent())
        assert not kept(data_dir)
        assert not CanaryDocument.objects.exists()

    def test_a_document_is_deleted_while_the_same_bytes_wait(
        self, project: Project, canary: Canary, says: dict[str, Says], data_dir: Path
    ) -> None:
        differ(says)
        send(project, 2)
        held = slip(2)
        document, _ = intake.add_document(project, "2.pdf", held)
        intake.delete(document)
        row = canary.compared.get()
        assert (row.state, row.name, row.pages, row.candidate, row.serving) == ("left_out", "", None, None, None)
        assert "canaries" in {left.place for left in verify(project).documents[0].left}
        deletions.settle()
        assert not kept(data_dir)
        assert verify(project).clean
        work(canary)
        assert not project.documents.exists()

    def test_a_document_is_deleted(self, project: Project, canary: Canary, says: dict[str, Says]) -> None:
        """What was read from it goes, too."""
        differ(says)
        send(project, 2)
        work(canary)
        intake.delete(project.documents.get())
        assert not canary.compared.exists()


class TestChangedFields:
    """Answers follow their fields, and go where these mean something else."""

    def test_a_renamed_field(self, project: Project, canary: Canary) -> None:
        [row] = compared(canary, 0, ("2.00", "3.00"))
        fields = project.schema.to_json()
        for field in fields["field"]:
            field["name"] = "sum" if field["name"] == "total" else field["name"]
        changed = type(project.schema).from_json(fields)
        schema_versions.change(project, changed, renames={"total": "sum"})
        project.refresh_from_db()
        store.write(Document.objects.get(pk=row.document_id), "sum", "2.00", source="reviewer")
        found = work(canary).as_figures()
        assert (found.checked, found.fields["sum"].candidate) == (1, 1)

    def test_another_meaning(self, project: Project, canary: Canary) -> None:
        compared(canary, 3, ("2.00", "3.00"))
        fields = project.schema.to_json()
        for field in fields["field"]:
            field["type"] = "text" if field["name"] == "total" else field["type"]
        schema_versions.change(project, type(project.schema).from_json(fields))
        assert work(canary).as_figures().documents == 0
