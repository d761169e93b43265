"""Every key, and words that fill fields."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from extraction.models import Document
from tests.review.browser.screen import (
    FIELDS,
    active,
    all_saved,
    best,
    fail,
    middle,
    on_screen,
    row,
    text,
    word,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Keys


def test_keys_walk_through_the_fields(page: Page) -> None:
    active(page, "company")
    for key, field in [
        ("j", "date"),
        ("ArrowDown", "address"),
        ("k", "date"),
        ("Tab", "address"),
        ("Shift+Tab", "date"),
    ]:
        page.keyboard.press(key)
        active(page, field)


def test_the_sheet_of_keys_opens_and_holds_every_key(page: Page) -> None:
    page.keyboard.press("?")
    sheet = page.locator("#review-keys")
    expect(sheet).to_be_visible()
    for says in ("Accept the document and go on", "Not on the document", "Undo", "Turn the view", "These keys"):
        expect(sheet.get_by_text(says, exact=True)).to_be_visible()

    page.keyboard.press("j")
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    active(page, "company")


def test_keys_are_letters_while_one_types(page: Page, documents: list[Document]) -> None:
    page.keyboard.press("e")
    page.keyboard.type("a jukes+0 x?")

    expect(text(page, "company")).to_have_value("a jukes+0 x?")
    on_screen(page, documents[0])
    expect(page.locator("dialog[open]")).to_have_count(0)
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    active(page, "date")


def test_tab_moves_on_typing(page: Page) -> None:
    page.keyboard.press("e")
    page.keyboard.press("Tab")
    expect(text(page, "date")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(text(page, "company")).to_be_focused()


def test_enter_accepts_field_after_field_and_then_the_document(page: Page, documents: list[Document]) -> None:
    for _ in FIELDS:
        page.keyboard.press("Enter")
    all_saved(page)
    assert {best(documents[0], field).source for field in FIELDS} == {"reviewer"}

    page.keyboard.press("Enter")
    on_screen(page, documents[1])


def test_not_on_the_document(page: Page, documents: list[Document]) -> None:
    page.keyboard.press("j")
    page.keyboard.press("n")

    expect(text(page, "date")).to_have_attribute("placeholder", "Not on the document")
    all_saved(page)
    assert best(documents[0], "date").value is None
    assert best(documents[0], "date").source == "reviewer"


def test_zoom_and_rotation(page: Page) -> None:
    picture = page.locator("svg.review-page")
    start = float(picture.get_attribute("width") or 0)
    page.keyboard.press("+")
    assert float(picture.get_attribute("width") or 0) == pytest.approx(1.25 * start, abs=1)
    page.keyboard.press("0")
    pane = page.get_by_role("region", name="Picture of the document").bounding_box()
    whole = picture.bounding_box()
    assert pane is not None
    assert whole is not None
    assert whole["height"] <= pane["height"]
    assert whole["width"] <= pane["width"]
    page.keyboard.press("r")
    expect(picture).to_have_attribute("viewBox", "0 0 1200 800")


def test_history_opens_by_key(page: Page) -> None:
    page.keyboard.press("h")
    expect(row(page, "company").locator("details")).to_contain_text("rules")


# Words


def test_a_click_on_a_word_fills_the_active_field(page: Page, documents: list[Document]) -> None:
    word(page, 2).click()

    expect(text(page, "company")).to_have_value("SDN")
    all_saved(page)
    assert best(documents[0], "company").spans == [[0, 2, 2, 0, None]]


def test_a_drag_over_words_fills_them_in_reading_order(page: Page, documents: list[Document]) -> None:
    page.keyboard.press("j")
    page.keyboard.press("j")
    (x0, y0), (x1, y1) = middle(word(page, 6)), middle(word(page, 4))
    page.mouse.move(x0, y0 + 4)
    page.mouse.down()
    page.mouse.move(x1, y1 - 4, steps=5)
    page.mouse.up()

    expect(text(page, "address")).to_have_value("12 Harbour Road,")
    all_saved(page)
    assert best(documents[0], "address").spans == [[0, 4, 6, 0, None]]


def test_shift_extends_and_control_adds(page: Page) -> None:
    word(page, 0).click()
    word(page, 2).click(modifiers=["Shift"])
    expect(text(page, "company")).to_have_value("BEAN THERE SDN")
    word(page, 4).click(modifiers=["Control"])
    expect(text(page, "company")).to_have_value("BEAN THERE SDN 12")


def test_words_can_be_clicked_in_a_turned_view(page: Page) -> None:
    page.keyboard.press("r")
    word(page, 1).click()
    expect(text(page, "company")).to_have_value("THERE")


def test_typing_shows_where_the_text_stands_or_that_it_does_not(page: Page) -> None:
    # Once it is saved the place is that of the stored value.
    fail(page.context, "**/save/")
    page.keyboard.press("e")
    page.keyboard.type("BEAN THERE")
    expect(page.locator(".mark.typed")).to_have_count(1)

    page.keyboard.press("Control+a")
    page.keyboard.type("Nowhere Inc")
    expect(row(page, "company")).to_have_class(re.compile("unfound"))
