"""Pages, commands and calls about retention and forgetting."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from extraction.models import Deletion, Document, Forgetting, ModelVersion, Project, Retention, Role, Scope, User
from extraction.services.privacy import deletions, settings
from extraction.services.privacy.forgetting import due
from extraction.services.projects import tokens
from extraction.services.serving import registry
from tests.privacy import worlds
from tests.support import builders
from tests.support.commands import Command

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> User:
    return builders.user()


@pytest.fixture
def project(owner: User) -> Project:
    held = builders.project("receipts", owner=owner)
    worlds.choose(held, when=Retention.When.BY_HAND)
    return held


@pytest.fixture
def page(client: Client, owner: User) -> Callable[..., Any]:
    """The answer of a page of the project, to a form where there is one."""
    client.force_login(owner)

    def answer(name: str, *more: object, form: dict[str, str] | None = None) -> Any:
        url = reverse(name, args=["receipts", *more])
        return client.get(url) if form is None else client.post(url, form)

    return answer


@pytest.fixture
def owing(project: Project) -> Forgetting:
    """A serving model that learned from a deleted document."""
    documents = worlds.labelled(project, 4)
    worlds.trained(project, "first", serving=True)
    worlds.delete(documents[0])
    deletions.settle()
    return Forgetting.objects.get()


class TestPages:
    def test_a_document_names_who_learned_from_it(self, project: Project, page: Callable[..., Any]) -> None:
        row = worlds.labelled(project, 4)[1]
        worlds.trained(project, "first", pretraining=[row.pk])
        shown = page("document", row.pk)
        assert len(shown.context["learners"]) == 1
        assert "first" in shown.context["learners"][0]

    def test_many_documents_name_who_learned_from_them(
        self, project: Project, page: Callable[..., Any], client: Client
    ) -> None:
        rows = worlds.labelled(project, 4)
        worlds.trained(project, "first")
        settings.hold_document(rows[0], True)
        marks = [("pk", str(row.pk)) for row in rows]
        shown = client.get(reverse("documents_bulk", args=["receipts", "delete"], query=marks))
        assert len(shown.context["consequences"]) == 2

    def test_an_owner_deletes_in_their_name(self, project: Project, page: Callable[..., Any], owner: User) -> None:
        row = builders.document(project)
        page("document_delete", row.pk, form={"confirmation": "delete"})
        assert Deletion.objects.get().author == owner

    def test_a_held_document_stays(self, project: Project, page: Callable[..., Any]) -> None:
        row = builders.document(project)
        page("document_hold", row.pk, form={"held": "yes"})
        assert page("document_delete", row.pk, form={"confirmation": "delete"}).status_code == 409
        assert Document.objects.filter(pk=row.pk, held=True).exists()
        page("document_hold", row.pk, form={"held": "no"})
        assert page("document_delete", row.pk, form={"confirmation": "delete"}).status_code == 302

    def test_periods_are_saved(self, project: Project, page: Callable[..., Any]) -> None:
        form = {"unreviewed": "90", "rejected": "", "documents": "", "answers": "7"}
        assert page("retention", form={**form, "when": "at_once", "versions": "serving"}).status_code == 302
        chosen = settings.of(project)
        assert (chosen.unreviewed, chosen.rejected, chosen.answers) == (90, None, 7)
        assert (chosen.when, chosen.versions) == (Retention.When.AT_ONCE, Retention.Versions.SERVING)
        assert page("retention", form={**form, "when": "never", "versions": "all"}).status_code == 400

    def test_a_project_is_held(self, project: Project, page: Callable[..., Any]) -> None:
        page("retention_hold", form={"held": "yes"})
        assert page("retention").context["plan"].held
        assert page("retention_hold", form={"held": "perhaps"}).status_code == 400

    def test_what_is_owed_is_begun(self, owing: Forgetting, page: Callable[..., Any]) -> None:
        assert page("forgetting").context["startable"]
        page("forgetting_start", form={})
        owing.refresh_from_db()
        assert owing.due is not None

    def test_a_model_is_removed_by_its_name(self, owing: Forgetting, page: Callable[..., Any]) -> None:
        assert page("forgetting_remove", owing.pk, form={"confirmation": "other"}).status_code == 400
        page("forgetting_remove", owing.pk, form={"confirmation": "first"})
        model = ModelVersion.objects.get(name="first")
        assert (model.folder, model.stage) == ("", ModelVersion.Stage.ARCHIVED)
        assert page("models").status_code == 200
        assert page("forgetting").status_code == 200

    def test_models_show_what_they_forget(self, owing: Forgetting, page: Callable[..., Any], client: Client) -> None:
        due.start(owing.project)
        worlds.work()
        new = worlds.train(owing)
        registry.promote(new)
        worlds.work()
        versions = {row.model.name: row for row in page("models").context["versions"]}
        assert [entry.run.name for entry in versions[new.name].model.run.replaces.all()] == ["first"]
        assert versions["first"].model.forgotten is not None
        shown = page("models").content.decode()
        assert f"promote-{versions['first'].model.pk}" not in shown

    def test_entries_cost_no_more_queries(self, project: Project, page: Callable[..., Any], owing: Forgetting) -> None:
        page("forgetting")
        with CaptureQueriesContext(connection) as one:
            page("forgetting")
        for name in ("second", "third"):
            model = worlds.trained(project, name)
            Forgetting.objects.create(project=project, run=model.run, documents=owing.documents)
        with CaptureQueriesContext(connection) as three:
            page("forgetting")
        assert len(three) == len(one)


class TestCommands:
    def test_what_is_owed(self, owing: Forgetting, command: Command) -> None:
        code, told = command("forget", "receipts")
        assert code == 0
        assert [(entry["model"], entry["state"]) for entry in told["entries"]] == [("first", "owed")]

    def test_people_read_it(self, owing: Forgetting, capsys: pytest.CaptureFixture[str]) -> None:
        for wanted in ("--list", "--now"):
            call_command("forget", "receipts", wanted)
            assert "first" in capsys.readouterr().out
        with pytest.raises(SystemExit):
            call_command("forget", "receipts", "--verify")
        assert "models 1 first" in capsys.readouterr().out
        call_command("retention", "receipts")
        assert "for ever" in capsys.readouterr().out

    def test_it_begins_now(self, owing: Forgetting, command: Command) -> None:
        command("forget", "receipts", "--now")
        owing.refresh_from_db()
        assert owing.due is not None

    def test_verification_fails_while_something_is_left(self, owing: Forgetting, command: Command) -> None:
        code, told = command("forget", "receipts", "--verify")
        assert (code, told["clean"]) == (1, False)
        assert told["documents"][0]["left"] == [{"place": "models", "number": 1, "names": ["first"]}]

    def test_a_document_is_named_before_it_goes(self, project: Project, command: Command) -> None:
        row = worlds.labelled(project, 4)[1]
        worlds.trained(project, "first")
        _, asked = command("forget", "receipts", "--document", row.sha256)
        assert (asked["deleted"], asked["learners"][0]["uses"]) == (False, ["training"])
        assert Document.objects.filter(pk=row.pk).exists()
        assert command("forget", "receipts", "--document", row.sha256, "--yes")[1]["deleted"]
        assert not Document.objects.filter(pk=row.pk).exists()
        assert command("forget", "receipts", "--document", row.sha256)[0] == 2

    def test_periods(self, project: Project, command: Command) -> None:
        _, told = command("retention", "receipts", "--rejected", "30", "--when", "nightly")
        assert (told["settings"]["rejected"], told["settings"]["when"]) == (30, "nightly")
        assert command("retention", "receipts", "--rejected", "ever")[1]["settings"]["rejected"] is None
        assert command("retention", "receipts", "--hold")[1]["held"]
        assert command("retention", "receipts", "--rejected", "0")[0] == 2
        assert not command("retention", "receipts", "--release", "--now")[1]["held"]


class TestCalls:
    @pytest.fixture
    def call(self, client: Client, project: Project) -> Callable[..., Any]:
        _, token = tokens.create(
            project, builders.member(project, Role.OWNER), name="test", scopes=[Scope.READ, Scope.MANAGE]
        )

        def answer(method: str, path: str, body: object = None) -> Any:
            given = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
            url = f"/api/v1/projects/receipts/{path}"
            return getattr(client, method)(url, headers={"Authorization": f"Bearer {token}"}, **given)

        return answer

    def test_a_document_goes_and_its_learners_are_named(self, project: Project, call: Callable[..., Any]) -> None:
        row = worlds.labelled(project, 4)[1]
        worlds.trained(project, "first")
        told = call("get", f"documents/{row.pk}/learners").json()
        assert told == {"learners": [{"name": "first", "model": True, "uses": ["training"]}]}
        assert call("put", f"documents/{row.pk}/hold", {"held": True}).status_code == 204
        assert call("delete", f"documents/{row.pk}").status_code == 409
        assert call("put", f"documents/{row.pk}/hold", {"held": False}).status_code == 204
        assert call("delete", f"documents/{row.pk}").status_code == 204
        assert call("delete", f"documents/{row.pk}").status_code == 404

    def test_periods_are_changed_one_by_one(self, project: Project, call: Callable[..., Any]) -> None:
        call("patch", "retention", {"rejected": 30})
        told = call("patch", "retention", {"unreviewed": 90, "held": True}).json()
        assert (told["settings"]["rejected"], told["settings"]["unreviewed"], told["held"]) == (30, 90, True)
        assert call("patch", "retention", {"rejected": 0}).status_code == 422
        assert call("patch", "retention", {"forever": 1}).status_code == 422

    def test_what_is_owed_is_told_and_begun(self, owing: Forgetting, call: Callable[..., Any]) -> None:
        assert call("get", "forgetting").json()["entries"][0]["model"] == "first"
        assert call("post", "forgetting/start").status_code == 202
        owing.refresh_from_db()
        assert owing.due is not None
