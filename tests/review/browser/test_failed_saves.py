"""A save that fails says so, keeps what was typed, and never looks saved; whatever the failure."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from extraction.models import Document, Membership, Role, User
from extraction.services.documents import intake
from tests.review.browser.screen import on_screen, row, text

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

GONE = "is no longer there, or you have no access to it any more."
SAID = {
    400: "could not do this (error 400).",
    403: "Not saved: you may not change this",
    404: GONE,
    410: GONE,
    413: "too large",
    429: "The server cannot save now: 1 change kept",
}


def typed(page: Page) -> None:
    page.keyboard.press("e")
    page.keyboard.type("Bean There")
    page.keyboard.press("Escape")


def not_saved(page: Page, sentence: str) -> None:
    expect(page.locator("#review")).to_contain_text(sentence)
    expect(page.locator(".review-saved")).not_to_contain_text("All saved")
    expect(row(page, "company").locator(".review-state")).not_to_have_text("Saved")
    expect(text(page, "company")).to_have_value("Bean There")
    page.reload()
    expect(page.locator(".review-saved")).to_have_text(re.compile("^N|^The server"))
    expect(text(page, "company")).to_have_value("Bean There")


@pytest.mark.parametrize("status", SAID)
def test_any_answer_that_is_no_success(page: Page, status: int) -> None:
    page.route("**/save/", lambda route: route.fulfill(status=status, content_type="text/html", body="<html>"))
    typed(page)
    not_saved(page, SAID[status])


def test_no_answer(page: Page) -> None:
    page.route("**/save/", lambda route: route.abort())
    typed(page)
    not_saved(page, "No connection: 1 change kept in this browser")


def test_a_session_that_ended(page: Page) -> None:
    page.context.clear_cookies(name="sessionid")
    typed(page)
    expect(page.locator(".review-saved")).to_contain_text("Not saved: log in again, 1 change kept")
    expect(text(page, "company")).to_have_value("Bean There")


def test_a_role_that_was_taken(page: Page, anna: User) -> None:
    Membership.objects.filter(user=anna).update(role=Role.VIEWER)
    typed(page)
    expect(page.locator(".review-saved")).to_contain_text("Not saved: you may not change this")
    expect(text(page, "company")).to_have_value("Bean There")


class TestADocumentThatIsGone:
    def test_its_value_is_kept_until_it_is_discarded(self, page: Page, documents: list[Document]) -> None:
        intake.delete(documents[0])
        typed(page)
        notice = page.locator(".review-notices .elsewhere")
        expect(notice).to_contain_text(GONE)
        expect(notice).to_contain_text("Kept here: Bean There")
        expect(page.locator(".review-saved")).to_have_text("Not all saved")
        expect(row(page, "company").locator(".review-state")).to_contain_text(GONE)

        page.get_by_role("button", name="Discard").click()
        expect(notice).to_have_count(0)
        expect(page.locator(".review-saved")).to_have_text("All saved")

    def test_its_decision_is_told_on_the_next_one(self, page: Page, documents: list[Document]) -> None:
        intake.delete(documents[0])
        page.keyboard.press("a")
        on_screen(page, documents[1])
        expect(page.locator(".review-notices .elsewhere")).to_contain_text(f"{documents[0].name}: This {GONE}")
        expect(page.locator(".review-saved")).to_have_text("Not all saved")

    def test_of_a_project_that_was_left(self, page: Page, anna: User) -> None:
        Membership.objects.filter(user=anna).delete()
        typed(page)
        expect(page.locator(".review-notices .elsewhere")).to_contain_text(GONE)
        expect(text(page, "company")).to_have_value("Bean There")


def test_undo_after_the_session_ended_is_not_done(page: Page) -> None:
    typed(page)
    expect(page.locator(".review-saved")).to_have_text("All saved")
    page.context.clear_cookies(name="sessionid")
    page.keyboard.press("u")
    expect(page.locator(".review-notices .passing")).to_have_text("You are logged out; log in again and repeat it.")
