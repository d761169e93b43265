"""What reviewers write: saved once, never over somebody else, always to be taken back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from extraction.domain.fields import Field, FieldType, Schema
from extraction.domain.page import Box, Span
from extraction.models import Document, Label, Page, Project, Source, User
from extraction.services import labels, projects, review, review_queue
from extraction.services.errors import Conflict, Invalid
from extraction.services.review_sheet import FieldSheet, field_sheet, find, sheet

pytestmark = pytest.mark.django_db

SCHEMA = Schema(
    "Receipts",
    "receipt",
    (
        Field("company", required=True),
        Field("date", FieldType.DATE),
        Field("total", FieldType.MONEY, required=True),
    ),
)
LINES = (("ACME", "STORES", "SDN", "BHD"), ("Date:25/12/2018", "10:41"), ("TOTAL", "RM", "12.50"))


@pytest.fixture
def project() -> Project:
    return projects.create("receipts", SCHEMA)


@pytest.fixture
def anna() -> User:
    return User.objects.create_user("anna")


@pytest.fixture
def ben() -> User:
    return User.objects.create_user("ben")


@pytest.fixture
def make(project: Project) -> Callable[..., Document]:
    """`make(confidence=…)`: a read document with teacher labels of that confidence."""

    def made(confidence: float | None = 0.9, **values: object) -> Document:
        number = Document.objects.count()
        document = Document.objects.create(
            project=project, name=f"{number}.png", sha256=f"{number:064}", media_type="image/png", bytes=1,
            original="", state=Document.State.READY, split="train", page_count=1,
        )  # fmt: skip
        Page.objects.create(
            document=document, number=0, image="", thumbnail="", width=400, height=300, focus=500, reader="rapidocr",
            seconds=0.1, words=_words(),
        )  # fmt: skip
        said = {"company": "ACME STORES", "date": "25/12/2018", "total": "12.50"} | values
        for field, value in said.items():
            if value != "unsaid":
                labels.write(document, field, value, source="teacher", teacher="rules", confidence=confidence)  # type: ignore[arg-type]
        document.refresh_from_db()
        return document

    return made


def _words() -> list[list[object]]:
    rows = []
    for line, texts in enumerate(LINES):
        for column, text in enumerate(texts):
            box = Box(0.1 + 0.2 * column, 0.1 + 0.3 * line, 0.28 + 0.2 * column, 0.2 + 0.3 * line)
            rows.append([text, box.x0, box.y0, box.x1, box.y1, 0.99, line])
    return rows


@pytest.fixture
def document(make: Callable[..., Document]) -> Document:
    return make()


def best(document: Document, field: str) -> Label | None:
    return labels.best(Document.objects.get(pk=document.pk)).get(field)


def known(document: Document, field: str) -> int:
    return field_sheet(document, field).known


def shown(document: Document) -> dict[str, int]:
    return {field.field.name: field.label.pk if field.label else 0 for field in sheet(document).fields}


def of(document: Document, name: str) -> FieldSheet:
    return next(field for field in sheet(document).fields if field.field.name == name)


# Saving


def test_a_saved_value_becomes_the_best_label_and_stands_on_its_words(document: Document, anna: User) -> None:
    written = review.save(document, "company", "  STORES \n SDN ", known=0, actor=anna)

    assert (written.value, written.source, written.author) == ("STORES SDN", Source.REVIEWER, anna)
    assert written.spans == [Span(0, 1, 2).export()]
    assert best(document, "company") == written
    assert best(document, "total").source == Source.TEACHER  # type: ignore[union-attr]


def test_words_that_were_clicked_are_kept_as_they_were_chosen(document: Document, anna: User) -> None:
    written = review.save(document, "total", "12.50", known=0, actor=anna, spans=[Span(0, 8, 8)])

    assert written.spans == [[0, 8, 8, 0, None]]
    assert written.normalized == "12.50"


def test_saving_the_same_again_writes_nothing(document: Document, anna: User) -> None:
    first = review.save(document, "total", "12.00", known=0, actor=anna)

    assert review.save(document, "total", "12.00", known=0, actor=anna) == first


def test_not_on_the_document_is_a_value_of_its_own(document: Document, anna: User) -> None:
    review.save(document, "date", None, known=0, actor=anna)

    assert of(document, "date").absent
    assert of(document, "date").confirmed


@pytest.mark.parametrize(("field", "value"), [("date", ""), ("date", "  "), ("colour", "red"), ("company", "x" * 2001)])
def test_what_cannot_be_a_value_is_refused_in_one_sentence(
    document: Document, anna: User, field: str, value: str
) -> None:
    with pytest.raises(Invalid, match=r"\.$"):
        review.save(document, field, value, known=0, actor=anna)


def test_words_of_another_document_are_refused(document: Document, anna: User) -> None:
    with pytest.raises(Invalid):
        review.save(document, "company", "ACME", known=0, actor=anna, spans=[Span(0, 4, 90)])


# Two reviewers


def test_another_reviewers_value_is_never_overwritten_silently(document: Document, anna: User, ben: User) -> None:
    review.save(document, "company", "ACME", known=0, actor=anna)

    with pytest.raises(review.Overwriting, match="anna wrote “ACME” for “company”") as refused:
        review.save(document, "company", "STORES", known=0, actor=ben)

    assert refused.value.theirs.value == "ACME"
    assert best(document, "company").value == "ACME"  # type: ignore[union-attr]


def test_who_has_seen_the_other_value_may_replace_it(document: Document, anna: User, ben: User) -> None:
    theirs = review.save(document, "company", "ACME", known=0, actor=anna)

    assert review.save(document, "company", "STORES", known=theirs.pk, actor=ben).value == "STORES"


def test_two_who_write_the_same_agree(document: Document, anna: User, ben: User) -> None:
    review.save(document, "company", "ACME", known=0, actor=anna)

    assert review.save(document, "company", "ACME", known=0, actor=ben).author == anna


def test_two_fields_of_one_document_do_not_disturb_each_other(document: Document, anna: User, ben: User) -> None:
    review.save(document, "company", "ACME", known=0, actor=anna)

    assert review.save(document, "total", "12.00", known=0, actor=ben).value == "12.00"


def test_a_document_is_not_accepted_with_a_value_that_was_not_on_the_screen(
    document: Document, anna: User, ben: User
) -> None:
    seen = shown(document)
    review.save(document, "company", "ACME", known=0, actor=anna)

    with pytest.raises(review.Overwriting):
        review.accept(document, seen, actor=ben)


# Deciding about the document


def test_accepting_confirms_every_field_as_shown(document: Document, anna: User) -> None:
    review.save(document, "company", "ACME", known=0, actor=anna)
    review.accept(document, shown(document), actor=anna)
    document.refresh_from_db()

    assert document.review == Document.Review.ACCEPTED
    assert document.reviewer == anna
    assert {name: label.source for name, label in labels.best(document).items()} == dict.fromkeys(
        SCHEMA.names, "reviewer"
    )
    assert best(document, "total").spans == of(document, "total").label.spans  # type: ignore[union-attr]


def test_accepting_twice_writes_once(document: Document, anna: User) -> None:
    seen = shown(document)
    review.accept(document, seen, actor=anna)
    count = Label.objects.count()

    assert review.accept(document, seen, actor=anna) == []
    assert Label.objects.count() == count


def test_a_required_field_needs_a_value_or_a_person_who_says_there_is_none(
    make: Callable[..., Document], anna: User
) -> None:
    document = make(company="unsaid", total=None)

    with pytest.raises(review.Incomplete) as refused:
        review.accept(document, shown(document), actor=anna)
    assert refused.value.fields == ("Company", "Total")

    review.save(document, "company", None, known=0, actor=anna)
    review.save(document, "total", None, known=0, actor=anna)
    review.accept(document, shown(document), actor=anna)
    assert best(document, "total").value is None  # type: ignore[union-attr]


def test_an_optional_field_without_a_label_is_accepted_as_absent(make: Callable[..., Document], anna: User) -> None:
    document = make(date="unsaid")

    review.accept(document, shown(document), actor=anna)

    assert of(document, "date").absent


def test_a_decided_document_is_reopened_before_it_is_changed(document: Document, anna: User, ben: User) -> None:
    review.accept(document, shown(document), actor=anna)

    with pytest.raises(Conflict, match="anna accepted this document"):
        review.save(document, "total", "1.00", known=known(document, "total"), actor=ben)
    with pytest.raises(Conflict, match="Reopen it"):
        review.reject(document, actor=ben)

    review.reopen(document)
    review.save(document, "total", "1.00", known=known(document, "total"), actor=ben)
    document.refresh_from_db()
    assert document.review == Document.Review.WAITING


def test_a_rejected_document_keeps_its_reason_and_leaves_the_queue(document: Document, anna: User) -> None:
    review.reject(document, actor=anna, reason="Not a  receipt")
    document.refresh_from_db()

    assert (document.review, document.rejection) == (Document.Review.REJECTED, "Not a receipt")
    assert review_queue.first(document.project) is None
    with pytest.raises(Conflict):
        review.accept(document, shown(document), actor=anna)


# Taking back


def test_undo_brings_back_what_stood_before_step_by_step(document: Document, anna: User) -> None:
    first = review.save(document, "company", "ACME", known=0, actor=anna)
    second = review.save(document, "company", "STORES", known=first.pk, actor=anna)

    [restored] = review.undo(document, [review.Change("company", second.pk, second.pk)], actor=anna)
    assert best(document, "company").value == "ACME"  # type: ignore[union-attr]

    review.undo(document, [review.Change("company", first.pk, restored.pk)], actor=anna)
    assert best(document, "company").source == Source.TEACHER  # type: ignore[union-attr]
    assert document.labels.filter(field="company").count() == 5


def test_undo_sent_twice_takes_back_once(document: Document, anna: User) -> None:
    first = review.save(document, "company", "ACME", known=0, actor=anna)
    change = review.Change("company", first.pk, first.pk)

    assert review.undo(document, [change], actor=anna) == review.undo(document, [change], actor=anna)


def test_undo_does_not_take_back_what_somebody_else_wrote(document: Document, anna: User, ben: User) -> None:
    mine = review.save(document, "company", "ACME", known=0, actor=anna)
    review.save(document, "company", "STORES", known=mine.pk, actor=ben)

    with pytest.raises(review.Overwriting, match="ben"):
        review.undo(document, [review.Change("company", mine.pk, mine.pk)], actor=anna)


def test_an_accepted_document_can_be_put_back_as_it_was(document: Document, anna: User) -> None:
    written = review.accept(document, shown(document), actor=anna)
    review.reopen(document)
    review.undo(document, [review.Change(row.field, row.pk, row.pk) for row in written], actor=anna)
    document.refresh_from_db()

    assert document.review == Document.Review.WAITING
    assert {label.source for label in labels.best(document).values()} == {Source.TEACHER}


# Truth


def test_truth_is_locked_until_somebody_unlocks_it(document: Document, anna: User) -> None:
    labels.write(document, "total", "12.50", source="truth")

    with pytest.raises(Conflict, match="unlock"):
        review.save(document, "total", "12.00", known=known(document, "total"), actor=anna)

    written = review.save(document, "total", "12.00", known=known(document, "total"), actor=anna, unlocked=True)
    assert written.source == Source.TRUTH
    review.undo(document, [review.Change("total", written.pk, written.pk)], actor=anna)
    assert best(document, "total").value == "12.50"  # type: ignore[union-attr]


# What is shown


def test_reasons_say_in_words_why_a_field_waits(make: Callable[..., Document]) -> None:
    document = make(confidence=0.41, company="GHOST LTD", date="33/33/2018", total="unsaid")
    labels.write(document, "company", "ACME", source="claim")

    assert of(document, "company").reasons == ("Low confidence 0.41", "Not found on the page", "Claim: “ACME”")
    assert "Not a valid date" in of(document, "date").reasons
    assert of(document, "total").reasons == ("No label yet",)


def test_an_unsure_teacher_is_named(make: Callable[..., Document]) -> None:
    document = make(total="unsaid")
    labels.write(document, "total", "12.50", source="teacher", teacher="rules", unsure=True)

    assert of(document, "total").reasons == ("The teacher was unsure",)


def test_a_confirmed_field_no_longer_waits_but_its_oddities_stay(document: Document, anna: User) -> None:
    review.save(document, "date", "Christmas", known=0, actor=anna)

    assert of(document, "date").reasons == ()
    assert of(document, "date").notes == ("Not found on the page", "Not a valid date")


def test_history_names_everybody_newest_first(document: Document, anna: User) -> None:
    review.save(document, "company", "ACME", known=0, actor=anna)

    assert [label.source for label in of(document, "company").history] == [Source.REVIEWER, Source.TEACHER]


def test_the_sheet_takes_three_queries_whatever_the_history(document: Document, anna: User) -> None:
    for text in ("a", "b", "c"):
        review.save(document, "company", text, known=known(document, "company"), actor=anna)
    document = Document.objects.select_related("project__schema_version").get(pk=document.pk)

    with CaptureQueriesContext(connection) as queries:
        sheet(document)

    assert len(queries) == 3


def test_a_typed_text_is_found_where_it_stands(document: Document) -> None:
    place = find(document, "date", "25/12/2018")

    assert place.spans[0][:3] == [0, 4, 4]
    assert [box["page"] for box in place.boxes] == [0]
    assert find(document, "company", "NOWHERE INC").boxes == []
    assert find(document, "company", " ").boxes == []


# The queue


def test_the_least_confident_come_first_and_skipped_ones_last(make: Callable[..., Document], project: Project) -> None:
    sure, unsure, middling = make(0.9), make(0.2), make(0.5)
    review.skip(unsure)

    assert list(review_queue.waiting(project)) == [middling, sure, unsure]
    assert review_queue.first(project, without=[middling.pk]) == sure
    review.unskip(unsure)
    assert review_queue.first(project) == unsure


def test_one_can_walk_the_queue_in_both_directions(make: Callable[..., Document], project: Project) -> None:
    made = [make(confidence) for confidence in (0.5, None, 0.2, 0.5, 0.9, None)]
    review.skip(made[0])
    review.skip(made[5])
    order = list(review_queue.waiting(project))

    assert [review_queue.after(document) for document in order] == [*order[1:], None]
    assert [review_queue.before(document) for document in order] == [None, *order[:-1]]


def test_the_tally_counts_what_is_done_and_left(make: Callable[..., Document], project: Project, anna: User) -> None:
    done, dropped, _ = make(), make(), make()
    make(company="unsaid", date="unsaid", total="unsaid")
    review.accept(done, shown(done), actor=anna)
    review.reject(dropped, actor=anna)

    tally = review_queue.tally(project)
    assert (tally.waiting, tally.done, tally.total, tally.unlabelled) == (1, 2, 3, 1)


def test_the_queue_is_read_from_its_index_without_sorting(project: Project, make: Callable[..., Document]) -> None:
    document = make()
    with CaptureQueriesContext(connection) as queries:
        review_queue.first(project, without=[7])
        review_queue.after(document)
        review_queue.before(document)

    asked = [query for query in queries.captured_queries if "ORDER BY" in query["sql"]]
    assert len(asked) >= 3
    for query in asked:
        plan = " ".join(row[3] for row in _plan(query["sql"]))
        assert "review_queue" in plan
        assert "TEMP B-TREE" not in plan


def _plan(sql: str) -> list[tuple[int, int, int, str]]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        return list(cursor.fetchall())
