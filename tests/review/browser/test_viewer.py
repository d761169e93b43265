"""Looking at the picture: fit, zoom, dragging, pages; and the marks on its words."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from extraction.models import Document, Label, LabelQuality, User
from extraction.models import Page as PageRow
from tests.review.browser.screen import Opened, active, middle, on_screen, start, text, word

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def box(located: Locator) -> dict[str, float]:
    found = located.bounding_box()
    assert found is not None
    return dict(found)


def pane(page: Page) -> Locator:
    return page.locator(".review-pages")


@pytest.mark.parametrize("viewport", [{"width": 1280, "height": 800}, {"width": 640, "height": 400}])
def test_fit_shows_the_whole_page_beside_the_tools(
    open_page: Opened, anna: User, documents: list[Document], viewport: dict[str, int]
) -> None:
    """The small one is what a browser zoom of 200 % leaves of the other."""
    page = start(open_page(anna, viewport=viewport))
    page.keyboard.press("0")
    picture, around, tools = box(page.locator("svg.review-page")), box(pane(page)), box(page.locator(".review-tools"))
    assert around["y"] <= picture["y"]
    assert picture["y"] + picture["height"] <= around["y"] + around["height"]
    assert tools["y"] + tools["height"] <= around["y"]

    assert around["height"] > 0.5 * viewport["height"]
    for _ in range(3):
        page.keyboard.press("+")
    assert box(page.locator("svg.review-page"))["width"] > 1.5 * picture["width"]


def test_the_wheel_with_control_zooms_around_the_pointer(page: Page) -> None:
    x, y = middle(word(page, 2))
    before = box(word(page, 2))
    page.mouse.move(x, y)
    page.keyboard.down("Control")
    page.mouse.wheel(0, -200)
    page.keyboard.up("Control")
    page.wait_for_function(
        "(width) => document.querySelector(\".word[data-index='2']\").getBoundingClientRect().width > width",
        arg=before["width"] * 1.2,
    )
    assert middle(word(page, 2)) == pytest.approx((x, y), abs=6)


@pytest.mark.parametrize("way", ["middle", "space", "hand"])
def test_the_picture_is_dragged_and_no_word_chosen(page: Page, way: str) -> None:
    for _ in range(3):
        page.keyboard.press("+")
    value = text(page, "company").input_value()
    around = box(pane(page))
    x, y = around["x"] + around["width"] / 2, around["y"] + around["height"] / 2
    top = pane(page).evaluate("pane => pane.scrollTop")
    if way == "hand":
        page.get_by_role("button", name="Drag", exact=True).click()
    if way == "space":
        page.keyboard.down(" ")
    page.mouse.move(x, y)
    page.mouse.down(button="middle" if way == "middle" else "left")
    page.mouse.move(x, y - 60, steps=3)
    page.mouse.up(button="middle" if way == "middle" else "left")
    page.keyboard.up(" ")
    assert pane(page).evaluate("pane => pane.scrollTop") == pytest.approx(top + 60, abs=2)
    expect(text(page, "company")).to_have_value(value)
    expect(page.locator(".word.chosen")).to_have_count(0)


def test_pages_are_numbered_and_turned_by_keys(open_page: Opened, anna: User, documents: list[Document]) -> None:
    first = documents[0].pages.get()
    for number in (1, 2):
        PageRow.objects.create(
            document=documents[0], number=number, image=first.image, thumbnail=first.thumbnail, width=first.width,
            height=first.height, focus=500, reader="rapidocr", seconds=0.1, words=first.words,
        )  # fmt: skip
    page = start(open_page(anna))
    number = page.locator(".review-number")
    expect(number).to_have_text("Page 1 of 3")
    page.keyboard.press(".")
    expect(number).to_have_text("Page 2 of 3")
    page.keyboard.press(".")
    expect(number).to_have_text("Page 3 of 3")
    page.get_by_role("button", name="Previous page").click()
    expect(number).to_have_text("Page 2 of 3")


def test_typing_leaves_no_earlier_words_marked(page: Page) -> None:
    word(page, 2).click()
    expect(page.locator(".word.chosen")).to_have_count(1)
    text(page, "company").fill("Nothing that is printed")
    expect(page.locator(".word.chosen, .mark.active")).to_have_count(0)


def test_flagged_fields_come_first_where_that_is_chosen(page: Page, documents: list[Document]) -> None:
    page.keyboard.press("?")
    page.get_by_label("Look at the flagged fields first").check()
    page.keyboard.press("Escape")
    page.reload()
    active(page, "company")
    page.keyboard.press("a")
    active(page, "date")
    expect(page.locator(".review-notices")).to_contain_text("Look at Date first")
    page.keyboard.press("a")
    on_screen(page, documents[1])


def test_a_filter_stays_and_makes_its_field_the_active_one(page: Page, documents: list[Document]) -> None:
    query = "?field=total&reason=low_confidence"
    page.goto(f"/projects/receipts/review/{query}")
    on_screen(page, documents[0])
    active(page, "total")
    expect(page.locator(".review-filter summary")).to_contain_text("4 hits")
    page.keyboard.press("a")
    on_screen(page, documents[1])
    active(page, "total")
    assert page.url.endswith(query)
    page.keyboard.press("ArrowRight")
    on_screen(page, documents[2])
    active(page, "total")
    assert page.url.endswith(query)


@pytest.mark.parametrize("viewport", [{"width": 1280, "height": 800}, {"width": 390, "height": 844}])
def test_what_is_pressed_is_large_enough(
    open_page: Opened, anna: User, documents: list[Document], viewport: dict[str, int]
) -> None:
    page = start(open_page(anna, viewport=viewport))
    page.locator(".review-filter summary").click()
    small = page.evaluate(
        """() => [...document.querySelectorAll("#review :is(button, summary, select, input, a)")]
            .map((element) => [element.outerHTML.slice(0, 90), element.closest("label") ?? element])
            .map(([name, element]) => [name, element.getBoundingClientRect()])
            .filter(([, box]) => box.width && (box.width < 24 || box.height < 24))
            .map(([name, box]) => `${name} ${box.width} × ${box.height}`)"""
    )
    assert small == []


@pytest.mark.parametrize("locale", ["en-GB", "de-DE"])
@pytest.mark.parametrize("viewport", [{"width": 1280, "height": 800}, {"width": 390, "height": 844}])
def test_what_is_known_about_a_value_stands_on_one_line(
    open_page: Opened, anna: User, documents: list[Document], viewport: dict[str, int], locale: str
) -> None:
    labels = Label.objects.filter(document=documents[0])
    labels.update(teacher="openai:a-model-with-a-long-name#list")
    LabelQuality.objects.bulk_create(
        LabelQuality(project=documents[0].project, label=label, signals={"unsure": 1.0}, probability=0.9)
        for label in labels
    )
    page = start(open_page(anna, viewport=viewport, locale=locale))
    lines = page.locator(".review-lines")
    assert lines.count() == 4
    closed = [box(line)["height"] for line in lines.all()]
    assert max(closed) < 44
    assert not any(line.evaluate("line => line.scrollWidth > line.clientWidth") for line in lines.all())
    lines.first.locator("summary").click()
    expect(lines.first.locator("details li")).to_have_count(2)
    assert box(lines.first)["height"] > closed[0] + 40


def test_the_pages_can_be_scrolled_by_keyboard_and_have_a_name(page: Page) -> None:
    expect(pane(page)).to_have_attribute("aria-label", re.compile("scrollable"))
    expect(pane(page)).to_have_attribute("tabindex", "0")
