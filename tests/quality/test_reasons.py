"""What speaks for a label and against it, as people and programs see it."""

import csv
import io

import pytest
from django.test import Client
from django.urls import reverse

from extraction.domain.label_quality import signals
from extraction.domain.progress import Silent
from extraction.models import Document, Label, Project, Role, Scope, Source
from extraction.services.labels import store
from extraction.services.projects import tokens
from extraction.services.quality import assessments, reasons
from tests.support import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    return builders.project()


@pytest.fixture
def document(project: Project) -> Document:
    """A document with a total that is printed and confirmed by nobody, and one that another teacher contradicts."""
    row = builders.document(project)
    store.write(row, "total", "9.99", source=Source.TEACHER, teacher="model")
    store.write(row, "total", "3.30", source=Source.TEACHER, teacher="other")
    store.write(row, "date", "25/12/2018", source=Source.TEACHER, teacher="model")
    assessments.run(project.pk, Silent())
    return row


def test_every_signal_has_words() -> None:
    assert {signal.name for signal in signals.known()} == set(reasons.WORDS)


def test_the_weightiest_comes_first_and_small_ones_are_left_out(document: Document) -> None:
    label = Label.objects.select_related("quality").get(document=document, value="9.99")
    found = reasons.reasons(label)
    assert found.opposing[0] == reasons.WORDS["not_found"]
    assert reasons.WORDS["others_differ"] in found.opposing
    assert not found.supporting
    unassessed = store.write(document, "total", "3.00", source=Source.REVIEWER, author=builders.user())
    assert not reasons.reasons(unassessed)


@pytest.mark.parametrize("page", ["document", "review_document"])
def test_pages_show_how_probable_a_label_is_and_why(client: Client, document: Document, page: str) -> None:
    client.force_login(builders.member(document.project, Role.REVIEWER))
    text = client.get(reverse(page, args=[document.project.slug, document.pk])).content.decode()
    assert str(reasons.WORDS["not_found"]) in text


def test_the_api_gives_the_probability_of_each_label(client: Client, document: Document) -> None:
    owner = builders.member(document.project, Role.OWNER)
    _, secret = tokens.create(document.project, owner, name="reader", scopes=[Scope.READ])
    answer = client.get(
        f"/api/v1/projects/{document.project.slug}/documents/{document.pk}/labels",
        headers={"Authorization": f"Bearer {secret}"},
    ).json()
    total = answer["fields"]["total"]
    assert total["probability"] < 0.5
    assert total["signals"]["not_found"] == 1


def test_the_table_of_labels_has_them(client: Client, document: Document) -> None:
    client.force_login(builders.member(document.project, Role.VIEWER))
    url = reverse("labels_export", args=[document.project.slug, "csv"])
    text = client.get(url).getvalue().decode()
    [row] = csv.DictReader(io.StringIO(text.lstrip("\ufeff")))
    assert float(row["total.probability"]) < 0.5
    assert str(reasons.WORDS["not_found"]) in row["total.doubts"]
