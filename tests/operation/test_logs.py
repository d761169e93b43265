"""What logs say, and what they never say."""

from __future__ import annotations

import io
import json
import logging
import logging.config
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import engines
from django.test import Client
from django.urls import path, reverse
from pytest_django.fixtures import Settings

from extraction.models import Scope
from extraction.services.projects import tokens
from kdweb import logs
from tests.support import builders
from tests.support.badfiles import text_pdf

Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[Lines]:
    """The lines of the log so far, as production writes them, of every level."""
    monkeypatch.setenv("LOG_FORMAT", "json")
    monkeypatch.setenv("LOG_LEVEL", "DEBUG")
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    described = logs.configuration()
    formatter = logging.config.DictConfigurator(described).configure_formatter(described["formatters"]["line"])  # type: ignore[attr-defined]
    handler.setFormatter(formatter)
    for name in described["handlers"]["stderr"]["filters"]:
        handler.addFilter(logging.config.DictConfigurator(described).configure_filter(described["filters"][name]))  # type: ignore[attr-defined]
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel("DEBUG")
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    root.removeHandler(handler)
    root.setLevel(before)


def fail(request: HttpRequest) -> None:
    logging.getLogger("extraction.something").warning("About to fail.")
    try:
        raise ConnectionError("the server at 192.0.2.1 is away")
    except ConnectionError as error:
        raise ValueError(WORDS) from error


def busy(request: HttpRequest) -> HttpResponse:
    return HttpResponse(status=503)


def misspelt(request: HttpRequest) -> str:
    return engines["django"].from_string("{% nosuchtag %}").render()


def unknown_template(request: HttpRequest) -> HttpResponse:
    return render(request, "no/such.html")


def unknown_link(request: HttpRequest) -> str:
    return engines["django"].from_string("{% url 'no-such-view' %}").render()


WORDS = "SECRET WORDS OF A RECEIPT"
urlpatterns = [
    path("fail/", fail),
    path("busy/", busy),
    path("misspelt/", misspelt),
    path("unknown-template/", unknown_template),
    path("unknown-link/", unknown_link),
]


@pytest.mark.django_db
class TestRequests:
    def test_one_line_with_who_asked_what_and_how_it_went(self, client: Client, lines: Lines) -> None:
        user = builders.user()
        client.force_login(user)
        response = client.get(reverse("projects"), {"search": "a private word"})
        (line,) = [line for line in lines() if line["event"] == "request"]
        assert (line["method"], line["path"], line["status"], line["user"]) == ("GET", "/", 200, user.pk)
        assert line["ms"] >= 0
        assert line["request_id"] == response.headers["X-Request-ID"]
        assert "private" not in json.dumps(lines())

    def test_each_request_has_an_id_of_its_own(self, client: Client) -> None:
        answers = [client.get(reverse("login"), headers={"X-Request-ID": "chosen\nby a stranger"}) for _ in range(2)]
        assert len({answer.headers["X-Request-ID"] for answer in answers} - {"chosen\nby a stranger"}) == 2

    def test_what_fails_is_told_with_the_same_id_and_without_its_text(
        self, client: Client, lines: Lines, settings: Settings
    ) -> None:
        settings.ROOT_URLCONF = __name__
        client.raise_request_exception = False
        client.force_login(builders.user())
        response = client.get("/fail/")
        told = [line for line in lines() if line.get("request_id") == response.headers["X-Request-ID"]]
        assert [line["logger"] for line in told] == ["extraction.something", "django.request", "kdweb.requests"]
        assert told[1]["exception"].endswith("builtins.ValueError")
        assert "in fail" in told[1]["exception"]
        assert "192.0.2.1 is away" in told[1]["exception"]
        assert "SECRET" not in json.dumps(lines())

    @pytest.mark.parametrize(
        ("page", "text"),
        [
            ("misspelt", "Invalid block tag on line 1: 'nosuchtag'"),
            ("unknown-template", "TemplateDoesNotExist: no/such.html"),
            ("unknown-link", "Reverse for 'no-such-view' not found"),
        ],
    )
    def test_the_text_of_a_fault_in_a_template_is_told(
        self, client: Client, lines: Lines, settings: Settings, page: str, text: str
    ) -> None:
        settings.ROOT_URLCONF = __name__
        client.raise_request_exception = False
        client.force_login(builders.user())
        assert client.get(f"/{page}/").status_code == 500
        assert any(text in line.get("exception", "") for line in lines())

    def test_an_answer_to_come_again_later_is_no_error(self, client: Client, lines: Lines, settings: Settings) -> None:
        settings.ROOT_URLCONF = __name__
        client.force_login(builders.user())
        assert client.get("/busy/").status_code == 503
        told = [line for line in lines() if line["logger"] in ("kdweb.requests", "django.request")]
        assert [(line["level"], line["status"]) for line in told] == [("info", 503)]

    def test_neither_an_upload_nor_a_token_is_in_any_line(self, client: Client, lines: Lines) -> None:
        project = builders.project()
        owner = builders.user()
        project.memberships.create(user=owner, role="owner")
        client.force_login(owner)
        content = text_pdf(("CONFIDENTIAL PAYEE", "Total 12.34"))
        upload = {"files": SimpleUploadedFile("receipt.pdf", content, "application/pdf")}
        assert client.post(reverse("documents_upload", args=[project.slug]), upload).status_code < 400
        row, token = tokens.create(project, owner, name="program", scopes=[Scope.READ])
        url = f"/api/v1/projects/{project.slug}/documents"
        assert Client().get(url, headers={"Authorization": f"Bearer {token}"}).status_code == 200
        text = json.dumps(lines())
        assert "CONFIDENTIAL" not in text
        assert token not in text
        assert [line["token"] for line in lines() if "token" in line] == [row.prefix]


class TestSettings:
    @pytest.mark.parametrize(("name", "value"), [("LOG_FORMAT", "xml"), ("LOG_LEVEL", "LOUD")])
    def test_a_wrong_word_stops_the_start(self, monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
        monkeypatch.setenv(name, value)
        with pytest.raises(ImproperlyConfigured, match=f"{name} must be one of .*, not '{value}'"):
            logs.configuration()

    def test_what_shows_documents_stays_silent_at_every_level(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("LOG_LEVEL", "DEBUG")
        levels = logs.configuration()["loggers"]
        assert {levels[name]["level"] for name in ("openai", "anthropic", "httpx", "django.db.backends")} == {"WARNING"}

    def test_a_job_keeps_the_id_of_its_request(self) -> None:
        assert logs.job_context({"request_id": "a", "user": 3, "token": "kd_ab", "path": "/"}) == {
            "request_id": "a",
            "user": 3,
        }
