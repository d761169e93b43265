"""The language of answers: the browser's, the one chosen on a page, and English for programs."""

from __future__ import annotations

import pytest
from django.test import Client

from extraction.models import Project, Role, User
from tests.support import builders

pytestmark = pytest.mark.django_db
GERMAN = {"Accept-Language": "de-DE,de;q=0.9,en;q=0.5"}


@pytest.fixture
def project() -> object:
    project = builders.project("receipts")
    builders.member(project, Role.OWNER)
    return project


class TestPages:
    @pytest.mark.parametrize(
        ("accepted", "language"),
        [
            ("de-DE,de;q=0.9,en;q=0.5", "de"),
            ("de-AT", "de"),
            ("en-GB", "en"),
            ("fr,it", "en"),
            ("", "en"),
            (";;", "en"),
        ],
    )
    def test_they_speak_the_browsers_language_else_english(
        self, client: Client, project: object, accepted: str, language: str
    ) -> None:
        response = client.get("/login/", headers={"Accept-Language": accepted})
        assert f'<html lang="{language}">' in response.content.decode()
        assert response.headers["Content-Language"] == language

    def test_an_answer_says_what_its_language_came_from(self, client: Client, project: object) -> None:
        varies = client.get("/login/").headers["Vary"]
        assert {"Accept-Language", "Cookie"} <= {part.strip() for part in varies.split(",")}

    def test_a_chosen_language_stays(self, client: Client, project: object) -> None:
        response = client.post("/language/", {"language": "de"}, headers={"Referer": "http://testserver/login/"})
        assert response.headers["Location"] == "http://testserver/login/"
        assert response.cookies["language"]["max-age"] > 0
        assert '<html lang="de">' in client.get("/login/").content.decode()
        client.post("/language/", {"language": "en"})
        assert '<html lang="en">' in client.get("/login/", headers=GERMAN).content.decode()

    def test_only_a_language_of_the_pages_can_be_chosen(self, client: Client, project: object) -> None:
        client.post("/language/", {"language": "xx"})
        assert '<html lang="en">' in client.get("/login/").content.decode()

    def test_choosing_needs_a_token_and_leads_to_no_other_site(self, project: object) -> None:
        strict = Client(enforce_csrf_checks=True)
        assert strict.post("/language/", {"language": "de"}).status_code == 403
        away = Client().post("/language/", {"language": "de", "next": "https://elsewhere.example/"})
        assert away.headers["Location"] == "/"

    def test_the_next_request_of_a_thread_starts_anew(self, client: Client, project: object) -> None:
        client.get("/login/", headers=GERMAN)
        assert '<html lang="en">' in client.get("/login/").content.decode()


class TestScripts:
    def test_german_pages_carry_their_sentences(self, client: Client, project: object) -> None:
        page = client.get("/login/", headers=GERMAN).content.decode()
        assert '<script id="sentences" type="application/json">' in page
        assert "Meldung schlie\\u00dfen" in page or "Meldung schließen" in page

    def test_english_pages_need_none(self, client: Client, project: object) -> None:
        assert 'id="sentences"' not in client.get("/login/").content.decode()


class TestPrograms:
    @pytest.mark.parametrize("url", ["/api/v1/projects/receipts/documents", "/api/v1/nothing", "/healthz"])
    def test_they_get_english_whatever_they_accept(self, client: Client, project: object, url: str) -> None:
        english, german = client.get(url), client.get(url, headers=GERMAN)
        assert german.content == english.content
        assert german.headers.get("Vary") == english.headers.get("Vary")

    def test_the_administration_is_in_english_throughout(self, client: Client, project: Project) -> None:
        client.force_login(User.objects.create(username="root", is_superuser=True, is_staff=True))
        page = client.get("/admin/extraction/job/", headers=GERMAN).content.decode()
        assert "Select job to change" in page or "Select job to view" in page

    def test_a_browser_that_chose_german_calls_it_in_english(self, client: Client, project: object) -> None:
        client.post("/language/", {"language": "de"})
        assert b"Send a valid token" in client.get("/api/v1/projects/receipts/documents").content
