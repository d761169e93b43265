"""The review page in German: the keys are the same, what it says is German."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from extraction.models import Document, Project, Role, User
from extraction.services.review import actions
from tests.review.browser.screen import Opened, active, on_screen, start, text
from tests.support import builders

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(open_page: Opened, anna: User, documents: list[Document]) -> Page:
    return start(open_page(anna, locale="de-DE"))


def said(page: Page, sentence: str) -> None:
    expect(page.locator(".review-notices")).to_contain_text(sentence)


def test_keys_do_the_same(page: Page, documents: list[Document]) -> None:
    page.keyboard.press("j")
    active(page, "date")
    page.keyboard.press("n")
    expect(text(page, "date")).to_have_attribute("placeholder", "Nicht auf dem Dokument")
    expect(page.locator(".review-saved")).to_have_text("Alles gespeichert")
    page.keyboard.press("a")
    on_screen(page, documents[1])
    expect(page).to_have_title(f"{documents[1].name} · Prüfung · Receipts · kdweb")
    expect(page.locator(".review-tally")).to_contain_text("1 von 4 geprüft")
    page.keyboard.press("u")
    on_screen(page, documents[0])
    said(page, f"Rückgängig gemacht: {documents[0].name}.")


def test_the_list_of_keys_names_them_as_on_german_keyboards(page: Page) -> None:
    page.keyboard.press("?")
    keys = page.locator(".review-key-list")
    for name in ("Strg", "Umschalt", "Leertaste", "Bild ↓"):
        expect(keys.get_by_text(name, exact=True).first).to_be_visible()
    expect(keys).to_contain_text("Dokument annehmen und weiter")


def test_refusals_of_the_server_are_german(page: Page, project: Project, documents: list[Document]) -> None:
    actions.reject(documents[0], actor=builders.member(project, Role.REVIEWER), reason="RM")
    page.keyboard.press("a")
    said(page, "hat dieses Dokument um")
    said(page, "Zum Annehmen bitte wieder öffnen.")
