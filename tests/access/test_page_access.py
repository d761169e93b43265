"""Who may open which URL: every URL of the application, asked for as everybody.

A URL that is new must be given a row in `matrix.ACCESS`, or the first test fails.
"""

from __future__ import annotations

import re

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, reverse

from tests.access.answers import answers, guarded, login_asked, unshared
from tests.access.matrix import ACCESS, ALLOWED, OUTSIDE, PATTERNS, PEOPLE, REVIEWER, World
from tests.support import builders

pytestmark = pytest.mark.django_db


def of_project(pattern: URLPattern) -> bool:
    return "slug" in pattern.pattern.converters


def test_every_url_has_a_rule() -> None:
    assert {name for name, pattern in PATTERNS.items() if of_project(pattern)} == set(ACCESS)
    assert {name for name, pattern in PATTERNS.items() if not of_project(pattern)} == set(OUTSIDE)


@pytest.mark.parametrize("name", ACCESS)
def test_each_role_opens_what_it_may(world: World, name: str) -> None:
    for person in PEOPLE:
        client = Client()
        world.log_in(client, person)
        for method, response in answers(client, world.url(name)).items():
            assert response.status_code in expected(name, method, person), (person, method)
            assert not login_asked(response), (person, method)
            assert guarded(response), (person, method)
            assert unshared(name, response), (person, method)


def expected(name: str, method: str, person: str) -> tuple[int, ...]:
    needed = getattr(ACCESS[name], method)
    if needed is None:
        return (403, 404, 405)
    if person == "stranger":
        return (404,)
    if needed not in ALLOWED[PEOPLE[person]]:
        return (403,)
    return (200, 204, 302, 400, 409)


@pytest.mark.parametrize("name", ACCESS)
def test_nobody_comes_in_without_a_login(client: Client, world: World, name: str) -> None:
    for response in answers(client, world.url(name)).values():
        assert login_asked(response) or response.status_code == 405


@pytest.mark.parametrize("name", ACCESS)
def test_what_writes_wants_a_token(world: World, name: str) -> None:
    client = Client(enforce_csrf_checks=True)
    world.log_in(client, "superuser")
    if ACCESS[name].write is not None:
        assert client.post(world.url(name)).status_code == 403


def test_a_project_that_is_not_there_looks_like_one_that_is_hidden(client: Client, world: World) -> None:
    world.log_in(client, "stranger")
    hidden = client.get(world.url("project"))
    missing = client.get(reverse("project", args=["no-such-project"]))
    assert hidden.status_code == missing.status_code == 404
    assert without_token(hidden) == without_token(missing)


def without_token(response: HttpResponse) -> str:
    return re.sub(r'(value="|X-CSRFToken": ")\w{64}', "", response.content.decode())


def test_a_document_of_another_project_is_not_found(client: Client, world: World) -> None:
    other = builders.project("other", owner=world.people["owner"])
    world.log_in(client, "owner")
    pk = world.values["*"]["pk"]
    for name in ("document", "original", "document_delete"):
        url = reverse(name, args=[other.slug, pk])
        assert 404 in (client.get(url).status_code, client.post(url).status_code)
    assert client.get(reverse("page_image", args=[other.slug, pk, 0])).status_code == 404


def test_a_refusal_names_who_could_change_it(client: Client, world: World) -> None:
    """A project's page its owners, a page of the installation its administrators."""
    world.log_in(client, "viewer")
    for name in [name for name, rule in ACCESS.items() if rule.read == REVIEWER]:
        refused = client.get(world.url(name))
        assert "An owner of the project" in refused.content.decode()
    for url in (reverse("status"), reverse("admin:index")):
        page = client.get(url).content.decode()
        assert "administrator of the installation" in page
        assert "owner of the project" not in page.lower()
