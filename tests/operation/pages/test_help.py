"""Help inside: every page of the documentation, every term that a page explains, and nothing that leads nowhere."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Template
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from playwright.sync_api import Page, expect

from extraction.services.operation import handbook
from tests.support import builders

ROOT = Path(settings.BASE_DIR)
NAMES = sorted(path.relative_to(ROOT / "docs").with_suffix("").as_posix() for path in (ROOT / "docs").rglob("*.md"))
USED = sorted(
    {
        name
        for path in (ROOT / "templates").rglob("*.html")
        for name in re.findall(r'{% term "([^"]+)"', path.read_text("utf-8"))
    }
)
EXPLAINED = {"ANLS", "split", "focus", "snapshot", "calibration", "confidence", "promote", "teacher", "student"}


@pytest.fixture
def reader(client: Client, db: None) -> Client:
    client.force_login(builders.user())
    return client


@pytest.mark.parametrize("name", NAMES)
def test_every_page_of_the_documentation_is_served_and_leads_somewhere(reader: Client, name: str) -> None:
    page = reader.get(reverse("help_page", args=[name]))
    assert page.status_code == 200
    [article] = re.findall(r"<article.*?</article>", page.content.decode(), re.DOTALL)
    for address in re.findall(r'(?:href|src)="([^"]*)"', article):
        path, _, anchor = address.partition("#")
        if path.startswith("/"):
            found = reader.get(path)
            assert found.status_code == 200, address
        else:
            assert path.startswith("https://") or not path, address
        if anchor and not path.startswith("https://"):
            target = page if not path else reader.get(path)
            assert f'id="{anchor}"' in target.content.decode(), address


def test_the_list_names_every_page_and_is_linked_on_every_page(reader: Client) -> None:
    listed = reader.get(reverse("help")).content.decode()
    for name in NAMES:
        assert reverse("help_page", args=[name]) in listed
    assert reverse("help") in reader.get(reverse("projects")).content.decode()


@pytest.mark.parametrize("name", ["nothing", "../README", "..%2f..%2fetc/passwd", "images"])
def test_nothing_else_is_read(reader: Client, name: str) -> None:
    for address in (f"/help/{name}/", f"/help/images/{name}"):
        assert reader.get(address, follow=True).status_code == 404


def test_html_in_a_page_is_text(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text("# A page\n\n<script>alert(1)</script> [a](javascript:alert(1))\n")
    monkeypatch.setattr(handbook, "_root", lambda: tmp_path)
    handbook.titles.cache_clear()
    try:
        html = handbook.page("page", "/elsewhere/").html
    finally:
        handbook.titles.cache_clear()
        handbook.page.cache_clear()
    assert "<script" not in html
    assert "href" not in html


class TestTerms:
    def test_what_pages_explain_is_explained(self) -> None:
        assert set(USED) >= EXPLAINED

    @pytest.mark.parametrize("name", USED)
    def test_a_term_that_a_page_names_is_in_the_glossary(self, reader: Client, name: str) -> None:
        written = Template(f'{{% term "{name}" %}}').render(Context())
        [anchor] = re.findall(r'glossary/#([^"]+)"', written)
        assert f'id="{anchor}"' in reader.get(reverse("help_page", args=["glossary"])).content.decode()

    @pytest.mark.parametrize("name", USED)
    def test_german_pages_explain_it_in_german(self, reader: Client, name: str) -> None:
        with override("de"):
            written = Template(f'{{% term "{name}" %}}').render(Context())
        assert 'lang="de"' in written
        [anchor] = re.findall(r'de/glossary/#([^"]+)"', written)
        assert f'id="{anchor}"' in reader.get(reverse("help_page", args=["de/glossary"])).content.decode()

    def test_one_that_comes_twice_has_two_ids(self) -> None:
        """In a part that is included too."""
        part = Template('{% term "split" %}')
        written = Template('{% term "split" %}{% include part %}').render(Context({"part": part}))
        ids = re.findall(r' id="([^"]+)"', written)
        assert len(ids) == len(set(ids)) == 2
        assert re.findall(r'popovertarget="([^"]+)"', written) == ids


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_an_explanation_opens_and_closes_by_keyboard(open_page: Callable[..., Page]) -> None:
    project = builders.project("receipts")
    document = builders.pictured_document(project)
    page = open_page(builders.member(project, builders.Role.OWNER))
    page.goto(reverse("document", args=["receipts", document.pk]))
    button, text = page.get_by_role("button", name="What is focus?"), page.get_by_text("Sharpness of a page")
    expect(text).to_be_hidden()
    button.focus()
    page.keyboard.press("Enter")
    expect(text).to_be_visible()
    page.keyboard.press("Escape")
    expect(text).to_be_hidden()
