"""Who may call what: every call of the OpenAPI document, asked for as everybody."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from extraction.api.urls import urlpatterns
from extraction.models import ApiToken, Role, Scope, User
from extraction.services.projects import projects, tokens
from tests.api.calls import ACCESS, ALLOWED, DOCUMENT, OPERATIONS, World
from tests.support import builders

pytestmark = pytest.mark.django_db
LET_IN = (200, 201, 202, 204, 409, 422)
# About the token that they come with, of whichever project.
OWN = ("own_token", "replace_own_token")


def test_every_call_has_a_rule_and_the_document_says_it() -> None:
    assert set(OPERATIONS) == set(ACCESS)
    said = {name: operation["security"] for name, (_, _, operation) in OPERATIONS.items()}
    assert said == {name: [{"Token": [scope.value] if scope else []}] for name, (scope, _) in ACCESS.items()}


def test_every_url_is_in_the_document() -> None:
    routes = {re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", str(pattern.pattern)) for pattern in urlpatterns}
    described = {path.removeprefix("/api/v1/") for path in DOCUMENT["paths"]}
    assert routes - described == {"", "openapi.json", "docs"}


@pytest.mark.parametrize("name", ACCESS)
def test_each_role_may_call_what_it_may_do(world: World, name: str) -> None:
    needed = ACCESS[name][1]
    for role in Role:
        status = world.call(name, world.token(role=role)).status_code
        assert status in LET_IN if needed in ALLOWED[role] else status == 403, role


@pytest.mark.parametrize("name", ACCESS)
def test_each_scope_opens_its_calls_only(world: World, name: str) -> None:
    for scope in Scope:
        status = world.call(name, world.token(scopes=(scope,))).status_code
        assert status in LET_IN if ACCESS[name][0] in (scope, None) else status == 403, scope


@pytest.mark.parametrize("name", ACCESS)
def test_a_superuser_s_token_may_do_all(world: World, name: str, django_user_model: type[User]) -> None:
    root = builders.user()
    django_user_model.objects.filter(pk=root.pk).update(is_superuser=True)
    root.refresh_from_db()
    _, token = tokens.create(world.project, root, name="test", scopes=Scope.values)
    assert world.call(name, {"Authorization": f"Bearer {token}"}).status_code in LET_IN


@pytest.mark.parametrize("name", [name for name in ACCESS if name not in OWN])
def test_a_token_of_another_project_finds_nothing(world: World, name: str) -> None:
    other = builders.project("other", owner=world.owner)
    _, token = tokens.create(other, world.owner, name="test", scopes=Scope.values)
    assert world.call(name, {"Authorization": f"Bearer {token}"}).status_code == 404


@pytest.mark.parametrize("name", ACCESS)
def test_nobody_else_comes_in(world: World, name: str, client: Client) -> None:
    revoked, left, inactive = world.token(), world.token(), world.token()
    held = list(ApiToken.objects.order_by("pk"))
    tokens.revoke(held[0])
    projects.remove_member(world.project, held[1].user)
    User.objects.filter(pk=held[2].user_id).update(is_active=False)
    client.force_login(world.owner)
    anonymous: dict[str, str] = {}
    for headers in (anonymous, revoked, left, inactive):
        assert world.call(name, headers).status_code == 401
        assert world.call(name, headers, client).status_code == 401


def test_the_document_and_its_page_are_open(client: Client) -> None:
    for path in ("openapi.json", "docs"):
        assert client.get(f"/api/v1/{path}").status_code == 200
