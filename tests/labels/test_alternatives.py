"""Several teachers: what most say counts, what others say is kept beside it."""

from __future__ import annotations

import pytest

from extraction.models import BestLabel, Document, Label, Project, Source
from extraction.services.labels import alternatives, ranking, store
from tests.support import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    return builders.project()


@pytest.fixture
def document(project: Project) -> Document:
    return builders.document(project)


def said(document: Document, teacher: str, value: str | None, *, unsure: bool = False) -> Label:
    return store.write(document, "total", value, source=Source.TEACHER, teacher=teacher, unsure=unsure)


def best(document: Document) -> Label:
    label = BestLabel.objects.select_related("label").get(document=document, field="total").label
    assert ranking.best(document)["total"] == label
    return label


def others(document: Document) -> list[tuple[str | None, list[str]]]:
    return [(other.label.value, other.names) for other in alternatives.of_field(best(document), document.labels.all())]


def test_of_two_teachers_the_projects_own_counts(document: Document) -> None:
    said(document, "first", "3.30")
    said(document, "second", "9.99")
    assert best(document).value == "3.30"
    assert others(document) == [("9.99", ["second"])]


def test_of_three_what_two_say_counts_by_its_meaning(document: Document) -> None:
    said(document, "first", "9.99")
    said(document, "second", "3.30")
    said(document, "second#list", "RM 3.30")
    assert best(document).value == "RM 3.30"
    assert others(document) == [("9.99", ["first"])]


def test_whoever_is_unsure_has_no_voice(document: Document) -> None:
    said(document, "first", "9.99")
    said(document, "second", "3.30")
    said(document, "third", "3.30", unsure=True)
    assert best(document).value == "9.99"
    assert others(document) == [("3.30", ["third", "second"])]


def test_where_as_many_say_either_the_projects_teacher_counts(document: Document) -> None:
    for teacher, value in (("first", "9.99"), ("second", "3.30"), ("third", "3.30"), ("fourth", "9.99")):
        said(document, teacher, value)
    assert best(document).value == "9.99"


def test_that_it_is_not_on_the_document_is_a_value_too(document: Document) -> None:
    said(document, "first", "9.99")
    for teacher in ("second", "third"):
        said(document, teacher, None)
    assert best(document).value is None
    assert others(document) == [("9.99", ["first"])]


def test_a_teacher_has_one_voice_and_none_for_what_it_took_back(document: Document) -> None:
    said(document, "first", "9.99")
    said(document, "second", "3.30")
    said(document, "second", "3.30")
    assert best(document).value == "9.99"
    store.write(document, "total", None, source=Source.TEACHER, teacher="second", withdrawn=True)
    assert others(document) == []


def test_a_person_is_never_outvoted_and_no_alternative(document: Document) -> None:
    for teacher in ("first", "second", "third"):
        said(document, teacher, "9.99")
    store.write(document, "total", "3.30", source=Source.REVIEWER)
    store.write(document, "total", "4.40", source=Source.TRUTH)
    assert best(document).value == "4.40"
    assert others(document) == [("9.99", ["third", "second", "first"])]
    assert alternatives.of_document(ranking.best(document), document.labels.all()) == {}


def test_what_stands_on_the_page_is_taken_over_with_its_place(document: Document) -> None:
    said(document, "first", "9.99")
    said(document, "second", "Total 3.30")
    other = alternatives.of_field(best(document), document.labels.all())[0]
    assert other.label.spans


def test_a_document_without_labels_has_none(document: Document) -> None:
    assert alternatives.of_field(None, []) == ()
