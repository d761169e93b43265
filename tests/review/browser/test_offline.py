"""Work without a connection: it goes on, one decision for each document, and nobody conflicts with oneself."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from extraction.models import Document, Project
from tests.review.browser.screen import all_saved, best, loaded_ahead, on_screen, row, text, waiting

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def documents(project: Project) -> list[Document]:
    """More documents than the page loads in advance."""
    return [waiting(project, 0.1 + number / 20) for number in range(8)]


@pytest.fixture
def stuck(page: Page, documents: list[Document]) -> Page:
    """Without a connection, on the last document that was loaded in advance, accepted several times."""
    loaded_ahead(page, documents[1:6])
    page.context.set_offline(True)
    for document in documents[:5]:
        on_screen(page, document)
        page.keyboard.press("a")
    on_screen(page, documents[5])
    page.wait_for_function("() => document.querySelector('.review-page image').href.baseVal")
    assert page.evaluate("fetch(document.querySelector('.review-page image').href.baseVal).then(r => r.ok)")
    for _ in range(3):
        page.keyboard.press("a")
        expect(page.locator(".review-notices")).to_contain_text("The next document needs a connection")
    on_screen(page, documents[5])
    expect(page.locator(".review-saved")).to_contain_text("6 changes kept")
    return page


def test_five_documents_are_decided_offline_and_the_page_goes_on_afterwards(
    stuck: Page, documents: list[Document]
) -> None:
    stuck.context.set_offline(False)

    on_screen(stuck, documents[6])
    all_saved(stuck)
    expect(stuck.locator(".review-notices li")).to_have_count(0)
    assert Document.objects.filter(review=Document.Review.ACCEPTED).count() == 6


def test_a_change_after_an_offline_decision_is_ones_own(stuck: Page, documents: list[Document]) -> None:
    text(stuck, "company").fill("Bean There")
    stuck.keyboard.press("Escape")
    stuck.context.set_offline(False)

    all_saved(stuck)
    on_screen(stuck, documents[5])
    expect(row(stuck, "company").locator(".review-conflict")).to_be_hidden()
    expect(stuck.locator(".review-notices li")).to_have_count(0)
    assert best(documents[5], "company").value == "Bean There"
    assert Document.objects.get(pk=documents[5].pk).review == Document.Review.WAITING
    stuck.keyboard.press("a")
    on_screen(stuck, documents[6])
