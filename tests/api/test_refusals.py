"""What is refused, and how: one shape of answer whatever went wrong."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from extraction.models import ApiToken, Project, User
from extraction.services.documents import listing
from tests.support.programs import ROOT, Program, slip

URL = f"{ROOT}/projects/slips"


def problem(response: object, status: int) -> dict[str, object]:
    assert response.status_code == status  # type: ignore[attr-defined]
    assert response.headers["Content-Type"] == "application/problem+json"  # type: ignore[attr-defined]
    found: dict[str, object] = response.json()  # type: ignore[attr-defined]
    assert (found["type"], found["status"]) == ("about:blank", status)
    assert str(found["detail"]).endswith(".")
    return found


@pytest.mark.parametrize("path", ["", "/", "/nothing", "/projects/slips", "/projects/slips/documents/x", "/docs/x"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_there_is_nothing_at_other_addresses(caller: Client, path: str, method: str) -> None:
    if path:
        problem(getattr(caller, method)(ROOT + path), 404)


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "head"])
def test_other_methods_are_named(caller: Client, method: str) -> None:
    response = getattr(caller, method)(f"{URL}/documents")
    assert response.status_code == 405
    assert set(response.headers["Allow"].split(", ")) == {"GET", "POST"}
    assert response.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Bearer kd_nothing", "Basic a:b", "Bearer kd_\xe4\xf6"])
def test_without_a_valid_token_nobody_comes_in(client: Client, project: Project, header: str) -> None:
    response = client.get(f"{URL}/documents", headers={"Authorization": header})
    problem(response, 401)
    assert response.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_session_opens_nothing(client: Client, project: Project, owner: User) -> None:
    client.force_login(owner)
    problem(client.get(f"{URL}/documents"), 401)
    problem(client.post(f"{URL}/extract", {"file": slip()}), 401)


def test_programs_need_no_form_s_token(program: Program) -> None:
    client = program()
    client.handler.enforce_csrf_checks = True
    problem(client.post(f"{URL}/models/ghost/promote"), 404)


def test_a_revoked_token_opens_nothing(caller: Client) -> None:
    assert caller.get(f"{URL}/documents").status_code == 200
    ApiToken.objects.update(revoked=timezone.now())
    problem(caller.get(f"{URL}/documents"), 401)


def test_a_large_body_is_refused_before_it_is_read(caller: Client) -> None:
    for path, kind in (("extract", "multipart/form-data; boundary=x"), ("training-runs", "application/json")):
        response = caller.generic("POST", f"{URL}/{path}", b"", content_type=kind, CONTENT_LENGTH=str(2**40))
        assert "too large" in str(problem(response, 413)["detail"])


@pytest.mark.parametrize(
    ("path", "kind", "body"),
    [
        ("extract", "multipart/form-data", b"no boundary"),
        ("training-runs", "application/json", b"{"),
        ("training-runs", "application/json", b"\xff\xfe"),
    ],
)
def test_a_body_that_cannot_be_read_is_refused(caller: Client, path: str, kind: str, body: bytes) -> None:
    problem(caller.generic("POST", f"{URL}/{path}", body, content_type=kind), 400)


@pytest.mark.parametrize("body", [b"[]", b"3", b"null", b'"x"', b'{"name": "a", "minutes": 1e999}'])
def test_json_that_is_no_order_is_refused(caller: Client, body: bytes) -> None:
    problem(caller.generic("POST", f"{URL}/training-runs", body, content_type="application/json"), 422)


def test_a_bug_is_told_without_its_text(caller: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*positional: object) -> None:
        raise RuntimeError("secret text of a document")

    monkeypatch.setattr(listing.Filter, "of", broken)
    response = caller.get(f"{URL}/documents")
    problem(response, 500)
    assert b"secret" not in response.content


def test_a_token_that_asks_too_much_is_told_when_to_go_on(
    program: Program, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.KD_API_RATE = (3, 3600)
    greedy, other = program(), program()
    statuses = [greedy.get(f"{URL}/documents").status_code for _ in range(4)]
    assert statuses == [200, 200, 200, 429]
    refused = greedy.get(f"{URL}/documents")
    problem(refused, 429)
    assert 0 < int(refused.headers["Retry-After"]) <= 3600
    assert other.get(f"{URL}/documents").status_code == 200


def test_calls_are_answered_while_the_cache_that_counts_them_is_away(
    caller: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*positional: object, **named: object) -> None:
        raise ConnectionError("no cache")

    monkeypatch.setattr(type(cache._connections["default"]), "add", away)  # type: ignore[attr-defined]
    assert caller.get(f"{URL}/documents").status_code == 200
