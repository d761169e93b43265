"""The list of extractions: by state, batch and day, in parts, each answer as it is given alone."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from extraction.models import ModelVersion, Project, Scope, User
from extraction.services.projects import projects
from tests.serving.answers import worlds
from tests.support.programs import AUTHORISING, ROOT, Program, model

URL = f"{ROOT}/projects/slips/extractions"


@pytest.fixture
def version(project: Project) -> ModelVersion:
    return model(project, "first", "production")


def listed(caller: Client, **query: Any) -> list[str]:
    response = caller.get(URL, query)
    assert response.status_code == 200, response.content
    return [row["id"] for row in response.json()["results"]]


def test_an_answer_of_the_list_is_the_one_that_is_given_alone(caller: Client, version: ModelVersion) -> None:
    rows = [worlds.done(version), worlds.escalated(version), worlds.refused(version)]
    answers = caller.get(URL).json()
    alone = [caller.get(f"{ROOT}/extractions/{row.public_id}").json() for row in reversed(rows)]
    assert answers == {"results": alone, "next": None}
    both = answers["results"][1]
    assert (both["escalated"], both["usd"], both["fields"]["date"]["source"]) == ("done", 0.0031, "teacher")
    assert both["fields"]["date"]["doubtful"] is True


def test_it_is_narrowed_by_state_batch_and_day(caller: Client, version: ModelVersion) -> None:
    sent = worlds.batch(version)
    october = worlds.done(version, day="2026-10-31")
    first = worlds.done(version, day="2026-11-01", batch=sent, position=0)
    last = worlds.refused(version, day="2026-11-30")
    december = worlds.done(version, day="2026-12-01", state="queued")
    ids = {name: str(row.public_id) for name, row in locals().items() if hasattr(row, "fields")}
    assert listed(caller) == [ids[name] for name in ("december", "last", "first", "october")]
    assert listed(caller, state="failed") == [ids["last"]]
    assert listed(caller, state="queued") == [ids["december"]]
    assert listed(caller, batch=str(sent.public_id)) == [ids["first"]]
    assert listed(caller, since="2026-11-01", until="2026-11-30") == [ids["last"], ids["first"]]
    assert listed(caller, until="9999-12-31", state="done") == [ids["first"], ids["october"]]
    assert (october.name, first.name, last.name, december.name) == ("a.jpg",) * 4


def test_parts_follow_each_other(caller: Client, version: ModelVersion) -> None:
    rows = [str(worlds.done(version).public_id) for _ in range(3)]
    first = caller.get(URL, {"limit": 2}).json()
    rest = caller.get(URL, {"limit": 2, "cursor": first["next"]}).json()
    assert [row["id"] for row in (*first["results"], *rest["results"])] == rows[::-1]
    assert rest["next"] is None


@pytest.mark.parametrize("query", [{"state": "read"}, {"since": "1700000000"}, {"until": "yesterday"}, {"batch": "1"}])
def test_what_does_not_fit_is_refused(caller: Client, version: ModelVersion, query: dict[str, str]) -> None:
    assert caller.get(URL, query).status_code == 422


def test_a_batch_of_another_project_is_not_found(caller: Client, owner: User, version: ModelVersion) -> None:
    other = projects.create("other", version.project.schema, owner=owner)
    theirs = worlds.batch(model(other, "theirs"))
    worlds.done(theirs.model)
    assert listed(caller) == []
    assert caller.get(URL, {"batch": str(theirs.public_id)}).status_code == 404
    assert caller.get(URL, {"batch": str(uuid4())}).status_code == 404
    assert caller.get(URL.replace("slips", "other")).status_code == 404


def test_it_takes_the_scope_of_extractions(program: Program, version: ModelVersion) -> None:
    assert program(Scope.EXTRACT).get(URL).status_code == 200
    assert program(Scope.READ).get(URL).status_code == 403


def test_queries_do_not_grow(
    caller: Client, version: ModelVersion, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(9):
        worlds.escalated(version)
    with django_assert_max_num_queries(AUTHORISING + 2):
        assert len(listed(caller)) == 9
