"""Accepting, rejecting, going on and taking back; truth, and small screens."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from extraction.models import Document, User
from extraction.services.labels import store
from extraction.services.review import actions
from tests.review.browser.screen import (
    SAID,
    Opened,
    all_saved,
    best,
    fail,
    loaded_ahead,
    on_screen,
    row,
    start,
    text,
    word,
)
from tests.support import builders

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Deciding


def test_accepting_shows_the_next_document_at_once(page: Page, documents: list[Document]) -> None:
    loaded_ahead(page, documents[1:])
    page.keyboard.press("a")
    on_screen(page, documents[1])
    assert page.url.endswith(f"/review/{documents[1].pk}/")
    expect(page.locator(".review-tally")).to_contain_text("1 of 4 reviewed")
    all_saved(page)
    assert Document.objects.get(pk=documents[0].pk).review == Document.Review.ACCEPTED

    page.go_back()
    on_screen(page, documents[0])
    expect(page.locator(".review-decided")).to_contain_text("Accepted")


def test_the_next_document_and_its_picture_are_there_before_they_are_needed(
    page: Page, documents: list[Document], record_property: Callable[[str, object], None]
) -> None:
    loaded_ahead(page, documents[1:])
    page.context.set_offline(True)
    page.keyboard.press("a")

    on_screen(page, documents[1])
    page.wait_for_function("() => performance.getEntriesByName('on screen').length === 1")
    assert page.evaluate("fetch(document.querySelector('.review-page image').href.baseVal).then(r => r.ok)")
    # For the record: the bound of 150 ms is for a machine that does nothing else.
    record_property("milliseconds", page.evaluate("performance.getEntriesByName('on screen')[0].duration"))
    page.context.set_offline(False)
    all_saved(page)
    assert Document.objects.get(pk=documents[0].pk).review == Document.Review.ACCEPTED


def test_what_was_typed_just_before_is_part_of_what_is_accepted(page: Page, documents: list[Document]) -> None:
    page.keyboard.press("e")
    page.keyboard.type("Bean There")
    page.keyboard.press("Control+Enter")

    on_screen(page, documents[1])
    all_saved(page)
    assert best(documents[0], "company").value == "Bean There"
    assert Document.objects.get(pk=documents[0].pk).review == Document.Review.ACCEPTED


def test_the_queue_ends_with_the_next_step(page: Page, documents: list[Document]) -> None:
    for document in documents:
        on_screen(page, document)
        page.keyboard.press("a")
    expect(page.get_by_text("Nothing waits for review")).to_be_visible()


def test_the_queue_ends_also_when_saving_takes_long(page: Page, documents: list[Document]) -> None:
    fail(page.context, "**/accept/")
    for document in documents:
        on_screen(page, document)
        page.keyboard.press("a")
    expect(page.locator(".review-notices")).to_contain_text("This was the last document")

    page.context.unroute("**/accept/")
    expect(page.get_by_text("Nothing waits for review")).to_be_visible()
    assert not Document.objects.filter(review=Document.Review.WAITING).exists()


def test_a_refused_acceptance_of_the_last_document_keeps_it_on_the_screen(
    page: Page, documents: list[Document]
) -> None:
    for document in documents[:-1]:
        on_screen(page, document)
        page.keyboard.press("a")
    on_screen(page, documents[-1])
    all_saved(page)
    actions.save(documents[-1], "company", "BEAN", known=0, actor=builders.user("ben"))
    page.keyboard.press("a")

    expect(page.locator(".review-notices")).to_contain_text("ben wrote “BEAN”")
    on_screen(page, documents[-1])
    expect(text(page, "company")).to_have_value("BEAN")


def test_skipping_and_rejecting(page: Page, documents: list[Document]) -> None:
    page.keyboard.press("s")
    on_screen(page, documents[1])
    page.keyboard.press("x")
    page.locator("#review-reason").fill("Not a receipt")
    page.keyboard.press("Enter")
    on_screen(page, documents[2])
    all_saved(page)

    assert Document.objects.get(pk=documents[0].pk).skipped is not None
    assert Document.objects.get(pk=documents[1].pk).rejection == "Not a receipt"


def test_a_refused_acceptance_brings_the_document_back(page: Page, documents: list[Document]) -> None:
    actions.save(documents[0], "company", "BEAN", known=0, actor=builders.user("ben"))
    page.keyboard.press("a")

    expect(page.locator(".review-notices")).to_contain_text("ben wrote “BEAN”")
    on_screen(page, documents[0])
    expect(text(page, "company")).to_have_value("BEAN")


def test_a_refusal_stays_on_the_screen_when_the_next_document_comes_after_it(
    open_page: Opened, anna: User, documents: list[Document]
) -> None:
    page = open_page(anna)
    held: list[Route] = []
    page.route("**/review/upcoming/**", lambda route: held.append(route), times=1)
    start(page)
    actions.save(documents[0], "company", "BEAN", known=0, actor=builders.user("ben"))
    page.keyboard.press("a")
    expect(page.locator(".review-notices")).to_contain_text("ben wrote “BEAN”")

    held[0].continue_()
    loaded_ahead(page, documents[1:])
    on_screen(page, documents[0])
    expect(page.locator(".review-notices")).to_contain_text("ben wrote “BEAN”")
    page.keyboard.press("a")
    on_screen(page, documents[1])


def test_what_was_stepped_to_stays_where_the_next_document_cannot_be_loaded(
    open_page: Opened, anna: User, documents: list[Document]
) -> None:
    page = open_page(anna)
    held: list[Route] = []

    def hold_the_first(route: Route) -> None:
        held.append(route)
        if len(held) > 1:
            route.abort()

    page.route("**/review/upcoming/**", hold_the_first)
    start(page)
    page.keyboard.press("a")
    all_saved(page)
    page.keyboard.press("ArrowRight")
    on_screen(page, documents[1])
    # What was loading fails, and the attempt after it.
    with page.expect_event("requestfailed", lambda request: len(held) > 1):
        held[0].abort()
    text(page, "company").fill("Bean There")
    page.keyboard.press("Escape")
    all_saved(page)
    expect(page.locator(".review-notices li")).to_have_count(0)
    on_screen(page, documents[1])


def test_stepping_decides_nothing(page: Page, documents: list[Document]) -> None:
    page.keyboard.press("ArrowRight")
    on_screen(page, documents[1])
    page.keyboard.press("ArrowLeft")
    on_screen(page, documents[0])
    assert Document.objects.filter(review=Document.Review.WAITING).count() == 4


def test_the_document_on_the_screen_is_never_its_own_next(page: Page, documents: list[Document]) -> None:
    loaded_ahead(page, documents[1:])
    page.keyboard.press("ArrowRight")
    on_screen(page, documents[1])
    page.go_back()
    on_screen(page, documents[0])
    page.keyboard.press("a")
    # The one that was left undecided comes again later.
    on_screen(page, documents[2])


def test_after_a_logout_changes_wait_for_the_next_login(page: Page, documents: list[Document]) -> None:
    cookies = page.context.cookies()
    page.context.clear_cookies(name="sessionid")
    word(page, 2).click()
    expect(page.locator(".review-saved")).to_contain_text("log in again")
    assert best(documents[0], "company").source == "teacher"

    page.context.add_cookies(cookies)  # type: ignore[arg-type]
    page.reload()
    expect(text(page, "company")).to_have_value("SDN")
    all_saved(page)
    assert best(documents[0], "company").value == "SDN"


# Undo


def test_undo_walks_back_through_fields_and_documents(page: Page, documents: list[Document]) -> None:
    word(page, 2).click()
    all_saved(page)
    page.keyboard.press("a")
    on_screen(page, documents[1])
    all_saved(page)

    page.keyboard.press("u")
    on_screen(page, documents[0])
    expect(text(page, "company")).to_have_value("SDN")
    assert Document.objects.get(pk=documents[0].pk).review == Document.Review.WAITING
    assert best(documents[0], "total").source == "teacher"

    page.keyboard.press("Control+z")
    expect(text(page, "company")).to_have_value(SAID["company"])
    assert best(documents[0], "company").source == "teacher"


def test_undo_after_a_reload_undoes_only_what_came_last(page: Page, documents: list[Document]) -> None:
    word(page, 2).click()
    all_saved(page)
    page.reload()
    expect(text(page, "company")).to_have_value("SDN")
    text(page, "company").fill("BEAN")
    all_saved(page)
    page.keyboard.press("Escape")

    page.keyboard.press("u")
    expect(text(page, "company")).to_have_value("SDN")
    page.keyboard.press("u")
    expect(text(page, "company")).to_have_value(SAID["company"])


def test_control_z_while_typing_is_the_text_fields_own(page: Page, documents: list[Document]) -> None:
    word(page, 2).click()
    all_saved(page)
    page.keyboard.press("e")
    page.keyboard.type("x")
    page.keyboard.press("Control+z")
    expect(text(page, "company")).to_have_value("SDN")
    assert best(documents[0], "company").value == "SDN"


# Truth and small screens


def test_truth_is_locked_until_it_is_unlocked(open_page: Opened, anna: User, documents: list[Document]) -> None:
    store.write(documents[0], "company", "BEAN THERE", source="truth")
    page = open_page(anna)
    page.goto(f"/projects/receipts/review/{documents[0].pk}/")
    word(page, 2).click()
    expect(row(page, "company").locator(".review-state")).to_contain_text("Truth is locked")

    page.keyboard.press("l")
    word(page, 2).click()
    expect(row(page, "company").locator(".review-state")).to_have_text("Saved")
    assert (best(documents[0], "company").value, best(documents[0], "company").source) == ("SDN", "truth")


def test_a_phone_fills_by_taps(open_page: Opened, anna: User, documents: list[Document]) -> None:
    page = start(open_page(anna, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True))
    word(page, 0).tap()
    page.get_by_role("button", name="Add words").tap()
    word(page, 1).tap()

    expect(text(page, "company")).to_have_value("BEAN THERE")
    all_saved(page)
    page.get_by_role("button", name="Accept", exact=False).last.tap()
    on_screen(page, documents[1])
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
