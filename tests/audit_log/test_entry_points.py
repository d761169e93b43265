"""The pages, the command and the call that show the audit log, and who acts where."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from extraction.models import AuditAction, AuditEntry, Project, Scope, User
from extraction.services.audit_log import chain, log
from extraction.services.documents.bulk import runs
from extraction.services.documents.bulk.selection import Chosen
from extraction.services.jobs import execution
from extraction.services.privacy.bulk.delete import DELETE
from extraction.services.projects import projects, tokens
from extraction.web.audit_log import pages
from tests.support import builders
from tests.support.commands import Command

pytestmark = pytest.mark.django_db
PAGE = "/projects/receipts/audit-log/"


@pytest.fixture
def ann() -> User:
    return builders.user("ann")


@pytest.fixture
def project(ann: User) -> Project:
    return builders.project("receipts", owner=ann)


@pytest.fixture
def page(client: Client, ann: User) -> Client:
    client.force_login(ann)
    return client


def streamed(response: Any) -> str:
    return b"".join(response.streaming_content).decode()


def actions(response: Any) -> list[str]:
    return [line.entry.action for line in response.context["lines"]]


class TestPage:
    def test_an_owner_sees_the_own_project_alone(self, page: Client, project: Project) -> None:
        builders.project("others", owner=builders.user())
        page.post("/projects/receipts/members/", {"name": builders.user("rita").username, "role": "viewer"})
        response = page.get(PAGE)
        assert actions(response) == ["member_added", "project_created"]
        text = response.content.decode()
        assert "rita" in text
        assert "others" not in text
        entry = response.context["lines"][0].entry
        assert (entry.actor, entry.door, entry.means) == ("ann", "page", "")

    def test_a_project_of_the_same_name_shows_nothing_of_the_one_before(self, page: Client, project: Project) -> None:
        owner = User.objects.get(username="ann")
        projects.delete(project)
        builders.project("receipts", owner=owner)
        assert actions(page.get(PAGE)) == ["project_created"]

    def test_it_is_filtered_and_comes_in_parts(
        self, page: Client, project: Project, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(pages, "LISTED", 2)
        for name in "abc":
            log.record(AuditAction.EXPORTED, project=project, name=name)
        log.record(AuditAction.MODEL_PROMOTED, project=project)
        first = page.get(PAGE, {"action": "exported"})
        assert [line.entry.name for line in first.context["lines"]] == ["c", "b"]
        second = page.get(f"{PAGE}?{first.context['older']}")
        assert [line.entry.name for line in second.context["lines"]] == ["a"]
        assert second.context["older"] == ""
        tomorrow = timezone.now().date() + timedelta(days=1)
        assert actions(page.get(PAGE, {"since": tomorrow.isoformat()})) == []
        assert len(actions(page.get(PAGE, {"until": tomorrow.isoformat()}))) == 2
        assert actions(page.get(PAGE, {"actor": "nobody"})) == []

    @pytest.mark.parametrize("query", ["action=nothing", "since=yesterday", "door=window", "actor=" + "x" * 200])
    def test_a_filter_that_cannot_be_meant_is_said(self, page: Client, project: Project, query: str) -> None:
        for address in (PAGE, f"{PAGE}export/csv/"):
            response = page.get(f"{address}?{query}")
            assert response.status_code == 400
            assert response.context["form"].errors

    def test_it_asks_the_database_as_often_for_many_entries(self, page: Client, project: Project) -> None:
        page.get(PAGE)
        with CaptureQueriesContext(connection) as few:
            page.get(PAGE)
        for _ in range(30):
            log.record(AuditAction.EXPORTED, project, project=project, changes={"format": "csv"})
        with CaptureQueriesContext(connection) as many:
            page.get(PAGE)
        assert len(many) == len(few)

    def test_administrators_see_all(self, client: Client, project: Project) -> None:
        boss = builders.user("boss")
        User.objects.filter(pk=boss.pk).update(is_superuser=True)
        client.force_login(boss)
        assert actions(client.get("/audit-log/"))[:2] == ["login", "project_created"]
        assert "receipts" in streamed(client.get("/audit-log/export/jsonl/"))

    def test_others_do_not_see_that_of_the_installation(self, page: Client, project: Project) -> None:
        assert page.get("/audit-log/").status_code == 403
        assert page.get("/audit-log/export/csv/").status_code == 403

    def test_it_is_downloaded_with_the_filter_and_that_is_an_entry(self, page: Client, project: Project) -> None:
        log.record(AuditAction.TOKEN_CREATED, project=project, name="=1+1")
        text = streamed(page.get(f"{PAGE}export/csv/", {"action": "token_created"}))
        [row] = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
        assert (row["action"], row["name"]) == ("token_created", "'=1+1")
        lines = [json.loads(line) for line in streamed(page.get(f"{PAGE}export/jsonl/")).splitlines()]
        assert [line["action"] for line in lines] == ["exported", "token_created", "project_created"]
        assert lines[0]["changes"] == {"audit_log": "csv"}
        assert page.get(f"{PAGE}export/pdf/").status_code == 404


def test_the_api_shows_it_to_tokens_that_manage(client: Client, project: Project, ann: User) -> None:
    row, token = tokens.create(project, ann, name="till", scopes=["manage", "read"])
    headers = {"Authorization": f"Bearer {token}"}
    client.get("/api/v1/projects/receipts/export", headers=headers)
    answer = client.get("/api/v1/projects/receipts/audit-log", {"limit": 1}, headers=headers).json()
    [entry] = answer["results"]
    assert (entry["action"], entry["door"], entry["actor"], entry["means"]) == ("exported", "api", "ann", str(row))
    older = {"cursor": answer["next"], "action": "project_created"}
    [entry] = client.get("/api/v1/projects/receipts/audit-log", older, headers=headers).json()["results"]
    assert entry["name"] == "receipts"
    assert client.get("/api/v1/projects/receipts/audit-log?since=x", headers=headers).status_code == 422
    _, reading = tokens.create(project, ann, name="other", scopes=[Scope.READ])
    headers = {"Authorization": f"Bearer {reading}"}
    assert client.get("/api/v1/projects/receipts/audit-log", headers=headers).status_code == 403


class TestCommand:
    def test_what_commands_do_has_their_name(self, command: Command, project: Project) -> None:
        assert command("create_user", "rita", "--project", "receipts", "--role", "viewer")[0] == 0
        code, found = command("audit_log", "receipts", "--limit", 1)
        [entry] = found["entries"]
        assert (code, entry["action"], entry["name"]) == (0, "member_added", "rita")
        assert (entry["door"], entry["means"], entry["actor_id"]) == ("command", "create_user", None)
        assert entry["actor"]

    def test_it_filters(self, command: Command, project: Project, ann: User) -> None:
        log.record(AuditAction.EXPORTED, project=project, by=ann)
        _, found = command("audit_log", "--action", "exported", "--actor", "ann")
        assert [entry["action"] for entry in found["entries"]] == ["exported"]
        assert command("audit_log", "nothing") == (2, "There is no project named 'nothing'.")

    def test_it_verifies(self, command: Command, project: Project) -> None:
        code, found = command("audit_log", "--verify")
        assert (code, found["verification"]["fault"]) == (0, None)
        digest = found["verification"]["digest"]
        assert digest == chain.verify().digest
        assert command("audit_log", "--verify", "--known", digest)[0] == 0
        code, found = command("audit_log", "--verify", "--known", "0" * 63 + "1")
        assert (code, found["verification"]["fault"]) == (1, "cut_off")
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE {AuditEntry._meta.db_table} SET actor = 'else'")
        code, found = command("audit_log", "--verify")
        assert (code, found["verification"]["fault"]) == (1, "changed")


def test_a_job_acts_for_who_started_it(project: Project, ann: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(DELETE, "at_once", 1)
    documents = [builders.document(project) for _ in range(2)]
    chosen = Chosen(tuple(row.pk for row in documents))
    row = runs.start(project, DELETE, chosen, {"confirmation": "delete"}, actor=ann)
    assert row.job is not None
    execution.run(row.job.pk)
    entries = AuditEntry.objects.filter(action="document_deleted")
    assert len(entries) == 2
    assert {(entry.actor, entry.door, entry.means) for entry in entries} == {("ann", "job", f"bulk {row.job.pk}")}
