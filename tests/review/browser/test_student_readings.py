"""What the student and other teachers read is taken by one key, with its place on the page."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from extraction.domain.learning.label_audit import ContradictingAnswer, IssueReason, LabelAudit, LabelIssue
from extraction.domain.pages import Span
from extraction.models import Document, Source, TrainingRun
from extraction.services.labels import store
from tests.review.browser.screen import active, all_saved, best, row, text

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_key_leads_to_what_the_student_read_and_takes_it(page: Page, documents: list[Document]) -> None:
    document = documents[0]
    last = len(document.domain_pages()[0].words) - 2
    answer = ContradictingAnswer(0.97, (Span(0, last, last),))
    issue = LabelIssue(document.sha256, "total", (IssueReason.CONTRADICTED,), answer)
    audit = LabelAudit(40, listed=(issue,)).to_json()
    run = TrainingRun.objects.create(project=document.project, name="first", label_audit=audit)
    read = document.domain_pages()[0].words[last].text
    page.goto(f"{reverse('review_document', args=[document.project.slug, document.pk])}?run={run.pk}")
    active(page, "company")

    page.keyboard.press("c")
    active(page, "total")
    page.keyboard.press("c")
    expect(text(page, "total")).to_have_value(read)
    all_saved(page)
    assert best(document, "total").value == read
    assert best(document, "total").source == "reviewer"


@pytest.fixture
def contradicted(documents: list[Document]) -> Document:
    """The first document, with values of other teachers for its total."""
    for teacher, value in (("openai:m", "3.00"), ("openai:m#list", None), ("acme:m", "3.00"), ("acme:n", "33.0")):
        # None of them is sure, so that the first value stays the best one.
        store.write(documents[0], "total", value, source=Source.TEACHER, teacher=teacher, unsure=True)
    return documents[0]


def test_a_key_takes_what_others_say_and_another_one_goes_back(contradicted: Document, page: Page) -> None:
    for _ in range(3):
        page.keyboard.press("j")
    active(page, "total")
    offers = row(page, "total").locator("[data-offer]")
    expect(offers).to_contain_text(["3.00", "not on the document", "33.0"])
    expect(offers.first).to_contain_text("2: acme:m, openai:m")

    page.keyboard.press("1")
    expect(text(page, "total")).to_have_value("3.00")
    all_saved(page)
    taken = best(contradicted, "total")
    assert (taken.value, taken.source, taken.spans != []) == ("3.00", "reviewer", True)
    expect(offers.first).to_contain_text("3.30")

    page.keyboard.press("1")
    expect(text(page, "total")).to_have_value("3.30")
    # What is replaced before it was sent is no undo step of its own.
    all_saved(page)
    page.keyboard.press("2")
    expect(text(page, "total")).to_have_value("")
    all_saved(page)
    assert best(contradicted, "total").value is None
    page.keyboard.press("u")
    expect(text(page, "total")).to_have_value("3.30")


def test_a_click_takes_it_too_and_pointing_shows_where_it_stands(contradicted: Document, page: Page) -> None:
    offer = row(page, "total").locator("[data-offer]").first
    offer.hover()
    expect(page.locator(".word.typed, .mark.typed").first).to_be_visible()
    offer.click()
    expect(text(page, "total")).to_have_value("3.00")
    all_saved(page)


def test_a_number_at_which_nothing_stands_does_nothing(contradicted: Document, page: Page) -> None:
    active(page, "company")
    page.keyboard.press("1")
    expect(text(page, "company")).to_have_value("BEAN THERE SDN BHD")
