"""Who may call what: every call of the OpenAPI document, asked for as everybody.

A call that is new must be given a row in `ACCESS`, or the first test fails.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from extraction.api.api import api
from extraction.api.urls import urlpatterns
from extraction.models import ApiToken, Extraction, Project, Report, Role, Scope, User
from extraction.services.projects import projects, tokens
from tests.support import builders
from tests.support.programs import model

pytestmark = pytest.mark.django_db

VIEWER, REVIEWER, OWNER = Role.VIEWER, Role.REVIEWER, Role.OWNER
# Operation → the scope that it needs, and the smallest role of the person behind the token.
ACCESS = {
    "extract": (Scope.EXTRACT, VIEWER),
    "extraction": (Scope.EXTRACT, VIEWER),
    "delete_extraction": (Scope.EXTRACT, VIEWER),
    "upload_documents": (Scope.UPLOAD, REVIEWER),
    "list_documents": (Scope.READ, VIEWER),
    "document": (Scope.READ, VIEWER),
    "document_labels": (Scope.READ, VIEWER),
    "list_models": (Scope.READ, VIEWER),
    "promote_model": (Scope.MANAGE, OWNER),
    "start_training": (Scope.MANAGE, OWNER),
    "training_run": (Scope.READ, VIEWER),
    "list_reports": (Scope.READ, VIEWER),
    "report": (Scope.READ, VIEWER),
    "export_labels": (Scope.READ, VIEWER),
    "export_report": (Scope.READ, VIEWER),
}
POWER = {VIEWER: 0, REVIEWER: 1, OWNER: 2}
DOCUMENT = json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/v1/")))
OPERATIONS = {
    operation["operationId"]: (method, path, operation)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
}
LET_IN = (200, 202, 204, 409, 422)


def test_every_call_has_a_rule_and_the_document_says_it() -> None:
    assert set(OPERATIONS) == set(ACCESS)
    said = {name: operation["security"] for name, (_, _, operation) in OPERATIONS.items()}
    assert said == {name: [{"Token": [scope.value]}] for name, (scope, _) in ACCESS.items()}


def test_every_url_is_in_the_document() -> None:
    routes = {re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", str(pattern.pattern)) for pattern in urlpatterns}
    described = {path.removeprefix("/api/v1/") for path in DOCUMENT["paths"]}
    assert routes - described == {"", "openapi.json", "docs"}


@dataclass(frozen=True)
class World:
    """A project with one of everything."""

    project: Project
    owner: User
    values: dict[str, dict[str, Any]]

    def call(self, name: str, headers: dict[str, str] | None = None, client: Client | None = None) -> HttpResponse:
        """To one call, with a body that fits; what it changes is taken back."""
        method, path, operation = OPERATIONS[name]
        given: dict[str, Any] = {"headers": headers or {}}
        content = next(iter(operation.get("requestBody", {}).get("content", {})), None)
        if content == "multipart/form-data":
            given["data"] = {"file": SimpleUploadedFile("a.jpg", b"no picture")}
        elif content == "application/json":
            given |= {"data": {"name": "new"}, "content_type": content}
        url = path.format(**self.values["*"] | self.values.get(name, {}))
        with transaction.atomic():
            response = getattr(client or Client(), method)(url, **given)
            transaction.set_rollback(True)
        return response  # type: ignore[no-any-return]

    def token(self, *, role: Role | None = None, scopes: tuple[str, ...] = tuple(Scope.values)) -> dict[str, str]:
        """Headers with a new token of a member, whose role is then another one."""
        person = builders.member(self.project, OWNER)
        _, token = tokens.create(self.project, person, name="test", scopes=scopes)
        if role is not None:
            projects.add_member(self.project, person, role)
        return {"Authorization": f"Bearer {token}"}


@pytest.fixture
def world(project: Project, owner: User) -> World:
    document = builders.document(project)
    version = model(project, "first", "production")
    extraction = Extraction.objects.create(project=project, model=version, name="a.jpg", sha256="0" * 64)
    report = Report.objects.create(project=project, value=builders.report_value().to_json())
    uuid = {"id": extraction.public_id}
    values: dict[str, dict[str, Any]] = {
        "*": {"slug": project.slug, "id": document.pk, "name": "first"},
        "extraction": uuid,
        "delete_extraction": uuid,
        "training_run": {"id": version.run_id},
        "report": {"id": report.pk},
        "export_report": {"id": report.pk},
    }
    return World(project, owner, values)


@pytest.mark.parametrize("name", ACCESS)
def test_each_role_may_call_what_it_may_do(world: World, name: str) -> None:
    needed = ACCESS[name][1]
    for role in Role:
        status = world.call(name, world.token(role=role)).status_code
        assert status in LET_IN if POWER[role] >= POWER[needed] else status == 403, role


@pytest.mark.parametrize("name", ACCESS)
def test_each_scope_opens_its_calls_only(world: World, name: str) -> None:
    for scope in Scope:
        status = world.call(name, world.token(scopes=(scope,))).status_code
        assert status in LET_IN if scope == ACCESS[name][0] else status == 403, scope


@pytest.mark.parametrize("name", ACCESS)
def test_a_superuser_s_token_may_do_all(world: World, name: str, django_user_model: type[User]) -> None:
    root = builders.user()
    django_user_model.objects.filter(pk=root.pk).update(is_superuser=True)
    root.refresh_from_db()
    _, token = tokens.create(world.project, root, name="test", scopes=Scope.values)
    assert world.call(name, {"Authorization": f"Bearer {token}"}).status_code in LET_IN


@pytest.mark.parametrize("name", ACCESS)
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
