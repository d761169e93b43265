"""On a phone, in both languages: what one is looking for is seen whole without scrolling sideways."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from extraction.models import ApiToken, Project, Role, User
from extraction.services.projects import accounts, tokens
from tests.support import builders
from tests.support.programs import model

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 390, "height": 844}
TABBED = ("fields", "fields_toml", "date_order", "languages", "prompt", "fields_versions")
PAGES = (*TABBED, "documents", "members", "teacher", "training", "models", "reports", "api", "retention", "review")

TABS = """() => [...document.querySelectorAll(".tabs")].filter((tabs) => {
  const [outer, inner] = [tabs, tabs.querySelector("[aria-current]")].map((part) => part.getBoundingClientRect());
  return inner.left < outer.left - 1 || inner.right > outer.right + 1;
}).length"""
PLACEHOLDERS = """() => {
  document.querySelectorAll("main details").forEach((part) => { part.open = true; });
  return [...document.querySelectorAll("input[placeholder]")].filter((input) => {
  if (!input.checkVisibility()) return false;
  const style = getComputedStyle(input), pen = document.createElement("canvas").getContext("2d");
  pen.font = style.font;
  const room = input.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
  return pen.measureText(input.placeholder).width > room;
}).map((input) => input.placeholder);
}"""
BUTTONS = """() => [...document.querySelectorAll(".table-wrap button, .table-wrap a.button")].filter((button) => {
  const [outer, inner] = [button.closest(".table-wrap"), button].map((part) => part.getBoundingClientRect());
  return button.offsetParent && inner.right > outer.right + 1;
}).map((button) => button.textContent.trim())"""
# Heads of rows of which a letter or two stand on a line.
HEADS = """() => [...document.querySelectorAll(".table tbody th")].filter((head) => {
  const text = head.innerText.trim();
  return head.offsetParent && text.length > 12 && head.clientWidth < 90;
}).map((head) => head.innerText.trim())"""


@pytest.fixture
def project() -> Project:
    return builders.project("receipts")


@pytest.fixture
def olga(project: Project) -> User:
    user = builders.member(project, Role.OWNER)
    builders.pictured_document(project)
    tokens.create(project, user, name="Rechnungseingang im Büro", scopes=["extract", "read", "upload", "manage"])
    ApiToken.objects.update(last_used=timezone.now())
    return user


@pytest.mark.parametrize("language", ["en", "de"])
def test_nothing_that_is_looked_for_is_cut(
    open_page: Callable[..., Page], project: Project, olga: User, language: str
) -> None:
    page = open_page(olga, viewport=PHONE, locale=language)
    cut: dict[str, list[str]] = {}
    for name in PAGES:
        page.goto(reverse(name, args=[project.slug]))
        page.wait_for_load_state("load")
        found = [*page.evaluate(PLACEHOLDERS), *page.evaluate(BUTTONS), *page.evaluate(HEADS)]
        found += ["the present tab"] * page.evaluate(TABS)
        if found:
            cut[name] = found
        if name in TABBED:
            assert page.locator(".tabs [aria-current]").count() == 1
    assert cut == {}


def test_files_can_be_chosen_wherever_one_is_asked_for(
    open_page: Callable[..., Page], project: Project, olga: User
) -> None:
    model(project, "small", "production")
    accounts.let_create_projects(olga)
    page = open_page(olga, viewport=PHONE)
    for url in (reverse("models", args=[project.slug]), reverse("api", args=[project.slug])):
        page.goto(url)
        expect(page.locator("#try-file")).to_be_visible()
    page.goto(reverse("project_create"))
    page.get_by_label("From your documents").check()
    expect(page.locator("#id_files")).to_be_visible()
