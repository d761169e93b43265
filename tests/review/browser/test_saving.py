"""Changes are saved by themselves and never lost, nor written over somebody else's."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from extraction.models import Document, User
from extraction.services.review import actions
from tests.review.browser.screen import (
    SAID,
    Opened,
    all_saved,
    best,
    fail,
    on_screen,
    row,
    text,
)
from tests.support import builders

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Saving


def test_what_is_typed_is_saved_without_any_button(page: Page, documents: list[Document]) -> None:
    page.keyboard.press("e")
    page.keyboard.type("Bean There")

    all_saved(page)
    expect(row(page, "company").locator(".review-state")).to_have_text("Saved")
    expect(row(page, "company").locator(".review-meta")).to_contain_text("Reviewer")
    assert best(documents[0], "company").value == "Bean There"


def test_nothing_can_be_typed_before_the_page_can_save_it(
    open_page: Opened, anna: User, documents: list[Document]
) -> None:
    page = open_page(anna)
    held: list[Route] = []
    page.route("**/review/fields.js", lambda route: held.append(route))
    with page.expect_request("**/review/fields.js"):
        page.goto("/projects/receipts/review/", wait_until="commit")
    text(page, "total").click()
    page.keyboard.type("99")
    expect(page.locator(".review-saved")).to_have_text("Loading…")

    held[0].continue_()
    all_saved(page)
    expect(text(page, "total")).to_have_value(SAID["total"])
    text(page, "total").fill("99.30")
    all_saved(page)
    assert best(documents[0], "total").value == "99.30"


def test_without_network_changes_are_kept_and_saved_later(page: Page, documents: list[Document]) -> None:
    page.context.set_offline(True)
    page.keyboard.press("e")
    page.keyboard.type("Bean There")
    page.keyboard.press("Tab")
    expect(page.locator(".review-saved")).to_contain_text("1 change kept in this browser")
    expect(row(page, "company").locator(".review-state")).to_have_text("Kept here, not saved yet")
    assert best(documents[0], "company").source == "teacher"

    page.context.set_offline(False)
    all_saved(page)
    assert best(documents[0], "company").value == "Bean There"


def test_a_browser_that_grants_no_request_beyond_its_page_saves_all_the_same(
    page: Page, documents: list[Document]
) -> None:
    page.evaluate(
        """() => {
            const real = window.fetch;
            window.fetch = (url, options) =>
                options?.keepalive ? Promise.reject(new TypeError("Failed to fetch")) : real(url, options);
        }"""
    )
    page.keyboard.press("e")
    page.keyboard.type("Bean There")

    all_saved(page)
    assert best(documents[0], "company").value == "Bean There"


def test_a_closed_browser_loses_nothing(page: Page, documents: list[Document]) -> None:
    fail(page.context, "**/save/")
    page.keyboard.press("e")
    page.keyboard.type("Bean There")
    page.keyboard.press("Tab")
    expect(page.locator(".review-saved")).to_contain_text("kept in this browser")
    other = page.context.new_page()
    page.close()
    page.context.unroute("**/save/")

    other.goto(f"/projects/receipts/review/{documents[0].pk}/")

    expect(text(other, "company")).to_have_value("Bean There")
    all_saved(other)
    assert best(documents[0], "company").value == "Bean There"


def test_an_emptied_field_is_no_value_and_stays_the_persons_business(page: Page, documents: list[Document]) -> None:
    page.keyboard.press("e")
    page.keyboard.press("Delete")
    expect(row(page, "company").locator(".review-state")).to_contain_text("Company is empty")
    page.keyboard.press("Control+Enter")

    on_screen(page, documents[0])
    assert best(documents[0], "company").value == SAID["company"]


def test_a_lost_answer_is_no_conflict_with_oneself(page: Page, documents: list[Document]) -> None:
    lost = []

    def lose(route: Route) -> None:
        route.fetch()
        lost.append(1)
        route.abort()

    page.route("**/save/", lose, times=1)
    page.keyboard.press("e")
    page.keyboard.type("Bean")
    page.wait_for_function("() => document.querySelector('.review-saved').textContent.includes('kept')")
    page.keyboard.type(" There")

    all_saved(page)
    assert lost
    assert best(documents[0], "company").value == "Bean There"


# Conflicts


@pytest.fixture
def conflict(page: Page, documents: list[Document]) -> Page:
    """Somebody else has written the field that anna now changes."""
    ben = builders.user("ben")
    actions.save(documents[0], "company", "BEAN", known=0, actor=ben)
    page.keyboard.press("e")
    page.keyboard.type("THERE")
    page.keyboard.press("Escape")
    expect(row(page, "company").locator(".review-conflict")).to_be_visible()
    return page


def test_a_conflict_shows_both_values(conflict: Page, documents: list[Document]) -> None:
    shown = row(conflict, "company").locator(".review-conflict")
    expect(shown).to_contain_text("ben")
    expect(shown).to_contain_text("BEAN")
    expect(shown).to_contain_text("THERE")
    assert best(documents[0], "company").value == "BEAN"

    conflict.keyboard.press("a")
    on_screen(conflict, documents[0])


def test_mine_can_be_kept(conflict: Page, documents: list[Document]) -> None:
    conflict.get_by_role("button", name="Keep mine").click()
    all_saved(conflict)
    assert best(documents[0], "company").value == "THERE"


def test_theirs_can_be_taken(conflict: Page, documents: list[Document]) -> None:
    conflict.get_by_role("button", name="Take theirs").click()
    expect(text(conflict, "company")).to_have_value("BEAN")
    all_saved(conflict)
    assert best(documents[0], "company").value == "BEAN"
