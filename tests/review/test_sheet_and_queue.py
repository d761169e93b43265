"""What review shows of a document, and which document comes next."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from extraction.models import Document, Project, Source, User
from extraction.services.labels import store
from extraction.services.review import actions, queue
from extraction.services.review.reasons import Reason, ReasonCode
from extraction.services.review.sheet import Place, find, sheet
from tests.review.sheets import known, of, shown

pytestmark = pytest.mark.django_db

# What is shown


def codes(reasons: Sequence[Reason]) -> list[ReasonCode]:
    return [reason.code for reason in reasons]


def test_reasons_say_in_words_why_a_field_waits(make: Callable[..., Document]) -> None:
    document = make(confidence=0.41, company="GHOST LTD", date="33/33/2018", total="unsaid")
    store.write(document, "company", "ACME", source="claim")

    assert codes(of(document, "company").reasons) == [
        ReasonCode.LOW_CONFIDENCE,
        ReasonCode.NOT_ON_PAGE,
        ReasonCode.OTHER_VALUE,
    ]
    # What somebody else says stands as an offer.
    assert of(document, "company").reason_texts == ["Low confidence 0.41", "Not found on the page"]
    assert [(offer.value, offer.said_by) for offer in of(document, "company").offers] == [("ACME", "Claim")]
    assert "Not a valid date" in of(document, "date").reason_texts
    assert of(document, "total").reason_texts == ["No label yet"]


def test_an_unsure_teacher_is_named(make: Callable[..., Document]) -> None:
    document = make(total="unsaid")
    store.write(document, "total", "12.50", source="teacher", teacher="rules", unsure=True)

    assert codes(of(document, "total").reasons) == [ReasonCode.UNSURE]
    assert of(document, "total").reason_texts == ["The teacher was unsure"]


def test_a_required_field_that_a_teacher_did_not_find_waits(make: Callable[..., Document]) -> None:
    document = make(total=None, date=None)

    assert codes(of(document, "total").reasons) == [ReasonCode.REQUIRED_BUT_ABSENT]
    assert of(document, "total").reason_texts == ["Required, but not found"]
    assert of(document, "date").reasons == ()


def test_a_confirmed_field_no_longer_waits_but_its_oddities_stay(document: Document, anna: User) -> None:
    actions.save(document, "date", "Christmas", known=0, actor=anna)

    assert of(document, "date").reasons == ()
    assert codes(of(document, "date").notes) == [ReasonCode.NOT_ON_PAGE, ReasonCode.INVALID_VALUE]
    assert of(document, "date").note_texts == ["Not found on the page", "Not a valid date"]


def test_history_names_everybody_newest_first(document: Document, anna: User) -> None:
    actions.save(document, "company", "ACME", known=0, actor=anna)

    assert [label.source for label in of(document, "company").history] == [Source.REVIEWER, Source.TEACHER]


def test_the_sheet_takes_a_fixed_number_of_queries_whatever_the_history(document: Document, anna: User) -> None:
    for text in ("a", "b", "c"):
        actions.save(document, "company", text, known=known(document, "company"), actor=anna)
    document = Document.objects.select_related("project__schema_version").get(pk=document.pk)

    with CaptureQueriesContext(connection) as queries:
        sheet(document, anna)

    assert len(queries) == 5


def test_a_typed_text_is_found_where_it_stands(document: Document) -> None:
    place = find(document, "date", "25/12/2018")

    assert [(span.page, span.first, span.last) for span in place.spans] == [(0, 4, 4)]
    assert [box.page for box in place.boxes] == [0]
    assert find(document, "company", "NOWHERE INC") == find(document, "company", " ") == Place()


# The queue


def test_the_least_confident_come_first_and_skipped_ones_last(
    make: Callable[..., Document], project: Project, anna: User
) -> None:
    sure, unsure, middling = make(0.9), make(0.2), make(0.5)
    actions.skip(unsure, actor=anna)

    assert list(queue.waiting(project)) == [middling, sure, unsure]
    assert queue.take(project, anna, without=[middling.pk]) == sure
    actions.unskip(unsure)
    assert queue.take(project, anna) == unsure


def test_one_can_walk_the_queue_in_both_directions(make: Callable[..., Document], project: Project, anna: User) -> None:
    made = [make(confidence) for confidence in (0.5, None, 0.2, 0.5, 0.9, None)]
    actions.skip(made[0], actor=anna)
    actions.skip(made[5], actor=anna)
    order = list(queue.waiting(project))

    assert [queue.take_after(document, anna) for document in order] == [*order[1:], None]
    assert [queue.take_before(document, anna) for document in order] == [None, *order[:-1]]


def test_the_tally_counts_what_is_done_and_left(make: Callable[..., Document], project: Project, anna: User) -> None:
    done, dropped, _ = make(), make(), make()
    make(company="unsaid", date="unsaid", total="unsaid")
    actions.accept(done, shown(done), actor=anna)
    actions.reject(dropped, actor=anna)

    tally = queue.tally(project)
    assert (tally.waiting, tally.done, tally.total, tally.unlabelled) == (1, 2, 3, 1)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL plans by the size of its tables")
def test_the_queue_is_read_from_its_index_without_sorting(
    project: Project, make: Callable[..., Document], anna: User
) -> None:
    document = make()
    with CaptureQueriesContext(connection) as queries:
        queue.take(project, anna, without=[7])
        queue.take_after(document, anna)
        queue.take_before(document, anna)

    asked = [query for query in queries.captured_queries if "ORDER BY" in query["sql"] and "LIMIT" in query["sql"]]
    assert len(asked) >= 3
    for query in asked:
        plan = " ".join(row[3] for row in _plan(query["sql"]))
        assert "review_queue" in plan
        assert "TEMP B-TREE" not in plan


def _plan(sql: str) -> list[tuple[int, int, int, str]]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        return list(cursor.fetchall())
