"""What the student read stands beside the label that it contradicts, for whoever comes from its training run."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from extraction.domain.learning.label_audit import ContradictingAnswer, IssueReason, LabelAudit, LabelIssue
from extraction.domain.pages import Span
from extraction.models import Document, Project, Role, Source, TrainingRun
from extraction.services.labels import store
from extraction.services.review import student_readings
from tests.support import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    return builders.project("receipts")


@pytest.fixture
def document(project: Project) -> Document:
    row = builders.document(project)
    store.write(row, "total", "9.90", source=Source.TEACHER, teacher="rules", confidence=0.9)
    return row


def contradicting(document: Document, **answer: Any) -> TrainingRun:
    """A run whose student contradicts the total of the document, 97 % sure."""
    issue = LabelIssue(document.sha256, "total", (IssueReason.CONTRADICTED,), ContradictingAnswer(0.974, **answer))
    audit = LabelAudit(40, issues=1, reasons={IssueReason.CONTRADICTED: 1}, listed=(issue,))
    return TrainingRun.objects.create(project=document.project, name="first", label_audit=audit.to_json())


def shown(project: Project, document: Document, run: object, role: Role = Role.REVIEWER) -> str:
    client = Client()
    client.force_login(builders.member(project, role))
    response = client.get(reverse("review_document", args=["receipts", document.pk]), {"run": str(run)})
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def last_word(document: Document) -> Span:
    last = len(document.domain_pages()[0].words) - 1
    return Span(0, last, last)


def test_the_value_is_offered_with_its_confidence(project: Project, document: Document) -> None:
    run = contradicting(document, spans=(last_word(document),))
    text = shown(project, document, run.pk)
    assert 'data-option="3.30" data-student' in text
    assert "Student: “3.30”, 97 %" in text
    assert text.count("data-student") == 1


def test_an_absence_is_offered_as_such(project: Project, document: Document) -> None:
    text = shown(project, document, contradicting(document, empty=True).pk)
    assert "Student: not on the document, 97 %" in text
    assert 'data-do="absent" data-student' in text


def test_words_that_are_gone_are_not_offered(project: Project, document: Document) -> None:
    text = shown(project, document, contradicting(document, spans=(Span(0, 900, 901),)).pk)
    assert "the document has been read again since" in text
    assert "data-student" not in text


@pytest.mark.parametrize("run", ["", "0", "nonsense", "99999999999999999999", "1e3"])
def test_other_runs_show_nothing(project: Project, document: Document, run: str) -> None:
    contradicting(document, empty=True)
    assert "data-student" not in shown(project, document, run)


def test_a_run_of_another_project_shows_nothing(project: Project, document: Document) -> None:
    other = builders.document(builders.project("others"))
    run = contradicting(other, empty=True)
    Document.objects.filter(pk=other.pk).update(sha256=document.sha256)
    assert "data-student" not in shown(project, document, run.pk)


def test_the_run_leads_to_review_with_what_it_read(project: Project, document: Document) -> None:
    run = contradicting(document, empty=True)
    client = Client()
    client.force_login(builders.member(project, Role.REVIEWER))
    text = client.get(reverse("training_run", args=["receipts", run.pk])).content.decode()
    address = reverse("review_document", args=["receipts", document.pk])
    assert f'href="{address}?run={run.pk}#field-total"' in text


def test_review_leads_to_labels_that_are_still_contradicted(project: Project, document: Document) -> None:
    run = contradicting(document, empty=True)
    client = Client()
    client.force_login(builders.member(project, Role.REVIEWER))
    page = client.get(reverse("review_document", args=["receipts", document.pk])).content.decode()
    assert f"{reverse('training_run', args=['receipts', run.pk])}#distrusted" in page
    assert "1 contradicted" in page
    Document.objects.filter(pk=document.pk).update(review=Document.Review.ACCEPTED)
    sentence = "1 label that the student first contradicts"
    assert sentence in client.get(reverse("review", args=["receipts"])).content.decode()
    Document.objects.filter(pk=document.pk).update(reviewed=timezone.now())
    assert student_readings.latest(run.project) is None
    assert sentence not in client.get(reverse("review", args=["receipts"])).content.decode()
