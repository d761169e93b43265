"""Two reviewers at the same time: they see each other and never get the same document."""

from __future__ import annotations

import pytest
from playwright.sync_api import APIResponse, Page, Route, expect

from extraction.models import Document, Project, Reservation, Role, User
from extraction.services.review import actions
from tests.review.browser.screen import Opened, all_saved, loaded_ahead, on_screen, start, waiting
from tests.support import builders
from tests.support.servers.workers import wait

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def ben(project: Project) -> User:
    return builders.member(project, Role.REVIEWER)


def shown(page: Page) -> str:
    return page.locator(".review-sheet").get_attribute("data-document") or ""


def all_gone(page: Page, document: str) -> None:
    expect(page.locator(f".review-sheet[data-document='{document}']")).to_have_count(0)


@pytest.mark.slow
def test_in_step_they_get_different_documents(open_page: Opened, project: Project, anna: User, ben: User) -> None:
    documents = [waiting(project, number / 30) for number in range(24)]
    pages = [start(open_page(anna)), start(open_page(ben))]
    seen: list[str] = []
    for _ in range(8):
        for page in pages:
            seen.append(shown(page))
            page.keyboard.press("a")
            all_gone(page, seen[-1])
    for page in pages:
        all_saved(page)
    assert len(set(seen)) == len(seen) == 16
    assert {int(key) for key in seen} <= {document.pk for document in documents}
    assert Document.objects.filter(review=Document.Review.ACCEPTED).count() == 16


@pytest.mark.slow
def test_few_documents_are_shared_and_each_is_reviewed_once(
    open_page: Opened, project: Project, documents: list[Document], anna: User, ben: User
) -> None:
    """The first page has loaded all four ahead; the second one gets those that are not open there."""
    pages = [start(open_page(anna))]
    loaded_ahead(pages[0], documents[1:])
    pages.append(start(open_page(ben)))
    seen: list[list[str]] = [[], []]
    for _ in range(2):
        for number, page in enumerate(pages):
            seen[number].append(shown(page))
            page.keyboard.press("a")
            all_gone(page, seen[number][-1])
    assert sorted(map(int, seen[0] + seen[1])) == [document.pk for document in documents]
    assert len(seen[0]) == len(seen[1]) == 2
    for page in reversed(pages):
        nothing, again = page.get_by_text("Nothing waits for review"), page.get_by_role("link", name="Look again")
        expect(nothing.or_(again)).to_be_visible()
        if again.is_visible():
            # It came to the end before the other one's last decision was saved.
            again.click()
        expect(nothing).to_be_visible()
    by = [set(Document.objects.filter(reviewer=user).values_list("pk", flat=True)) for user in (anna, ben)]
    assert by == [set(map(int, own)) for own in seen]


def test_what_was_decided_since_it_was_loaded_ahead_is_passed_over(
    page: Page, documents: list[Document], ben: User
) -> None:
    loaded_ahead(page, documents[1:])
    actions.reject(documents[1], actor=ben)
    page.keyboard.press("a")
    on_screen(page, documents[2])
    all_saved(page)


def test_an_open_document_names_its_reviewer_until_it_is_taken_over(
    open_page: Opened, page: Page, documents: list[Document], anna: User, ben: User
) -> None:
    other = open_page(ben)
    other.goto(f"/projects/receipts/review/{documents[0].pk}/")
    expect(other.locator(".review-reserved")).to_contain_text(f"{anna.username} is reviewing this, since")
    expect(page.locator(".review-reserved")).to_be_hidden()

    other.get_by_role("button", name="Take over").click()
    expect(other.locator(".review-reserved")).to_be_hidden()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator(".review-reserved")).to_contain_text(f"{ben.username} is reviewing this")
    on_screen(page, documents[0])


def test_a_late_answer_names_nobody_from_whom_it_was_taken_over(
    open_page: Opened, page: Page, documents: list[Document], anna: User, ben: User
) -> None:
    other = open_page(ben)
    late: list[tuple[Route, APIResponse]] = []
    other.route("**/review/heartbeat/", lambda route: late.append((route, route.fetch())), times=1)
    other.goto(f"/projects/receipts/review/{documents[0].pk}/")
    expect(other.locator(".review-reserved")).to_contain_text(f"{anna.username} is reviewing this, since")
    while not late:
        other.wait_for_timeout(50)
    [(route, answer)] = late
    assert list(answer.json()["taken"]) == [str(documents[0].pk)]

    other.get_by_role("button", name="Take over").click()
    expect(other.locator(".review-reserved")).to_be_hidden()
    with other.expect_event("requestfinished", lambda request: request == route.request):
        route.fulfill(response=answer)
    # The page's scripts have read it.
    other.evaluate("new Promise(resolve => setTimeout(resolve, 100))")
    expect(other.locator(".review-reserved")).to_be_hidden()


def test_leaving_the_page_gives_its_documents_back(
    open_page: Opened, page: Page, documents: list[Document], ben: User
) -> None:
    loaded_ahead(page, documents[1:])
    page.goto("/projects/receipts/documents/")
    wait(lambda: not Reservation.objects.exists())
    on_screen(start(open_page(ben)), documents[0])
