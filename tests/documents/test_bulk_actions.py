"""Bulk actions: what each does to the selected documents and to no other, in a request and in a job."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from extraction.domain.progress import Cancelled, Silent
from extraction.models import Assignment, BulkRun, Document, Job, Label, Project, Role, Source, User
from extraction.services import storage
from extraction.services.documents.bulk import actions, runs
from extraction.services.documents.bulk.actions import BulkAction, BulkPage, Input, Values
from extraction.services.errors import Invalid
from extraction.services.jobs import execution
from extraction.services.labels import store
from tests.support import builders

pytestmark = pytest.mark.django_db


class Stamp(BulkAction):
    """Writes a text into the name; two documents fit into a request."""

    name = "stamp"
    title = "Stamp"
    role = Role.REVIEWER
    at_once = 2

    def inputs(self, project: Project) -> Sequence[Input]:
        return (Input("items", "Text"),)

    def check(self, project: Project, values: Values) -> Values:
        if not values.get("items"):
            raise Invalid("Type a text.")
        return {"items": values["items"]}

    def apply(self, documents: Sequence[Document], values: Values, actor: User) -> int:
        keys = [document.pk for document in documents]
        return Document.objects.filter(pk__in=keys).update(name=f"{values['items']} by {actor}")

    def outcome(self, changed: int, total: int, values: Values) -> str:
        return f"{changed} of {total} stamped {values['items']}."


@pytest.fixture
def stamp() -> Iterator[Stamp]:
    action = Stamp()
    actions.register(action)
    yield action
    actions.unregister(action.name)


@pytest.fixture
def project() -> Project:
    return builders.project("receipts")


@pytest.fixture
def owner(client: Client, project: Project) -> Client:
    client.force_login(builders.member(project, Role.OWNER))
    return client


def url(action: str, **query: Any) -> str:
    return reverse("documents_bulk", args=["receipts", action], query=query)


def confirm(client: Client, action: str, query: dict[str, Any], **values: str) -> Any:
    """Ask for the confirmation and send it as the page would."""
    page = client.get(url(action, **query))
    assert page.status_code == 200
    hidden: dict[str, list[str]] = {}
    for name, value in page.context["hidden"]:
        hidden.setdefault(name, []).append(value)
    return client.post(url(action), hidden | {f"value.{name}": value for name, value in values.items()})


def told(client: Client, response: Any) -> str:
    assert response.status_code == 302, response.content.decode()
    return client.get(response.headers["Location"]).content.decode()


def made(project: Project, count: int, **columns: str) -> list[Document]:
    rows = [builders.document(project) for _ in range(count)]
    Document.objects.filter(pk__in=[row.pk for row in rows]).update(**columns)
    return rows


def marks(rows: Sequence[Document]) -> dict[str, list[int]]:
    return {"pk": [row.pk for row in rows]}


class TestEveryAction:
    def test_is_known_and_offered_by_role(self, client: Client, project: Project) -> None:
        made(project, 1)
        offered = {}
        for role in Role:
            client.force_login(builders.member(project, role))
            offered[role] = [
                action.name for action in client.get(reverse("documents", args=["receipts"])).context["actions"]
            ]
        assert offered[Role.VIEWER] == offered[Role.AUDITOR] == []
        assert offered[Role.REVIEWER] == ["assign", "reject"]
        assert offered[Role.OWNER] == [action.name for action in actions.registered()]

    @pytest.mark.parametrize("name", ["assign", "move", "relabel", "reject", "delete"])
    def test_asks_for_its_role_on_the_server(self, client: Client, project: Project, name: str) -> None:
        rows, action = made(project, 1), actions.find(name)
        for role in Role:
            client.force_login(builders.member(project, role))
            allowed = role.includes(action.role)
            for response in (client.get(url(name, pk=rows[0].pk)), client.post(url(name), {"pk": rows[0].pk})):
                assert (response.status_code == 403) == (not allowed)
        assert project.documents.count() == 1

    @pytest.mark.parametrize("name", ["assign", "move", "reject", "delete"])
    def test_does_nothing_without_its_values_or_its_seal(self, owner: Client, project: Project, name: str) -> None:
        rows = made(project, 2)
        before = list(Document.objects.values())
        assert confirm(owner, name, marks(rows)).status_code == 400
        values = {"value.split": "test", "value.confirmation": "delete", "value.reason": "x", "value.user": "nobody"}
        assert owner.post(url(name), marks(rows) | values).status_code == 409
        assert owner.post(url(name), values).status_code == 400
        assert list(Document.objects.values()) == before

    def test_an_unknown_one_is_not_found(self, owner: Client, project: Project) -> None:
        assert owner.get(url("nothing", pk=1)).status_code == 404


def test_deleting_says_how_many_and_takes_files_and_labels(owner: Client, project: Project) -> None:
    rows, kept = [builders.pictured_document(project) for _ in range(2)], builders.pictured_document(project)
    folder = storage.document_folder(rows[0])
    folder.mkdir(parents=True)
    (folder / "original.jpg").write_bytes(b"content")
    page = owner.get(url("delete", **marks(rows))).content.decode()
    assert "Delete: 2 documents" in page
    assert "go for good" in page
    assert confirm(owner, "delete", marks(rows), confirmation="remove").status_code == 400
    assert project.documents.count() == 3
    assert "2 documents were deleted" in told(owner, confirm(owner, "delete", marks(rows), confirmation="delete"))
    assert list(project.documents.all()) == [kept]
    assert {label.document for label in Label.objects.all()} == {kept}
    assert not folder.exists()


def test_moving_changes_the_split_of_the_selected_alone(owner: Client, project: Project) -> None:
    train, test = made(project, 3, split="train"), made(project, 2, split="test")
    response = confirm(owner, "move", {"all": 1, "split": "train", "hits": 3}, split="validation")
    assert "3 documents are in split validation now." in told(owner, response)
    assert set(project.documents.filter(split="validation")) == set(train)
    assert set(project.documents.filter(split="test")) == set(test)


def test_assigning_and_taking_back(owner: Client, project: Project) -> None:
    rows, reviewer, viewer = (
        made(project, 2),
        builders.member(project, Role.REVIEWER),
        builders.member(project, Role.VIEWER),
    )
    for stranger in (viewer, builders.user()):
        assert confirm(owner, "assign", marks(rows), user=str(stranger.pk)).status_code == 400
    assert reviewer.username in told(owner, confirm(owner, "assign", marks(rows), user=str(reviewer.pk)))
    assert set(Assignment.objects.values_list("document", "user")) == {(row.pk, reviewer.pk) for row in rows}
    told(owner, confirm(owner, "assign", marks(rows[:1]), user="nobody"))
    assert [row.document for row in Assignment.objects.all()] == rows[1:]


def test_rejecting_leaves_accepted_documents(owner: Client, project: Project) -> None:
    rows = made(project, 2)
    accepted = made(project, 1, review="accepted")
    answer = told(owner, confirm(owner, "reject", marks(rows + accepted), reason="  not a   receipt "))
    assert "2 of 3 documents are rejected; the others are accepted" in answer
    assert set(project.documents.filter(review="rejected", rejection="not a receipt")) == set(rows)


def test_labelling_again_goes_to_the_teacher_with_the_selection(owner: Client, project: Project) -> None:
    rows = made(project, 2)
    response = owner.get(url("relabel", **marks(rows), search="receipt"))
    assert response.status_code == 302
    page = owner.get(response.headers["Location"])
    assert page.context["selected"].number == 2
    assert not BulkRun.objects.exists()


class TestSelection:
    """More than was selected is never changed."""

    def test_all_hits_are_those_of_the_filter(self, owner: Client, project: Project, stamp: Stamp) -> None:
        rows = made(project, 2)
        other = made(project, 2)
        for row in rows:
            store.write(row, "company", "Bean There", source=Source.TEACHER, teacher="rules", spans=())
        told(owner, confirm(owner, "stamp", {"all": 1, "search": "bean there", "hits": 2}, items="x"))
        assert set(project.documents.filter(name__startswith="x by")) == set(rows)
        assert not set(project.documents.filter(name__startswith="x by")) & set(other)

    def test_all_hits_beat_single_marks(self, owner: Client, project: Project, stamp: Stamp) -> None:
        rows = made(project, 2)
        page = owner.get(url("stamp", all=1, **marks(rows[:1])))
        assert page.context["number"] == 2

    @pytest.mark.parametrize("change", ["more", "fewer", "others"])
    def test_a_changed_number_of_hits_asks_again(
        self, owner: Client, project: Project, stamp: Stamp, change: str
    ) -> None:
        stamp.at_once = 10
        rows = made(project, 2)
        page = owner.get(url("stamp", all=1, state="ready", hits=2))
        sent = {**dict(page.context["hidden"]), "value.items": "x"}
        if change in ("fewer", "others"):
            Document.objects.filter(pk=rows[0].pk).update(state="failed")
        if change in ("more", "others"):
            made(project, 1)
        again = owner.post(url("stamp"), sent)
        assert again.status_code == 409
        assert "Look again" in again.context["notice"]
        assert not project.documents.filter(name__startswith="x by").exists()
        told(owner, owner.post(url("stamp"), {**dict(again.context["hidden"]), "value.items": "x"}))
        assert project.documents.filter(name__startswith="x by").count() == again.context["number"]

    def test_another_number_than_the_list_showed_is_told(self, owner: Client, project: Project, stamp: Stamp) -> None:
        made(project, 2)
        assert (
            "You selected 5 documents; meanwhile there are 2."
            in owner.get(url("stamp", all=1, hits=5)).context["notice"]
        )
        assert owner.get(url("stamp", all=1, hits=2)).context["notice"] == ""

    def test_documents_of_other_projects_cannot_be_selected(
        self, owner: Client, project: Project, stamp: Stamp
    ) -> None:
        own, foreign = made(project, 1), made(builders.project(), 1)
        assert owner.get(url("stamp", **marks(own + foreign))).context["number"] == 1
        assert owner.get(url("stamp", **marks(foreign))).status_code == 400

    @pytest.mark.parametrize("pk", ["", "x", "-1", "0", "²", "9" * 30, "\x00", "1.5"])
    def test_hostile_marks_select_nothing(self, owner: Client, project: Project, stamp: Stamp, pk: str) -> None:
        made(project, 1)
        assert owner.get(url("stamp", pk=pk)).status_code == 400
        assert owner.post(url("stamp"), {"pk": pk, "seal": pk, "value.items": "x"}).status_code == 400

    def test_the_list_comes_back_with_its_filter(self, owner: Client, project: Project, stamp: Stamp) -> None:
        rows = made(project, 1)
        response = confirm(owner, "stamp", {**marks(rows), "split": "train", "search": "a b"}, items="x")
        assert response.headers["Location"].endswith("documents/?split=train&search=a+b")


class TestRuns:
    def test_many_documents_become_a_job(self, owner: Client, project: Project, stamp: Stamp) -> None:
        made(project, 3)
        response = confirm(owner, "stamp", {"all": 1, "hits": 3}, items="keys")
        run = BulkRun.objects.get()
        assert "Waiting for a worker" in told(owner, response) or "No worker" in told(owner, response)
        assert not project.documents.filter(name__startswith="keys").exists()
        later = made(project, 1)
        assert run.job
        execution.run(run.job.pk)
        page = owner.get(response.headers["Location"], {"part": "bulk", "bulk": run.pk}, headers={"hx-request": "true"})
        assert "3 of 3 stamped keys." in page.content.decode()
        assert not project.documents.filter(pk=later[0].pk, name__startswith="keys").exists()

    def test_a_run_goes_on_where_it_was_interrupted(
        self, project: Project, stamp: Stamp, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(runs, "BATCH", 1)
        rows = made(project, 3)
        run = BulkRun.objects.create(
            project=project,
            action="stamp",
            values={"items": "x"},
            documents=[row.pk for row in rows],
            total=3,
            author=builders.member(project, Role.OWNER),
        )

        class Impatient(Silent):
            def cancelled(self) -> bool:
                return project.documents.filter(name__startswith="x by").count() == 2

        with pytest.raises(Cancelled):
            runs.run(run.pk, Impatient())
        run.refresh_from_db()
        assert (run.done, run.changed) == (2, 2)
        rows[2].delete()
        runs.run(run.pk, Silent())
        run.refresh_from_db()
        assert (run.done, run.changed, run.documents) == (3, 2, [])

    def test_a_run_of_somebody_who_is_gone_stops(self, project: Project, stamp: Stamp) -> None:
        rows = made(project, 1)
        run = BulkRun.objects.create(project=project, action="stamp", documents=[rows[0].pk], total=1)
        with pytest.raises(Invalid):
            runs.run(run.pk, Silent())

    def test_the_list_shows_no_runs_of_other_projects(self, owner: Client, project: Project, stamp: Stamp) -> None:
        other = builders.project()
        foreign = BulkRun.objects.create(project=other, action="stamp", values={"items": "secret"}, total=1)
        page = owner.get(reverse("documents", args=["receipts"], query={"bulk": foreign.pk}))
        assert "secret" not in page.content.decode()

    @pytest.mark.parametrize("name", ["move", "assign"])
    def test_quick_actions_take_the_same_queries_whatever_there_is(
        self, owner: Client, project: Project, name: str
    ) -> None:
        counts = []
        for more in (10, 90):
            made(project, more)
            page = owner.get(url(name, all=1))
            values = {**dict(page.context["hidden"]), "value.split": "test", "value.user": "nobody"}
            with CaptureQueriesContext(connection) as queries:
                assert owner.post(url(name), values).status_code == 302
            counts.append(len(queries))
        assert counts[0] == counts[1]


def test_a_page_action_is_one_registration(owner: Client, project: Project) -> None:
    rows = made(project, 1)
    actions.register(BulkPage("look", "Look", page="reports"))
    try:
        response = owner.get(url("look", **marks(rows)))
        assert response.headers["Location"].endswith(f"reports/?pk={rows[0].pk}")
        with pytest.raises(ValueError, match="taken"):
            actions.register(BulkPage("look", "Look", page="reports"))
    finally:
        actions.unregister("look")
    assert Job.objects.count() == 0
