"""The meaning of a printed value: shown under it, and chosen by key or click where there are two."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from extraction.models import Document
from tests.review.browser.screen import all_saved, best, fail, row, text

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_one_key_or_click_chooses_between_two_days(page: Page, documents: list[Document]) -> None:
    fail(page.context, "**/save/")
    page.keyboard.press("j")
    text(page, "date").fill("06/02/2026")
    expect(row(page, "date").locator(".review-normalized")).not_to_be_visible()
    page.context.unroute("**/save/")
    page.keyboard.press("Escape")
    expect(row(page, "date")).to_contain_text("= 2026-02-06")

    page.keyboard.press("2")
    expect(row(page, "date")).to_contain_text("= 2026-06-02")
    all_saved(page)
    label = best(documents[0], "date")
    assert (label.value, label.normalized, label.reading_chosen) == ("06/02/2026", "2026-06-02", True)

    page.get_by_role("button", name="It means 6 February").click()
    expect(row(page, "date")).to_contain_text("= 2026-02-06")
    page.keyboard.press("u")
    expect(row(page, "date")).to_contain_text("= 2026-06-02")
