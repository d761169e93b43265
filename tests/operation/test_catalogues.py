"""A checkout whose catalogues are not compiled: pages are in English throughout, and the operator is told why."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.test import Client
from pytest_django.fixtures import Settings

from extraction.models import User
from extraction.services import catalogues
from extraction.services.operation import health

pytestmark = pytest.mark.django_db
GERMAN = {"Accept-Language": "de"}


@pytest.fixture(params=[(), ("django",), ("djangojs",)], ids=["none", "pages only", "scripts only"])
def checkout(request: pytest.FixtureRequest, settings: Settings, tmp_path: Path) -> None:
    """`locale/` with these catalogues alone compiled."""
    folder = tmp_path / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    for domain in request.param:
        (folder / f"{domain}.mo").write_bytes(catalogues.path("de", domain).read_bytes())
    settings.LOCALE_PATHS = [tmp_path]


def offers_german(page: str) -> bool:
    return re.search(r'<button[^>]*value="de"', page) is not None


@pytest.mark.parametrize("chosen", [False, True])
def test_pages_are_in_english_throughout(client: Client, checkout: None, chosen: bool) -> None:
    User.objects.create_superuser("root", password="a good long password")
    if chosen:
        client.post("/language/", {"language": "de"})
    wrong = {"username": "root", "password": ""}
    for answer in (client.get("/login/", headers=GERMAN), client.post("/login/", wrong, headers=GERMAN)):
        page = answer.content.decode()
        assert '<html lang="en">' in page
        assert answer.headers["Content-Language"] == "en"
        assert "Anmelden" not in page
        assert not offers_german(page)


def test_django_itself_speaks_english_then(client: Client, checkout: None) -> None:
    """Its own German is there all the same: sentences about passwords and forms, names of months."""
    user = User.objects.create_superuser("root", password="a good long password")
    client.force_login(user)
    page = client.post("/password/", {"old_password": "x", "new_password1": "1", "new_password2": "1"}, headers=GERMAN)
    assert "This password is too short" in page.content.decode()


def test_the_operator_is_told_the_command(checkout: None) -> None:
    for thorough in (True, False):
        [issue] = [issue for issue in health.issues(thorough=thorough) if issue.code == "W017"]
        assert "Deutsch" in issue.sentence
        assert "make setup" in issue.remedy
        assert 'pybabel compile --directory locale --domain "django djangojs"' in issue.remedy


def test_the_command_is_that_of_the_makefile() -> None:
    assert 'compile --directory locale --domain "django djangojs"' in (
        Path(django_settings.BASE_DIR) / "Makefile"
    ).read_text("utf-8")


def test_with_both_german_is_offered_and_nothing_is_said(client: Client) -> None:
    assert "W017" not in {issue.code for issue in health.issues()}
    User.objects.create_superuser("root", password="a good long password")
    page = client.get("/login/", headers=GERMAN).content.decode()
    assert '<html lang="de">' in page
    assert offers_german(page)
