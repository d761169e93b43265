"""The contract: what the OpenAPI document says, that a change of it shows, and that every answer keeps to it."""

import json
from collections import Counter
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any, get_args

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, settings
from ninja import Schema
from pytest_django.fixtures import Settings
from schemathesis.checks import load_all_checks, not_a_server_error
from schemathesis.specs.openapi import checks

from extraction.models import Project, Scope, Source, User
from extraction.services.labels import store
from extraction.services.projects import tokens
from extraction.services.reports.export.registry import PROJECT_EXPORTERS
from tests.support import builders
from tests.support.programs import ROOT, model

pytestmark = pytest.mark.django_db

JSON = "application/json"
EXPORTED = {exporter.media_type.partition(";")[0] for exporter in PROJECT_EXPORTERS.values()}
FILES = ("export_labels", "export_answers", "export_report", "export_findings", "batch_results")
SNAPSHOT = Path(__file__).parent / "openapi.json"
RENEW = (
    "manage.py export_openapi_schema --api extraction.api.api.api --indent 2 --sorted --output tests/api/openapi.json"
)


def test_the_contract_is_the_one_that_was_agreed(client: Client) -> None:
    agreed = json.loads(SNAPSHOT.read_text())
    assert client.get(f"{ROOT}/openapi.json").json() == agreed, f"If it was meant to change: {RENEW}"


def test_it_is_openapi_3_1_and_every_refusal_is_a_problem(client: Client) -> None:
    document = client.get(f"{ROOT}/openapi.json").json()
    assert document["openapi"].startswith("3.1.")
    for methods in document["paths"].values():
        for operation in methods.values():
            for status, response in operation["responses"].items():
                kinds = set(response.get("content", {}))
                fitting = {JSON, *EXPORTED} if operation["operationId"] in FILES else {JSON}
                assert kinds <= {"204": set()}.get(status, {"application/problem+json"} if status >= "400" else fitting)
                assert kinds or status == "204"


def test_no_two_schemas_share_a_name() -> None:
    """The document keeps one schema of each name, whatever the other one was."""
    schemas = [kind for kind in Schema.__subclasses__() if kind.__module__.startswith("extraction.api")]
    parts = {part for kind in schemas for field in kind.model_fields.values() for part in named(field.annotation)}
    names = Counter(kind.__name__ for kind in {*schemas, *parts})
    assert [name for name, number in names.items() if number > 1] == []


def named(annotation: Any) -> set[type]:
    """The enums and schemas that a type is made of."""
    if isinstance(annotation, type) and issubclass(annotation, (Enum, Schema)):
        return {annotation}
    return {part for argument in get_args(annotation) for part in named(argument)}


def test_the_page_to_browse_it_loads_nothing_from_elsewhere(client: Client) -> None:
    text = client.get(f"{ROOT}/docs").content.decode()
    assert f'data-openapi="{ROOT}/openapi.json"' in text
    assert "<script>" not in text
    assert "https://" not in text


CONTRACT = schemathesis.openapi.from_wsgi(
    f"{ROOT}/openapi.json",
    get_wsgi_application(),
    config=schemathesis.Config.from_dict(
        {
            "seed": 20,
            "parameters": {"path.slug": "slips"},
            "headers": {"Authorization": "Bearer kd_schemathesis"},
            "generation": {"max-examples": 15, "deterministic": True, "database": "none"},
        }
    ),
)
load_all_checks()
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
    checks.unsupported_method,
    checks.allow_header_conformance,
]


@pytest.fixture
def _one_connection() -> Iterator[None]:
    """Calls share the test's connection and its transaction, as those of Django's own client do."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def _world(
    _one_connection: None, project: Project, owner: User, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A project with one of everything, and the token that the calls come with."""
    settings.KD_API_RATE = (10**6, 60)
    store.write(builders.document(project), "total", "3.30", source=Source.TEACHER, teacher="rules")
    model(project, "first", "production")
    monkeypatch.setattr("secrets.token_urlsafe", lambda length: "schemathesis")
    tokens.create(project, owner, name="schemathesis", scopes=Scope.values)


@CONTRACT.parametrize()
@settings(deadline=None, suppress_health_check=list(HealthCheck))
@pytest.mark.usefixtures("_world")
def test_every_answer_keeps_to_the_contract(case: Any) -> None:
    case.call_and_validate(checks=CHECKS)
