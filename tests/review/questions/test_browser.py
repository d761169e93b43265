"""The page of questions in a real browser."""

from __future__ import annotations

import statistics
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from extraction.models import Document, Label, Project, Question, User
from extraction.services.labels import store
from tests.review.browser.screen import Opened, fail, waiting
from tests.review.questions.rounds import about, best
from tests.support.servers.workers import wait

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
QUESTIONS = "/projects/receipts/questions/"
WATCH = """() => {
  window.painted = [];
  document.addEventListener("keydown", ({ timeStamp }) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => window.painted.push(performance.now() - timeStamp);
    port2.postMessage(null);
  }), true);
}"""


@pytest.fixture
def documents(project: Project) -> list[Document]:
    return [waiting(project, 0.3 + number / 100) for number in range(3)]


@pytest.fixture
def page(open_page: Opened, anna: User, documents: list[Document]) -> Page:
    shown = open_page(anna)
    shown.goto(QUESTIONS)
    expect(current(shown)).to_be_visible()
    return shown


def current(page: Page) -> Locator:
    return page.locator(".question.current")


def key(page: Page) -> str:
    return current(page).get_attribute("data-question") or ""


def label(page: Page) -> Label:
    return Question.objects.get(pk=key(page)).label


def opened_at(page: Page, document: Document, field: str) -> Page:
    """Open the page at a question about that field: of a document a round asks two alone, one of them at random."""
    question = about(document.project, document, field)
    page.goto(QUESTIONS)
    expect(current(page)).to_have_attribute("data-question", str(question.pk))
    return page


def all_saved(page: Page) -> None:
    expect(page.locator(".review-saved")).to_have_text("All saved")


def test_a_key_answers_and_the_next_question_is_there(page: Page) -> None:
    first = key(page)
    page.keyboard.press("y")
    assert key(page) != first
    all_saved(page)
    assert Question.objects.get(pk=first).answer == Question.Answer.YES


def test_several_questions_are_on_the_screen_with_picture_and_value(page: Page) -> None:
    expect(page.locator(".question:visible").nth(1)).to_be_visible()
    card = current(page)
    expect(card.locator("svg image")).to_be_visible()
    expect(card.locator(".mark")).to_be_visible()
    expect(card.locator(".question-value")).to_contain_text(label(page).value or "")


def test_backspace_takes_the_last_answer_back(page: Page) -> None:
    first, asked = key(page), label(page)
    page.keyboard.press("Enter")
    all_saved(page)
    page.keyboard.press("Backspace")
    assert key(page) == first
    all_saved(page)
    assert Question.objects.get(pk=first).state == Question.State.UNDONE
    assert best(asked.document, asked.field).source == "teacher"
    page.keyboard.press("u")
    all_saved(page)
    assert Question.objects.get(pk=first).answer == Question.Answer.UNKNOWN


def test_after_a_no_another_reading_is_one_key_away(project: Project, open_page: Opened, anna: User) -> None:
    document = waiting(project, 0.3)
    store.write(document, "total", "9.99", source="teacher", teacher="rules", confidence=0.1)
    store.write(document, "total", "3.00", source="teacher", teacher="other", confidence=0.1)
    page = opened_at(open_page(anna), document, "total")
    page.keyboard.press("n")
    expect(page.locator(".question-others li").first).to_contain_text("3.00")
    page.keyboard.press("1")
    expect(page.locator("#question-correction")).to_be_hidden()
    all_saved(page)
    assert best(document, "total").value == "3.00"
    assert best(document, "total").author == anna


def test_a_word_of_the_picture_corrects(page: Page) -> None:
    asked = label(page)
    page.keyboard.press("n")
    page.locator(".review-pages .word[data-index='11']").click()
    expect(page.locator("#question-value")).not_to_have_value("")
    chosen = page.locator("#question-value").input_value()
    page.keyboard.press("Enter")
    all_saved(page)
    assert best(asked.document, asked.field).value == chosen
    assert best(asked.document, asked.field).spans == [[0, 11, 11, 0, None]]


def test_a_value_can_be_typed_or_not_be_there(page: Page) -> None:
    asked = label(page)
    page.keyboard.press("n")
    page.keyboard.press("e")
    page.keyboard.type("something 10")
    page.keyboard.press("Enter")
    all_saved(page)
    assert best(asked.document, asked.field).value == "something 10"
    other = label(page)
    page.keyboard.press("n")
    page.keyboard.press("0")
    all_saved(page)
    assert best(other.document, other.field).value is None


def test_escape_leads_back_to_the_question(page: Page) -> None:
    first = key(page)
    page.keyboard.press("n")
    page.keyboard.press("Escape")
    assert key(page) == first
    expect(current(page)).not_to_have_class("done")


def test_without_a_connection_answers_are_kept_and_sent_later(page: Page) -> None:
    first = key(page)
    fail(page.context, "**/answer/")
    page.keyboard.press("y")
    assert key(page) != first
    expect(page.locator(".review-saved")).to_contain_text("kept in this browser")
    page.context.unroute("**/answer/")
    page.reload()
    all_saved(page)
    assert Question.objects.get(pk=first).answer == Question.Answer.YES


def test_a_label_that_changed_meanwhile_is_said(page: Page) -> None:
    asked = label(page)
    store.write(asked.document, asked.field, "2.20", source="teacher", teacher="rules")
    page.keyboard.press("y")
    expect(page.locator(".review-notices")).to_contain_text("nothing was written")
    assert best(asked.document, asked.field).source == "teacher"


def test_what_the_server_does_not_take_is_asked_again(page: Page) -> None:
    first = key(page)
    page.route("**/answer/", lambda route: route.fulfill(status=400, json={"error": "No such value."}))
    page.keyboard.press("y")
    expect(page.locator(".review-notices")).to_contain_text("No such value.")
    expect(page.locator(f".question[data-question='{first}']")).not_to_have_class("done")
    page.unroute("**/answer/")
    page.keyboard.press("ArrowLeft")
    assert key(page) == first
    page.keyboard.press("y")
    all_saved(page)
    assert Question.objects.get(pk=first).answer == Question.Answer.YES


def test_a_date_with_two_meanings_is_the_other_one_by_a_key(project: Project, open_page: Opened, anna: User) -> None:
    document = waiting(project, 0.9)
    store.write(document, "date", "06/08/2023", source="teacher", teacher="rules", confidence=0.1)
    page = opened_at(open_page(anna), document, "date")
    page.keyboard.press("n")
    expect(page.locator(".question-others li").first).to_contain_text("8 June")
    page.keyboard.press("1")
    all_saved(page)
    label = best(document, "date")
    assert (label.value, label.normalized, label.reading_chosen) == ("06/08/2023", "2023-06-08", True)


def test_o_opens_the_document_at_the_field(page: Page) -> None:
    asked = label(page)
    page.keyboard.press("o")
    expect(page.locator(".review-field.active")).to_have_attribute("data-field", asked.field)
    assert f"/review/{asked.document_id}/" in page.url


def test_the_end_is_said_once_all_is_answered(project: Project, open_page: Opened, anna: User) -> None:
    waiting(project, 0.5)
    page = open_page(anna)
    page.goto(QUESTIONS)
    expect(current(page)).to_be_visible()
    for _ in range(4):
        expect(page.locator(".question.current:not(.done)")).to_be_visible()
        page.keyboard.press("y")
    expect(page.locator(".questions-end")).to_be_visible()
    all_saved(page)
    assert Document.objects.get().review == Document.Review.ACCEPTED


def test_big_buttons_answer_on_a_phone(open_page: Opened, anna: User, documents: list[Document]) -> None:
    page = open_page(anna, viewport={"width": 390, "height": 780}, has_touch=True)
    page.goto(QUESTIONS)
    expect(current(page)).to_be_visible()
    first = key(page)
    button = page.locator("[data-do=yes]")
    box = button.bounding_box()
    assert box is not None
    assert box["height"] >= 48
    for card in page.locator(".question:visible").all():
        picture, text = card.locator("svg").bounding_box(), card.locator(".question-text").bounding_box()
        assert picture is not None
        assert text is not None
        assert text["y"] >= picture["y"] + picture["height"] - 1
    button.tap()
    expect(current(page)).not_to_have_attribute("data-question", first)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    all_saved(page)


def test_fifty_questions_are_answered_by_keyboard(
    project: Project, open_page: Opened, anna: User, record_property: Callable[[str, object], None]
) -> None:
    for number in range(20):
        document = waiting(project, 0.3 + number / 100)
        store.write(document, "company", f"SHOP {number}", source="teacher", teacher="rules", confidence=0.4)
    page = open_page(anna)
    page.goto(QUESTIONS)
    expect(current(page)).to_be_visible()
    page.evaluate(WATCH)
    for _ in range(50):
        expect(page.locator(".question.current:not(.done)")).to_be_visible()
        page.keyboard.press("y")
        page.wait_for_timeout(100)
    page.wait_for_function("() => window.painted.length >= 50")
    milliseconds = page.evaluate("window.painted")
    record_property("milliseconds", statistics.median(milliseconds))
    record_property("worst", max(milliseconds))
    # Fifty answers go to the server one after the other.
    answered = Question.objects.filter(state=Question.State.ANSWERED, answer=Question.Answer.YES)
    wait(lambda: answered.count() == 50)
    all_saved(page)
