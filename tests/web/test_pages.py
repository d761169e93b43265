"""What holds for every page: policy, templates without scripts or styles inside, error pages, fragments."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template
from django.test import Client
from django.urls import reverse

from extraction.models import Project, Role
from extraction.services.errors import Conflict
from extraction.templatetags import pages
from tests.support import builders

TEMPLATES = sorted((Path(settings.BASE_DIR) / "templates").rglob("*.html"))
FORBIDDEN = {
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "a script inside the page": re.compile(r"<script\b(?![^>]*\bsrc=)", re.IGNORECASE),
    "an event attribute": re.compile(r"<[^>]*\s(on[a-z]+|hx-on[:\w-]*)\s*=", re.IGNORECASE),
    "a script as an address": re.compile(r"javascript:", re.IGNORECASE),
    "values that htmx evaluates": re.compile(r"hx-(vals|headers)\s*=\s*['\"]\s*js:", re.IGNORECASE),
    "text that is not escaped": re.compile(r"\|\s*safe\b|autoescape off|safeseq"),
    "a method that a key of the same name hides": re.compile(r"{[%{][^%}]*\.(items|keys|values)\b(?=[^%}]*[%}]})"),
    "something from elsewhere": re.compile(r"(src|href)=[\"'](https?:)?//"),
}


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.stem)
def test_templates_keep_to_the_policy(template: Path) -> None:
    text = template.read_text()
    assert [what for what, pattern in FORBIDDEN.items() if pattern.search(text)] == []


@pytest.fixture
def project() -> Project:
    return builders.project("receipts")


@pytest.mark.django_db
def test_every_answer_carries_the_policy(client: Client, project: Project) -> None:
    client.force_login(builders.member(project, Role.OWNER))
    for url in (reverse("login"), reverse("projects"), reverse("project", args=["receipts"]), "/nowhere/"):
        policy = client.get(url).headers["Content-Security-Policy"]
        assert "script-src 'self'" in policy
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy


@pytest.mark.parametrize("name", ["400.html", "403_csrf.html", "500.html"])
def test_bare_error_pages_need_nothing(name: str) -> None:
    page = get_template(name).render({})
    assert "<h1>" in page


@pytest.mark.django_db
def test_a_missing_page_says_so(client: Client) -> None:
    client.force_login(builders.user())
    response = client.get("/projects/nowhere/")
    assert response.status_code == 404
    assert "This page does not exist" in response.content.decode()


@pytest.mark.django_db
def test_an_error_of_ours_shows_the_bare_page(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr("extraction.services.projects.summaries.summaries_for", fail)
    client.force_login(builders.user())
    client.raise_request_exception = False
    response = client.get(reverse("projects"))
    assert response.status_code == 500
    assert "Something went wrong here" in response.content.decode()
    assert "boom" not in response.content.decode()


@pytest.mark.django_db
def test_a_refusal_comes_in_the_form_that_is_read(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise Conflict("Somebody was faster & <sharper>.")

    monkeypatch.setattr("extraction.services.projects.summaries.summaries_for", refuse)
    client.force_login(builders.user())
    page = client.get(reverse("projects"))
    assert page.status_code == 409
    assert "faster &amp; &lt;sharper&gt;." in page.content.decode()
    fragment = client.get(reverse("projects"), headers={"hx-request": "true"})
    assert (fragment.status_code, fragment.content) == (409, b"Somebody was faster & <sharper>.")
    assert fragment.headers["Content-Type"].startswith("text/plain")
    script = client.get(reverse("projects"), headers={"accept": "application/json"})
    assert script.json() == {"error": "Somebody was faster & <sharper>."}


@pytest.mark.django_db
def test_a_fragment_without_a_session_reloads_the_page(client: Client) -> None:
    response = client.get(reverse("login"), headers={"hx-request": "true"})
    assert response.headers["HX-Refresh"] == "true"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(None, "–"), (0.4, "0 s"), (59.6, "1 min"), (185, "3 min 5 s"), (3600, "1 h 0 min"), (7830, "2 h 10 min")],
)
def test_durations_are_for_people(seconds: float | None, text: str) -> None:
    assert pages.duration(seconds) == text


@pytest.mark.parametrize(("share", "text"), [(None, "–"), ("", "–"), (0.962, "96.2 %"), (1, "100.0 %")])
def test_shares_are_percentages(share: float | None, text: str) -> None:
    assert pages.percent(share) == text
