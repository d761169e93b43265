"""The rows of best labels follow every change of the labels."""

import pytest

from extraction.models import BestLabel, Document, Project, Source
from extraction.services.labels import conventions, store
from extraction.services.teaching import teachers
from tests.support import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    return builders.project()


@pytest.fixture
def document(project: Project) -> Document:
    return builders.document(project)


def row(document: Document, field: str) -> BestLabel | None:
    return BestLabel.objects.select_related("label").filter(document=document, field=field).first()


def test_a_field_that_nobody_was_asked_about_has_no_row(document: Document) -> None:
    store.write(document, "company", "Book Talk", source=Source.TEACHER, teacher="rules")
    assert row(document, "total") is None


def test_a_field_that_is_not_on_the_document_has_a_row(document: Document) -> None:
    store.write(document, "company", None, source=Source.TEACHER, teacher="rules")
    best = row(document, "company")
    assert best is not None
    assert best.label.value is None


def test_a_row_tells_who_answers_for_the_value_and_whether_sources_disagree(document: Document) -> None:
    store.write(document, "total", "12.00", source=Source.TEACHER, teacher="rules", confidence=0.4)
    machine = row(document, "total")
    assert machine is not None
    assert (machine.by_people, machine.disputed, machine.confidence) == (False, False, 0.4)
    store.write(document, "total", "$12", source=Source.REVIEWER)
    agreed = row(document, "total")
    assert agreed is not None
    assert (agreed.by_people, agreed.disputed) == (True, False)
    store.write(document, "total", "13.00", source=Source.REVIEWER)
    changed = row(document, "total")
    assert changed is not None
    assert (changed.by_people, changed.disputed) == (True, True)


def test_amounts_have_a_size_and_texts_a_spelling_to_search_by(document: Document) -> None:
    store.write(document, "total", "1,007.50", source=Source.TEACHER, teacher="rules")
    store.write(document, "company", "BOOK Talk", source=Source.TEACHER, teacher="rules")
    total, company = row(document, "total"), row(document, "company")
    assert total is not None
    assert (total.text, total.number) == ("1007.50", 1007.5)
    assert company is not None
    assert (company.text, company.number) == ("book talk", None)


def test_what_is_withdrawn_leaves_no_row(document: Document) -> None:
    store.write(document, "company", "Book Talk", source=Source.REVIEWER)
    store.write(document, "company", None, source=Source.REVIEWER, withdrawn=True)
    assert row(document, "company") is None


def test_another_teacher_of_the_project_changes_the_rows(project: Project, document: Document) -> None:
    store.write(document, "company", "One", source=Source.TEACHER, teacher="first")
    store.write(document, "company", "Two", source=Source.TEACHER, teacher="second")
    assert (best := row(document, "company")) is not None
    assert best.text == "one"
    teachers.choose(project, "second")
    assert (best := row(document, "company")) is not None
    assert best.text == "two"


def test_dates_that_become_readable_are_found_by_their_day(project: Project) -> None:
    document = builders.document(project, "Nothing here tells the order")
    store.write(document, "date", "03/04/2018", source=Source.TEACHER, teacher="rules")
    assert (best := row(document, "date")) is not None
    assert best.text == "03/04/2018"
    store.write(builders.document(project), "date", "25/12/2018", source=Source.TEACHER, teacher="rules")
    conventions.read_unread(project)
    assert (best := row(document, "date")) is not None
    assert best.text == "2018-04-03"
