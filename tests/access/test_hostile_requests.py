"""Hostile numbers and bodies at every URL: a refusal, never a failure."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from extraction.models import Label
from tests.access.matrix import ACCESS, PATTERNS, World
from tests.support import hostile

pytestmark = pytest.mark.django_db
HUGE = 99_999_999_999_999_999_999
JSON = [
    "[" * 100_000,
    '{"field":' * 100_000,
    "9" * 5000,
    "\xff",
    "[]",
    '"\\ud800"',
]
TOML = ["x = " + "[" * 9_000, "x = " + "9" * 15_000, ".".join(["a"] * 29_000) + " = 1", "x = 2026-99-99"]
READERS = ("review_save", "review_accept", "review_reject", "review_undo")


@pytest.fixture
def owner(world: World) -> Client:
    client = Client(raise_request_exception=False)
    world.log_in(client, "owner")
    return client


@pytest.mark.parametrize("name", [name for name in ACCESS if set(PATTERNS[name].pattern.converters) - {"slug"}])
def test_a_number_that_no_row_can_have_is_not_found(owner: Client, world: World, name: str) -> None:
    values = {**world.values["*"], **world.values.get(name, {})}
    converters = PATTERNS[name].pattern.converters
    for key, converter in converters.items():
        if type(converter).__name__ == "IntConverter":
            url = reverse(name, kwargs={each: HUGE if each == key else values[each] for each in converters})
            assert owner.get(url).status_code in (404, 405)
            assert owner.post(url).status_code in (404, 405)


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("body", JSON, ids=range(len(JSON)))
def test_hostile_json_is_refused(owner: Client, world: World, name: str, body: str) -> None:
    response = owner.post(
        world.url(name), body.encode("latin-1"), content_type="application/json", headers={"Accept": "application/json"}
    )
    assert response.status_code == 400
    assert json.loads(response.content)["error"].endswith(".")


@pytest.mark.parametrize("text", TOML, ids=range(len(TOML)))
@pytest.mark.parametrize(
    "send",
    [
        lambda client, world, text: client.post(world.url("fields"), {"toml": text}),
        lambda client, world, text: client.post(reverse("project_create"), {"name": "Other", "toml": text}),
        lambda client, world, text: client.post(
            world.url("training"), {"name": "second", "labels": "best", "minutes": 1, "seed": 0, "config": text}
        ),
    ],
)
def test_hostile_toml_is_refused(world: World, text: str, send: Callable[[Client, World, str], HttpResponse]) -> None:
    client = Client(raise_request_exception=False)
    world.log_in(client, "superuser")
    assert send(client, world, text).status_code == 400


@pytest.mark.parametrize("span", [[0, 0, 0, 10**25, None], [0, 0, 0, 0, -5], [0, 0, 0, 0, 10**25], [0, 0, 0, 2, 1]])
def test_a_place_outside_the_words_is_refused(owner: Client, world: World, span: list[int | None]) -> None:
    field = "total_amount"
    body = {"field": field, "value": "9.00", "spans": [span], "known": 0}
    response = owner.post(
        world.url("review_save"),
        json.dumps(body),
        content_type="application/json",
        headers={"Accept": "application/json"},
    )
    assert response.status_code == 400
    assert not Label.objects.filter(field=field, source="reviewer").exists()


@pytest.mark.parametrize(
    ("name", "honest"),
    [
        (
            "review_save",
            {"field": "total", "value": "9.00", "spans": [[0, 0, 0, 0, None]], "known": 0, "reading": "9.00"},
        ),
        ("review_accept", {"shown": {"total": 0}}),
        ("review_reject", {"reason": "Not a receipt."}),
        ("review_undo", {"what": "field", "changes": [{"field": "total", "label": 0, "known": 0}]}),
    ],
)
def test_no_value_in_the_json_of_a_decision_fails(
    owner: Client, world: World, name: str, honest: dict[str, Any]
) -> None:
    for body in replaced(honest):
        response = owner.post(
            world.url(name), json.dumps(body), content_type="application/json", headers={"Accept": "application/json"}
        )
        assert response.status_code < 500, str(body)[:200]
        if response.status_code >= 400:
            assert json.loads(response.content)["error"].endswith("."), str(body)[:200]


def replaced(value: Any) -> Iterator[Any]:
    """Hostile values in each place of `value`, and in the place of the whole."""
    yield from hostile.JSON.values()
    if isinstance(value, dict | list):
        for key in value if isinstance(value, dict) else range(len(value)):
            for part in replaced(value[key]):
                changed = value.copy()
                changed[key] = part
                yield changed
