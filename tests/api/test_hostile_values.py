"""Values that no honest program sends, in every parameter of every call: a problem in a sentence, never a failure."""

import json
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from pytest_django.fixtures import Settings

from extraction.engines.student.registry import find
from tests.api.calls import OPERATIONS, World
from tests.support import hostile

pytestmark = pytest.mark.django_db
KINDS = ("application/json", "text/plain", "application/json; charset=none", "application/x-www-form-urlencoded")


class Caller:
    """Sends to one call as its owner, and finds no failure in the answer; what the call changes is taken back."""

    def __init__(self, world: World, name: str) -> None:
        self.method, self.path, self.operation = OPERATIONS[name]
        self.values = world.of(name)
        self.client = Client(raise_request_exception=False, headers=world.token())

    def send(
        self,
        body: bytes = b"",
        kind: str = "application/json",
        query: str = "",
        headers: dict[str, str] | None = None,
        **values: str,
    ) -> None:
        url = self.path.format(**self.values | values) + query
        with transaction.atomic():
            response = self.client.generic(self.method.upper(), url, body, kind, headers=headers)
            transaction.set_rollback(True)
        assert_refused_if_at_all(response, (self.method, url[:120], body[:80], kind[:80]))

    def parameters(self, place: str) -> list[str]:
        return [each["name"] for each in self.operation.get("parameters", []) if each["in"] == place]


def assert_refused_if_at_all(response: HttpResponse, sent: object) -> None:
    assert response.status_code < 500, sent
    if response.status_code >= 400:
        assert response.headers["Content-Type"].startswith("application/problem+json"), sent
        detail = json.loads(response.getvalue())["detail"]
        assert detail.endswith("."), sent
        assert "\n" not in detail, sent


@pytest.fixture
def caller(world: World, request: pytest.FixtureRequest, settings: Settings) -> Caller:
    settings.KD_API_RATE = (10**6, 60)
    return Caller(world, request.node.callspec.params["name"])


@pytest.mark.parametrize("name", OPERATIONS)
def test_no_path_and_no_query_fails_a_call(caller: Caller, name: str) -> None:
    for key in caller.parameters("path"):
        for text in (*(quote(hostile.TEXTS[which][:2000], safe="") for which in hostile.ALONE), *hostile.BYTES):
            caller.send(**{key: text})
    names = caller.parameters("query")
    for query in hostile.texts(names):
        caller.send(query="?" + urlencode(query))
    for encoded in hostile.BYTES if names else ():
        caller.send(query="?" + "&".join(f"{key}={encoded}" for key in names))
    for key in names:
        caller.send(query=f"?{key}=1&{key}=2")


@pytest.mark.parametrize("name", ["list_documents", "extract", "start_training"])
def test_no_header_fails_a_call(caller: Caller, name: str) -> None:
    for headers in hostile.headers():
        caller.send(headers=headers)
        caller.send(headers={key: value for key, value in headers.items() if key != "Authorization"})


@pytest.mark.parametrize("name", OPERATIONS)
def test_no_body_fails_a_call(caller: Caller, name: str) -> None:
    read = "requestBody" in caller.operation
    # A body that nobody asks for is taken apart by nobody.
    for body in hostile.BODIES.values() if read else (hostile.BODIES["no UTF-8"],):
        for kind in KINDS:
            caller.send(body, kind)
    every = hostile.multipart("file")
    for kind, body in every.values() if read else (every["no boundary"], every["many files"]):
        caller.send(body, kind)


@pytest.mark.parametrize(
    "name", [name for name, (_, _, each) in OPERATIONS.items() if "application/json" in str(each.get("requestBody"))]
)
def test_no_value_in_json_fails_a_call(caller: Caller, name: str) -> None:
    keys = ("name", "labels", "config", "minutes", "seed", "unknown")
    settings = [setting.name for setting in find("layout").settings] if name == "start_training" else []
    for value in hostile.JSON.values():
        bodies: list[Any] = [value, *({"name": "new", key: value} for key in keys)]
        bodies += [{"name": "new", "config": {key: value}} for key in (*settings, "unknown")]
        for body in bodies:
            caller.send(json.dumps(body).encode())
