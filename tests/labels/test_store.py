"""Labels: which one counts, what is written beside a value, what lists learn from it."""

from typing import Any

import pytest

from extraction.domain.pages import Span
from extraction.models import Document, Project, Source
from extraction.services.labels import date_order, ranking, store
from extraction.services.labels.store import LabelInput
from tests.support import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    return builders.project()


def test_the_best_source_wins_and_within_it_the_newest(project: Project) -> None:
    document = builders.document(project)
    said = [
        (Source.STUDENT, "1.00"),
        (Source.CLAIM, "2.00"),
        (Source.TEACHER, "3.00"),
        (Source.TEACHER, "3.30"),
        (Source.STUDENT, "9.00"),
    ]
    for source, value in said:
        store.write(document, "total", value, source=source, teacher="rules" if source == Source.TEACHER else "")
    assert ranking.best(document)["total"].value == "3.30"
    store.write(document, "total", "4.00", source=Source.REVIEWER)
    assert ranking.best(document)["total"].value == "4.00"
    store.write(document, "total", None, source=Source.TRUTH)
    assert ranking.best(document)["total"].value is None


def test_what_a_source_withdraws_falls_back_to_the_next(project: Project) -> None:
    document = builders.document(project)
    store.write(document, "total", "3.30", source=Source.TEACHER, teacher="rules")
    store.write(document, "total", "4.00", source=Source.REVIEWER)
    store.write(document, "total", None, source=Source.REVIEWER, withdrawn=True)
    assert ranking.best(document)["total"].value == "3.30"
    assert document.labels.count() == 3


def test_the_project_s_own_teacher_comes_before_others(project: Project) -> None:
    document = builders.document(project)
    store.write(document, "total", "3.30", source=Source.TEACHER, teacher="recorded")
    store.write(document, "total", "9.99", source=Source.TEACHER, teacher="rules")
    assert project.teacher == "recorded"
    assert ranking.best(document)["total"].value == "3.30"


def test_a_label_is_normalised_and_stands_on_its_words(project: Project) -> None:
    document = builders.document(project)
    label = store.write(document, "date", "25/12/2018", source=Source.TEACHER, teacher="rules")
    assert label.normalized == "2018-12-25"
    assert label.as_domain().spans[0].text(document.domain_pages()) == "25/12/2018"


def test_what_is_not_on_the_page_stands_nowhere(project: Project) -> None:
    label = store.write(builders.document(project), "company", "Quite another firm", source=Source.REVIEWER)
    assert label.spans == []


def test_given_words_are_kept(project: Project) -> None:
    span = Span(0, 0, 1)
    label = store.write(builders.document(project), "company", "Bean", source=Source.REVIEWER, spans=[span])
    assert label.as_domain().spans == (span,)


def test_labels_before_reading_find_their_words_after_it(project: Project) -> None:
    document = builders.document(project, state=Document.State.QUEUED)
    label = store.write(document, "total", "3.30", source=Source.TRUTH)
    assert label.spans == []
    document.state = Document.State.READY
    document.save()
    store.locate_spans(document)
    label.refresh_from_db()
    assert label.spans


def test_lists_follow_what_reading_tells_of_labels_before_it(project: Project) -> None:
    document = builders.document(project, "Date 01/02/2018", "Due 25/02/2018", state=Document.State.QUEUED)
    store.write(document, "date", "01/02/2018", source=Source.TRUTH)
    assert document.best_labels.get().text == "01/02/2018"
    Document.objects.filter(pk=document.pk).update(state=Document.State.READY)
    store.locate_spans(Document.objects.get(pk=document.pk))
    assert document.best_labels.get().text == "2018-02-01"


def test_lists_learn_source_confidence_and_review(project: Project) -> None:
    document = builders.document(project)
    store.write(document, "total", "3.30", source=Source.TEACHER, teacher="rules", confidence=0.9)
    store.write(document, "date", "25/12/2018", source=Source.TEACHER, teacher="rules", confidence=0.4)
    document.refresh_from_db()
    assert (document.source, document.confidence, document.review) == ("teacher", 0.4, Document.Review.WAITING)


def test_truth_needs_no_review_and_a_decision_stands(project: Project) -> None:
    known, rejected = builders.document(project), builders.document(project)
    store.write(known, "total", "3.30", source=Source.TRUTH)
    Document.objects.filter(pk=rejected.pk).update(review=Document.Review.REJECTED)
    store.write(rejected, "total", "3.30", source=Source.TEACHER, teacher="rules")
    known.refresh_from_db()
    rejected.refresh_from_db()
    assert (known.review, rejected.review) == (Document.Review.ACCEPTED, Document.Review.REJECTED)


def test_the_project_s_dates_decide_the_order_of_day_and_month(project: Project) -> None:
    store.write(builders.document(project, "Date 25/12/2018"), "date", "25/12/2018", source=Source.TRUTH)
    label = store.write(builders.document(project, "Date 01/02/2018"), "date", "01/02/2018", source=Source.TRUTH)
    assert label.normalized == "2018-02-01"


def test_labels_in_a_format_tell_the_order_by_what_is_printed(project: Project) -> None:
    store.write(builders.document(project, "Date 03/02/2018"), "date", "20180203", source=Source.TRUTH)
    assert date_order.day_order(project) == "dmy"
    label = store.write(builders.document(project, "Date 01/02/2018"), "date", "01/02/2018", source=Source.TRUTH)
    assert label.normalized == "2018-02-01"


def test_an_order_that_nothing_proves_is_not_guessed(project: Project) -> None:
    label = store.write(builders.document(project, "Date 01/02/2018"), "date", "01/02/2018", source=Source.TRUTH)
    assert label.normalized is None


@pytest.mark.parametrize("count", [1, 30])
def test_many_labels_take_a_fixed_number_of_queries(
    project: Project, count: int, django_assert_max_num_queries: object
) -> None:
    statements = [
        LabelInput(builders.document(project), "total", "3.30", Source.TEACHER, teacher="rules") for _ in range(count)
    ]
    with django_assert_max_num_queries(18):  # type: ignore[operator]
        store.write_many(project, statements)
    assert all(held["total"].value == "3.30" for held in ranking.best_for(project.documents.all()).values())


@pytest.mark.parametrize("count", [1, 30])
def test_the_best_labels_of_many_documents_are_those_of_each(
    project: Project, count: int, django_assert_num_queries: Any
) -> None:
    documents = [builders.document(project) for _ in range(count)]
    said = [
        (Source.TEACHER, "recorded", "3.30"),
        (Source.TEACHER, "recorded", "4.40"),
        (Source.TEACHER, "rules", "9.99"),
        (Source.STUDENT, "first", "1.00"),
    ]
    for source, teacher, value in said:
        store.write_many(
            project, [LabelInput(document, "total", value, source, teacher=teacher) for document in documents]
        )
    store.write(documents[0], "total", "5.00", source=Source.REVIEWER)
    with django_assert_num_queries(1) as made:
        found = ranking.best_for(project.documents.all())
    assert found == {document.pk: ranking.best(document) for document in documents}
    assert {held["total"].value for held in found.values()} <= {"4.40", "5.00"}
    # Neither documents nor projects are read for it.
    assert "sha256" not in made.captured_queries[0]["sql"]
    assert ranking.best_for(project.documents.all(), sources=[Source.TRUTH]) == {}
