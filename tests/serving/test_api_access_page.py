"""The API page: tokens shown once, calls that can be pasted, a file to try, and the last calls."""

import ast
import json
import re
from html import unescape
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from extraction.models import ApiToken, Extraction, ModelVersion, Project, Role, TrainingRun, User
from extraction.services.projects import tokens
from extraction.services.serving import extractions, registry
from extraction.services.serving.slots import Slots
from tests.serving.stand_ins import Predictor, Reader, picture
from tests.support import builders

pytestmark = pytest.mark.django_db
URL = "/projects/receipts/api/"
TRY = "/projects/receipts/api/try/"


@pytest.fixture
def project() -> Project:
    return builders.project("receipts", owner=builders.user("olga"))


@pytest.fixture
def model(project: Project, monkeypatch: pytest.MonkeyPatch) -> ModelVersion:
    """A serving model; OCR and the student are stood in for."""
    monkeypatch.setattr("extraction.services.serving.field_extraction.read", lambda project, path: [Reader()])
    monkeypatch.setattr(registry, "predictor", lambda model: Predictor())
    monkeypatch.setattr(registry, "files", lambda model: [Path("model.onnx")])
    run = TrainingRun.objects.create(project=project, name="small")
    return ModelVersion.objects.create(
        project=project, run=run, name="small", folder="x", sha256="0" * 64, bytes=1, stage="production"
    )


@pytest.fixture
def page(client: Client, project: Project) -> Client:
    client.force_login(User.objects.get(username="olga"))
    return client


def shown(response: HttpResponse) -> str:
    return unescape(response.content.decode())


def code(text: str, name: str) -> str:
    found = re.search(rf'<pre class="[^"]*" id="{name}"[^>]*>(.*?)</pre>', text, re.DOTALL)
    assert found
    return unescape(found[1])


def made(page: Client, name: str = "till", *scopes: str) -> HttpResponse:
    return page.post(URL, {"name": name, "scope": scopes or ["extract"]}, headers={"HX-Request": "true"})


def test_a_token_is_shown_when_it_is_made_and_never_again(page: Client, project: Project) -> None:
    response = made(page, "till 3", "extract", "read")
    assert response.status_code == 200
    assert "no-store" in response.headers["Cache-Control"]
    token = code(response.content.decode(), "token-value").removeprefix("export KD_TOKEN=")
    row = tokens.authenticate(token)
    assert row is not None
    assert (row.name, row.scopes, row.user.username) == ("till 3", ["extract", "read"], "olga")
    later = shown(page.get(URL))
    assert "till 3" in later
    assert row.prefix in later
    assert token not in later
    assert token[len(row.prefix) :] not in later


@pytest.mark.parametrize(
    ("name", "scopes", "words"),
    [("", ["read"], "Name the program"), ("till", ["all"], "not 'all'"), ("till", [], "at least one scope")],
)
def test_what_cannot_be_made_is_said(page: Client, name: str, scopes: list[str], words: str) -> None:
    response = page.post(URL, {"name": name, "scope": scopes}, headers={"HX-Request": "true"})
    assert words in shown(response)
    assert f'value="{name}"' in shown(response)
    assert not ApiToken.objects.exists()


def test_only_owners_make_and_revoke(client: Client, project: Project) -> None:
    row, _ = tokens.create(project, User.objects.get(), name="till", scopes=["read"])
    client.force_login(builders.member(project, Role.REVIEWER))
    text = shown(client.get(URL))
    assert "till" in text
    assert "Make a token" not in text
    assert "Revoke" not in text
    assert "Owners of the project make and revoke tokens." in text
    assert made(client).status_code == 403
    assert client.post(reverse("token_revoke", args=["receipts", row.pk])).status_code == 403
    assert tokens.of_project(project).get() == row


def test_a_revoked_token_is_gone(page: Client, project: Project) -> None:
    row, token = tokens.create(project, User.objects.get(), name="till", scopes=["read"])
    url = reverse("token_revoke", args=["receipts", row.pk])
    response = page.post(url, follow=True)
    assert "The token till opens nothing any more." in shown(response)
    assert tokens.authenticate(token) is None
    assert page.post(url).status_code == 404


def test_a_token_of_another_project_is_not_found(page: Client, project: Project) -> None:
    other = builders.project("other", owner=builders.user())
    row, token = tokens.create(other, other.members.get(), name="till", scopes=["read"])
    assert page.post(reverse("token_revoke", args=["receipts", row.pk])).status_code == 404
    assert tokens.authenticate(token)


def test_the_calls_are_for_this_project_and_this_host(page: Client, model: ModelVersion) -> None:
    text = page.get(URL, headers={"host": "localhost:8123"}).content.decode()
    for name in ("call-curl-1", "call-curl-2", "call-python-1", "call-python-2"):
        assert "http://localhost:8123/api/v1" in code(text, name)
        assert "/projects/receipts/extract" in code(text, name)
        assert "KD_TOKEN" in code(text, name)
    ast.parse(code(text, "call-python-1"))
    ast.parse(code(text, "call-python-2"))
    ast.parse(code(text, "call-kdweb-client-1"))
    ast.parse(code(text, "call-kdweb-client-2"))
    assert all(reverse("help_page", args=[name]) in text for name in ("client", "mcp"))
    assert reverse("api:openapi-view") in text
    assert "<strong>small</strong> answers" in text


def test_without_a_serving_model_the_page_says_so(page: Client) -> None:
    text = shown(page.get(URL))
    assert "No model serves yet," in text
    assert "Nobody has called yet" in text
    assert "No program may call yet" in text
    assert TRY not in text


def attempt(page: Client, content: SimpleUploadedFile | None) -> HttpResponse:
    return page.post(TRY, {"file": content} if content else {})


def test_a_try_shows_what_a_program_would_get(page: Client, project: Project, model: ModelVersion) -> None:
    response = attempt(page, picture())
    text = response.content.decode()
    assert "200 OK" in text
    answer = json.loads(code(text, "answer"))
    row = Extraction.objects.get()
    assert answer == row.as_domain().to_json()
    assert answer["fields"]["total"]["value"] == "3.30"
    assert (row.author, row.token, row.project) == (User.objects.get(username="olga"), None, project)
    assert "extracted" in json.loads(response.headers["HX-Trigger"])


def test_a_try_that_is_refused_shows_the_problem(page: Client, model: ModelVersion) -> None:
    text = attempt(page, SimpleUploadedFile("bad.jpg", b"<html>", "image/jpeg")).content.decode()
    assert "422 Unprocessable" in text
    assert "application/problem+json" in text
    problem = json.loads(code(text, "answer"))
    assert (problem["status"], problem["type"]) == (422, "about:blank")
    assert problem["detail"].endswith(".")
    assert not Extraction.objects.exists()


def test_a_try_without_a_model_and_on_a_busy_server_shows_their_problems(
    page: Client, model: ModelVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    slots = Slots(waiting=0, timeout=1)
    monkeypatch.setattr(extractions, "slots", slots)
    with slots.acquire():
        assert "503 Service Unavailable" in attempt(page, picture()).content.decode()
    ModelVersion.objects.update(stage="archived")
    assert "409 Conflict" in attempt(page, picture()).content.decode()


def test_a_try_without_a_file_is_asked_for_one(page: Client, model: ModelVersion) -> None:
    assert "Choose a file first." in shown(attempt(page, None))


def extraction(project: Project, model: ModelVersion, number: int, **columns: object) -> Extraction:
    return Extraction.objects.create(
        project=project, model=model, name=f"receipt-{number}.jpg", sha256="0" * 64, **columns
    )


def test_the_last_calls_are_listed_with_their_caller(page: Client, project: Project, model: ModelVersion) -> None:
    olga = User.objects.get(username="olga")
    token, _ = tokens.create(project, olga, name="night import", scopes=["extract"])
    extraction(project, model, 1, state="done", timing_ms={"total": 1234.5}, token=token, author=olga)
    extraction(project, model, 2, state="failed", error="The file is empty.", author=olga)
    extraction(project, model, 3)
    tokens.revoke(token)
    text = shown(page.get(URL))
    for expected in ("night import", "1,23", "The file is empty.", "receipt-1.jpg", "Waiting", "Failed", "Done"):
        assert expected in text
    other = builders.project("other", owner=olga)
    assert "receipt-1.jpg" not in shown(page.get(reverse("api", args=[other.slug])))


def test_a_file_name_cannot_become_markup(page: Client, project: Project, model: ModelVersion) -> None:
    Extraction.objects.create(project=project, model=model, name="<img src=x onerror=alert(1)>.jpg", sha256="0")
    assert "<img src=x" not in page.get(URL).content.decode()


def test_the_list_costs_the_same_however_long_it_is(
    page: Client, project: Project, model: ModelVersion, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    olga = User.objects.get(username="olga")
    token, _ = tokens.create(project, olga, name="till", scopes=["read"])
    for number in range(60):
        extraction(project, model, number, token=token, author=olga)
        tokens.create(project, olga, name=f"till {number}", scopes=["read"])
    with django_assert_max_num_queries(14):
        text = page.get(URL).content.decode()
    assert text.count("receipt-") >= 50
    assert "receipt-9.jpg" not in text
