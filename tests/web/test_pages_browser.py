"""What holds for every page in a real browser: it fits a phone, and the keyboard reaches it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from extraction.models import Document, Project, Role, User
from tests.support import builders

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Opened = Callable[..., Page]
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 800}
LISTS = (
    "project",
    "documents",
    "fields",
    "fields_toml",
    "prompt",
    "members",
    "teacher",
    "training",
    "models",
    "reports",
    "api",
)


@pytest.fixture
def project() -> Project:
    return builders.project("receipts")


@pytest.fixture
def olga(project: Project) -> User:
    return builders.member(project, Role.OWNER)


@pytest.fixture
def document(project: Project) -> Document:
    return builders.pictured_document(project)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_no_page_scrolls_sideways(
    open_page: Opened, olga: User, document: Document, size: dict[str, int], scheme: str
) -> None:
    page = open_page(olga, viewport=size, color_scheme=scheme)
    urls = [reverse(name, args=["receipts"]) for name in LISTS]
    urls += [reverse("projects"), reverse("project_create"), reverse("document", args=["receipts", document.pk])]
    urls += [reverse("documents", args=["receipts"]) + "?view=grid", reverse("review", args=["receipts"])]
    wide = []
    for url in urls:
        page.goto(url)
        if page.evaluate("document.documentElement.scrollWidth") > size["width"]:
            wide.append(url)
    assert wide == []


@pytest.mark.parametrize("width", [320, 390])
def test_the_head_of_a_small_screen_is_one_line(open_page: Opened, olga: User, width: int) -> None:
    User.objects.filter(pk=olga.pk).update(username="a-rather-long-name-of-a-user")
    page = open_page(olga, viewport={"width": width, "height": 844})
    page.goto(reverse("project", args=["receipts"]))
    name = page.locator(".brand span").bounding_box()
    assert name is not None
    assert name["height"] < 30
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_phone_reaches_every_page_through_the_menu(open_page: Opened, olga: User) -> None:
    page = open_page(olga, viewport=PHONE)
    page.goto(reverse("project", args=["receipts"]))
    page.get_by_label("Menu", exact=True).click()
    page.locator(".menu").get_by_role("link", name="Documents").click()
    expect(page.get_by_role("heading", name="Documents", exact=True)).to_be_visible()


def test_the_keyboard_reaches_the_content_first(open_page: Opened, olga: User, document: Document) -> None:
    page = open_page(olga)
    page.goto(reverse("documents", args=["receipts"]))
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#main$"))
    page.keyboard.press("Tab")
    expect(page.locator("#main :focus")).to_have_count(1)


def test_what_an_address_names_stands_clear_of_the_bar_on_top(
    open_page: Opened, olga: User, document: Document
) -> None:
    page = open_page(olga)
    hidden, named = [], 0
    for name in LISTS:
        page.goto(reverse(name, args=["receipts"]))
        bar = page.locator(".top").evaluate("bar => bar.offsetHeight")
        margins = page.locator("main :is(h1, h2, h3, h4, section)[id]").evaluate_all(
            "all => all.map(one => [one.id, parseFloat(getComputedStyle(one).scrollMarginTop)])"
        )
        named += len(margins)
        hidden += [(name, key) for key, margin in margins if margin < bar]
    assert named
    assert hidden == []


# Tables that scroll, and of these the ones that the keyboard does not reach or that have no name. Parts of a page come
# after it, and the script sees a table a frame after that.
SCROLLING = """
() => [...document.querySelectorAll(".table-wrap")].filter(one => one.scrollWidth > one.clientWidth)
"""
ALL_REACHED = f"""
() => ({SCROLLING})().every(
  one => one.tabIndex === 0 && one.getAttribute("role") === "region" && one.getAttribute("aria-label"))
"""


def test_tables_that_scroll_can_be_reached_by_keyboard_and_have_a_name(
    open_page: Opened, olga: User, document: Document
) -> None:
    page = open_page(olga, viewport={"width": 260, "height": 700})
    scrolling = 0
    for name in LISTS:
        page.goto(reverse(name, args=["receipts"]), wait_until="networkidle")
        page.wait_for_function(ALL_REACHED)
        scrolling += page.evaluate(f"({SCROLLING})().length")
    assert scrolling


@pytest.mark.parametrize("width", [390, 1280])
def test_all_choices_of_a_new_project_are_marked_alike(open_page: Opened, olga: User, width: int) -> None:
    """However long the text beside a mark is."""
    olga.is_superuser = True
    olga.save()
    page = open_page(olga, viewport={"width": width, "height": 844})
    page.goto("/new/")
    boxes = [mark.bounding_box() for mark in page.locator("input[name=template]").all()]
    assert len(boxes) > 1
    assert len({(box["width"], box["height"]) for box in boxes if box}) == 1
