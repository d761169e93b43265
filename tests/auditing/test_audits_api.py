"""Audits for programs: runs, the policy, findings and decisions."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from extraction.models import Finding, Job, PolicyVersion, Project, Role, Scope
from extraction.services.projects import tokens
from tests.support import builders

pytestmark = pytest.mark.django_db


class Program:
    """A program with a token of all scopes."""

    def __init__(self, client: Client, project: Project) -> None:
        _, token = tokens.create(project, builders.member(project, Role.OWNER), name="erp", scopes=list(Scope.values))
        self.client, self.headers = client, {"Authorization": f"Bearer {token}"}

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> HttpResponse:
        address, given = f"/api/v1/projects/receipts/{path}", {"headers": self.headers}
        send = getattr(self.client, method)
        return send(address, body, content_type="application/json", **given) if body else send(address, **given)

    def get(self, path: str) -> Any:
        return self.call("get", path).json()


@pytest.fixture
def program(client: Client, project: Project) -> Program:
    return Program(client, project)


def test_a_run_is_started_once_and_found_again(program: Program, project: Project) -> None:
    assert program.call("post", "audits").status_code == 422
    builders.claim(project)
    first, second = program.call("post", "audits"), program.call("post", "audits")
    assert (first.status_code, first.json()["state"], second.json()["id"]) == (202, "queued", first.json()["id"])
    assert program.get("audits")["results"] == [program.get(f"audits/{first.json()['id']}")]
    assert program.call("get", "audits/999999").status_code == 404


def test_the_policy_goes_out_and_comes_back_in_versions(program: Program, project: Project) -> None:
    before = program.get("policy")
    assert before["version"] == 0
    changed = {**before["policy"], "tips": ["taxi"]}
    body = {"policy": changed, "seen": 0}
    assert program.call("put", "policy", body).json() == {"version": 1, "policy": changed}
    assert program.call("put", "policy", body).status_code == 409
    assert program.call("put", "policy", {"policy": changed}).json()["version"] == 1
    for wrong in ({"tips": "taxi"}, {"king": 1}, {"rates": [{"currency": "USD", "value": "1e50", "day": None}]}):
        assert program.call("put", "policy", {"policy": wrong}).status_code == 422
    assert PolicyVersion.objects.count() == 1
    assert not Job.objects.filter(project=project, kind="audit").exists()


def test_findings_are_listed_in_parts_and_narrowed(program: Program, project: Project) -> None:
    rows = [builders.finding(builders.claim(project, employee=who), at_risk=str(9 - n)) for n, who in enumerate("abc")]
    part = program.get("findings?limit=2")
    assert [each["id"] for each in part["results"]] == [rows[0].pk, rows[1].pk]
    assert [each["id"] for each in program.get(f"findings?limit=2&cursor={part['next']}")["results"]] == [rows[2].pk]
    assert [each["id"] for each in program.get("findings?employee=b")["results"]] == [rows[1].pk]
    assert program.get("findings?state=confirmed")["results"] == []
    for wrong in ("check=king", "state=king", "month=2018-13"):
        assert program.call("get", f"findings?{wrong}").status_code == 422
    assert len(program.call("get", "findings/export?format=csv").getvalue().decode().strip().splitlines()) == 4


def test_a_finding_is_decided_once_and_taken_back(program: Program, project: Project) -> None:
    row = builders.finding(builders.claim(project))
    path = f"findings/{row.pk}"
    assert program.call("post", f"{path}/decisions", {"kind": "dismissed"}).status_code == 422
    for _ in range(2):
        told = program.call("post", f"{path}/decisions", {"kind": "dismissed", "reason": "small"}).json()
        assert (told["finding"]["state"], len(told["decisions"])) == ("dismissed", 1)
    assert program.call("post", f"{path}/undo").json()["finding"]["state"] == "open"
    assert program.call("post", f"{path}/undo").status_code == 409
    Finding.objects.update(current=False)
    assert program.call("post", f"{path}/decisions", {"kind": "confirmed"}).status_code == 409
    assert program.get("findings/totals")["claims"] == 0
    elsewhere = builders.finding(builders.claim(builders.project("other")))
    assert program.call("get", f"findings/{elsewhere.pk}").status_code == 404
