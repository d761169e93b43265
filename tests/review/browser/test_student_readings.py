"""What the student read is taken by one key, after one that leads to the field."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from extraction.domain.learning.label_audit import ContradictingAnswer, IssueReason, LabelAudit, LabelIssue
from extraction.domain.pages import Span
from extraction.models import Document, TrainingRun
from tests.review.browser.screen import active, all_saved, best, text

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
