"""Two reviewers at one table: other rows both stay, the same row is asked about, nothing that was typed is lost."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from extraction.models import Document, User
from extraction.services.labels import store
from extraction.services.review import actions
from tests.review.browser.screen import Opened, all_saved, fail
from tests.review.tables.screen import best, cell, in_cell, rows_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def by(actor: User, shown: Document, old: str, new: str) -> None:
    """Another page writes a text in place of another."""
    label = best(shown)
    known = label.pk if label.source_kind.by_people else 0
    text = (label.value or "").replace(old, new)
    actions.save(shown, "items", text, known=known, actor=actor, base=label.pk)


def typed(page: Page, number: int, column: str, text: str) -> None:
    """At once: on a busy machine the first letters would be saved before the last."""
    cell(page, number, column).click()
    page.keyboard.insert_text(text)


def test_changes_of_other_rows_come_with_the_next_save(page: Page, ben: User, shown: Document) -> None:
    by(ben, shown, "Egg", "Eggs")
    typed(page, 0, "description", "Latte")
    expect(cell(page, 3, "description")).to_contain_text("Eggs")
    in_cell(page, 0, "description")
    all_saved(page)
    assert [cells[0] for cells in rows_of(shown)][:4] == ["Latte", "Green tea", "Toast", "Eggs"]

    page.keyboard.type(" hot")
    all_saved(page)
    assert rows_of(shown)[0][0] == "Latte hot"
    assert rows_of(shown)[3][0] == "Eggs"


@pytest.mark.parametrize(("key", "expected"), [("Alt+t", "Mocha"), ("Alt+k", "Latte")])
def test_the_same_row_is_asked_about(page: Page, ben: User, shown: Document, key: str, expected: str) -> None:
    by(ben, shown, "Coffee", "Mocha")
    by(ben, shown, "Egg", "Eggs")
    typed(page, 0, "description", "Latte")
    clash = page.locator(".review-clash")
    expect(clash).to_contain_text(ben.username)
    expect(clash).to_contain_text("Mocha · 1 · 3.00")
    expect(page.locator(".review-saved")).to_have_text("Not all saved")
    assert rows_of(shown)[0][0] == "Mocha"

    page.keyboard.press(key)
    expect(clash).to_have_count(0)
    all_saved(page)
    assert [cells[0] for cells in rows_of(shown)][:4] == [expected, "Green tea", "Toast", "Eggs"]


def test_what_is_typed_into_a_row_that_is_asked_about_is_mine_too(page: Page, ben: User, shown: Document) -> None:
    by(ben, shown, "Coffee", "Mocha")
    typed(page, 0, "description", "Latte")
    expect(page.locator(".review-clash")).to_have_count(1)
    page.keyboard.insert_text(" hot")
    page.keyboard.press("Alt+k")
    all_saved(page)
    assert rows_of(shown)[0][0] == "Latte hot"


def test_a_question_outlives_the_page_and_other_rows_can_be_typed_meanwhile(
    page: Page, ben: User, shown: Document
) -> None:
    by(ben, shown, "Coffee", "Mocha")
    typed(page, 0, "description", "Latte")
    expect(page.locator(".review-clash")).to_have_count(1)
    typed(page, 2, "description", "Toast with jam")
    page.reload()
    expect(page.locator(".review-clash")).to_contain_text("Mocha")
    expect(cell(page, 2, "description")).to_contain_text("Toast with jam")
    page.get_by_role("button", name="Keep mine").click()
    all_saved(page)
    assert [cells[0] for cells in rows_of(shown)][:3] == ["Latte", "Green tea", "Toast with jam"]


def test_another_word_about_the_whole_table_is_asked_about(page: Page, ben: User, shown: Document) -> None:
    actions.save(shown, "items", None, known=0, actor=ben)
    typed(page, 0, "description", "Latte")
    conflict = page.locator("#field-items .review-conflict")
    expect(conflict).to_contain_text("not on the document")
    expect(conflict).to_contain_text("6 rows")
    conflict.get_by_role("button", name="Keep mine").click()
    all_saved(page)
    assert rows_of(shown)[0][0] == "Latte"


def test_undo_leaves_the_rows_of_the_other_reviewer(page: Page, ben: User, shown: Document) -> None:
    typed(page, 0, "description", "Latte")
    page.keyboard.press("Tab")
    all_saved(page)
    by(ben, shown, "Egg", "Eggs")
    page.keyboard.press("Control+z")
    expect(cell(page, 0, "description")).to_contain_text("Coffee")
    assert [cells[0] for cells in rows_of(shown)][:4] == ["Coffee", "Green tea", "Toast", "Eggs"]


@pytest.mark.parametrize("key", ["Control+z", "u"])
def test_undo_that_would_take_back_the_others_rows_says_so_and_shows_them(
    page: Page, ben: User, shown: Document, key: str
) -> None:
    typed(page, 0, "description", "Latte")
    page.keyboard.press("Tab")
    all_saved(page)
    by(ben, shown, "Latte", "Mocha")
    if key == "u":
        page.keyboard.press("Escape")
    page.keyboard.press(key)
    notice = page.locator(".review-notices")
    expect(notice).to_contain_text(f"“items” is not undone: {ben.username} changed the same rows since")
    expect(cell(page, 0, "description")).to_contain_text("Mocha")
    expect(page.locator(".review-clash")).to_have_count(0)
    page.keyboard.press(key)
    expect(notice).to_contain_text("nothing to undo")
    assert rows_of(shown)[0][0] == "Mocha"


def test_what_is_typed_without_a_connection_is_saved_later(page: Page, shown: Document) -> None:
    fail(page.context, "**/save/")
    typed(page, 0, "description", "Latte")
    page.keyboard.press("ArrowDown")
    page.keyboard.type("Black tea")
    expect(page.locator(".review-saved")).to_contain_text("No connection")
    page.context.unroute("**/save/")
    page.reload()
    expect(cell(page, 1, "description")).to_contain_text("Black tea")
    all_saved(page)
    assert [cells[0] for cells in rows_of(shown)][:2] == ["Latte", "Black tea"]


def test_accepting_the_document_takes_the_rows_as_shown(page: Page, shown: Document) -> None:
    typed(page, 0, "description", "Latte")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Nothing waits for review")).to_be_visible()
    assert Document.objects.get(pk=shown.pk).review == Document.Review.ACCEPTED
    assert rows_of(shown)[0][0] == "Latte"


def test_truth_is_locked_until_it_is_unlocked(open_page: Opened, anna: User, shown: Document) -> None:
    store.write(shown, "items", best(shown).value, source="truth")
    page = open_page(anna)
    page.goto(f"/projects/receipts/review/{shown.pk}/")
    cell(page, 0, "description").click()
    page.keyboard.press("Alt+x")
    page.keyboard.type("Latte")
    assert rows_of(shown)[0][0] == "Coffee"
    page.keyboard.press("Escape")
    page.keyboard.press("l")
    page.keyboard.press("e")
    page.keyboard.type("Latte")
    all_saved(page)
    assert best(shown).source == "truth"
    assert rows_of(shown)[0][0] == "Latte"
