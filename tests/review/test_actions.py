"""What reviewers write: saved once, never over somebody else, always to be taken back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from extraction.domain.fields import Field
from extraction.domain.pages import Span
from extraction.models import BestLabel, Document, Label, Source, User
from extraction.services.errors import Conflict, Invalid, NotFound
from extraction.services.labels import ranking, store
from extraction.services.projects import projects
from extraction.services.review import actions, conflicts, queue
from extraction.services.review.sheet import sheet
from tests.review.sheets import SCHEMA, best, known, of, shown

# Fields that change refresh the documents once that is committed.
pytestmark = pytest.mark.django_db(transaction=True)

# Saving


def test_a_saved_value_becomes_the_best_label_and_stands_on_its_words(document: Document, anna: User) -> None:
    written = actions.save(document, "company", "  STORES \n SDN ", known=0, actor=anna)

    assert (written.value, written.source, written.author) == ("STORES SDN", Source.REVIEWER, anna)
    assert written.spans == [Span(0, 1, 2).to_json()]
    assert best(document, "company") == written
    assert best(document, "total").source == Source.TEACHER  # type: ignore[union-attr]


def test_words_that_were_clicked_are_kept_as_they_were_chosen(document: Document, anna: User) -> None:
    written = actions.save(document, "total", "12.50", known=0, actor=anna, spans=[Span(0, 8, 8)])

    assert written.spans == [[0, 8, 8, 0, None]]
    assert written.normalized == "12.50"


def test_saving_the_same_again_writes_nothing(document: Document, anna: User) -> None:
    first = actions.save(document, "total", "12.00", known=0, actor=anna)

    assert actions.save(document, "total", "12.00", known=0, actor=anna) == first


@pytest.mark.parametrize("action", ["save", "accept", "reject", "reopen"])
def test_what_is_deleted_at_this_moment_is_refused_in_one_sentence(document: Document, anna: User, action: str) -> None:
    Document.objects.filter(pk=document.pk).delete()
    acts: dict[str, Callable[[], object]] = {
        "save": lambda: actions.save(document, "total", "12.00", known=0, actor=anna),
        "accept": lambda: actions.accept(document, {}, actor=anna),
        "reject": lambda: actions.reject(document, actor=anna),
        "reopen": lambda: actions.reopen(document),
    }
    with pytest.raises(NotFound, match="deleted meanwhile"):
        acts[action]()


def test_not_on_the_document_is_a_value_of_its_own(document: Document, anna: User) -> None:
    actions.save(document, "date", None, known=0, actor=anna)

    assert of(document, "date").absent
    assert of(document, "date").confirmed


@pytest.mark.parametrize(
    ("field", "value"), [("date", ""), ("date", "  "), ("colour", "red"), ("company", "x" * 10_001)]
)
def test_what_cannot_be_a_value_is_refused_in_one_sentence(
    document: Document, anna: User, field: str, value: str
) -> None:
    with pytest.raises(Invalid, match=r"\.$"):
        actions.save(document, field, value, known=0, actor=anna)


def test_words_of_another_document_are_refused(document: Document, anna: User) -> None:
    with pytest.raises(Invalid):
        actions.save(document, "company", "ACME", known=0, actor=anna, spans=[Span(0, 4, 90)])


# Two reviewers


def test_another_reviewers_value_is_never_overwritten_silently(document: Document, anna: User, ben: User) -> None:
    actions.save(document, "company", "ACME", known=0, actor=anna)

    with pytest.raises(conflicts.Overwriting, match="anna wrote “ACME” for “company”") as refused:
        actions.save(document, "company", "STORES", known=0, actor=ben)

    assert refused.value.theirs.value == "ACME"
    assert best(document, "company").value == "ACME"  # type: ignore[union-attr]


def test_who_has_seen_the_other_value_may_replace_it(document: Document, anna: User, ben: User) -> None:
    theirs = actions.save(document, "company", "ACME", known=0, actor=anna)

    assert actions.save(document, "company", "STORES", known=theirs.pk, actor=ben).value == "STORES"


def test_two_who_write_the_same_agree(document: Document, anna: User, ben: User) -> None:
    actions.save(document, "company", "ACME", known=0, actor=anna)

    assert actions.save(document, "company", "ACME", known=0, actor=ben).author == anna


def test_two_fields_of_one_document_do_not_disturb_each_other(document: Document, anna: User, ben: User) -> None:
    actions.save(document, "company", "ACME", known=0, actor=anna)

    assert actions.save(document, "total", "12.00", known=0, actor=ben).value == "12.00"


def test_a_document_is_not_accepted_with_a_value_that_was_not_on_the_screen(
    document: Document, anna: User, ben: User
) -> None:
    seen = shown(document)
    actions.save(document, "company", "ACME", known=0, actor=anna)

    with pytest.raises(conflicts.Overwriting):
        actions.accept(document, seen, actor=ben)


# Deciding about the document


def test_accepting_confirms_every_field_as_shown(document: Document, anna: User) -> None:
    actions.save(document, "company", "ACME", known=0, actor=anna)
    actions.accept(document, shown(document), actor=anna)
    document.refresh_from_db()

    assert document.review == Document.Review.ACCEPTED
    assert document.reviewer == anna
    assert {name: label.source for name, label in ranking.best(document).items()} == dict.fromkeys(
        SCHEMA.names, "reviewer"
    )
    assert best(document, "total").spans == of(document, "total").label.spans  # type: ignore[union-attr]


@pytest.mark.parametrize("date", ["25/12/2018", None, "unsaid"])
def test_accepting_twice_writes_once(make: Callable[..., Document], anna: User, date: str | None) -> None:
    document = make(date=date)
    seen = shown(document)
    actions.accept(document, seen, actor=anna)
    count = Label.objects.count()

    assert actions.accept(document, seen, actor=anna) == []
    assert Label.objects.count() == count


def test_a_required_field_needs_a_value_or_a_person_who_says_there_is_none(
    make: Callable[..., Document], anna: User
) -> None:
    document = make(company="unsaid", total=None)

    with pytest.raises(conflicts.Incomplete) as refused:
        actions.accept(document, shown(document), actor=anna)
    assert refused.value.fields == ("Company", "Total")

    actions.save(document, "company", None, known=0, actor=anna)
    actions.save(document, "total", None, known=0, actor=anna)
    actions.accept(document, shown(document), actor=anna)
    assert best(document, "total").value is None  # type: ignore[union-attr]


@pytest.mark.parametrize("source", [None, Source.TEACHER, Source.STUDENT, Source.REVIEWER])
def test_accepting_says_absent_only_where_somebody_said_so(
    make: Callable[..., Document], anna: User, source: Source | None
) -> None:
    document = make(date="unsaid")
    if source is not None:
        store.write(document, "date", None, source=source, author=anna if source == Source.REVIEWER else None)

    assert of(document, "date").reason_texts == (["No label: stays unlabelled"] if source is None else [])
    actions.accept(document, shown(document), actor=anna)

    document.refresh_from_db()
    label = best(document, "date")
    assert document.review == Document.Review.ACCEPTED
    assert (label and (label.source, label.value)) == (None if source is None else (Source.REVIEWER, None))


def test_a_document_without_any_label_is_not_accepted(make: Callable[..., Document], anna: User) -> None:
    document = make(company="unsaid", date="unsaid", total="unsaid")
    optional = replace(SCHEMA, fields=(Field("date", "date"),))
    projects.change_schema(document.project, optional)

    with pytest.raises(Invalid, match="No field has a label yet"):
        actions.accept(document, shown(document), actor=anna)


def test_what_was_shown_without_a_label_is_not_accepted_as_absent(make: Callable[..., Document], anna: User) -> None:
    document = make(date="unsaid")
    seen = shown(document)
    store.write(document, "date", None, source=Source.TEACHER, teacher="rules")

    with pytest.raises(conflicts.Overwriting):
        actions.accept(document, seen, actor=anna)


def test_a_new_field_of_an_accepted_document_waits_once_it_has_a_label(document: Document, anna: User) -> None:
    project = document.project
    actions.accept(document, shown(document), actor=anna)
    projects.change_schema(project, replace(SCHEMA, fields=(*SCHEMA.fields, Field("place"))))
    assert reviewed(document) == Document.Review.ACCEPTED

    store.write(Document.objects.get(pk=document.pk), "place", "Ipoh", source=Source.TEACHER, teacher="rules")
    assert reviewed(document) == Document.Review.WAITING
    assert [
        field.field.name for field in sheet(Document.objects.get(pk=document.pk), anna).fields if not field.confirmed
    ] == ["place"]

    waiting = Document.objects.get(pk=document.pk)
    [written] = actions.accept(waiting, shown(waiting), actor=anna)
    assert (written.field, reviewed(document)) == ("place", Document.Review.ACCEPTED)


def test_a_document_that_waits_again_stays_open_while_its_new_field_is_corrected(
    document: Document, anna: User
) -> None:
    actions.accept(document, shown(document), actor=anna)
    projects.change_schema(document.project, replace(SCHEMA, fields=(*SCHEMA.fields, Field("place"))))
    waiting = Document.objects.get(pk=document.pk)
    store.write(waiting, "place", "Ipoh", source=Source.TEACHER, teacher="rules")

    first = actions.save(waiting, "place", "Klang", known=0, actor=anna)
    assert reviewed(document) == Document.Review.WAITING
    actions.save(waiting, "place", "Kajang", known=first.pk, actor=anna)
    waiting = Document.objects.get(pk=document.pk)
    actions.accept(waiting, shown(waiting), actor=anna)
    assert reviewed(document) == Document.Review.ACCEPTED


def test_reviews_follow_fields_that_are_removed_and_brought_back(document: Document, anna: User) -> None:
    project = document.project
    actions.accept(document, shown(document), actor=anna)
    for changed in (Field("place"), Field("shop")):
        projects.change_schema(project, replace(SCHEMA, fields=(*SCHEMA.fields, changed)))
    projects.change_schema(project, replace(SCHEMA, fields=(*SCHEMA.fields, Field("place"))))
    store.write(Document.objects.get(pk=document.pk), "place", "Ipoh", source=Source.TEACHER, teacher="rules")

    projects.change_schema(project, SCHEMA)
    assert reviewed(document) == Document.Review.ACCEPTED
    projects.change_schema(project, replace(SCHEMA, fields=(Field("other"),)))
    assert reviewed(document) == Document.Review.UNLABELLED
    assert not BestLabel.objects.filter(document=document).exists()
    projects.change_schema(project, replace(SCHEMA, fields=(*SCHEMA.fields, Field("place"))))
    assert reviewed(document) == Document.Review.WAITING
    projects.change_schema(project, SCHEMA)
    assert reviewed(document) == Document.Review.ACCEPTED
    assert BestLabel.objects.filter(document=document).count() == 3


def test_truth_accepts_the_fields_that_it_covers(make: Callable[..., Document], anna: User) -> None:
    document = make(date="unsaid")
    for field, value in (("company", "ACME STORES"), ("total", "12.50")):
        store.write(document, field, value, source=Source.TRUTH)
    assert reviewed(document) == Document.Review.ACCEPTED

    store.write(document, "date", "25/12/2018", source=Source.TEACHER, teacher="rules")
    assert reviewed(document) == Document.Review.WAITING
    document.refresh_from_db()
    [written] = actions.accept(document, shown(document), actor=anna)
    assert (written.field, written.source) == ("date", Source.REVIEWER)
    assert reviewed(document) == Document.Review.ACCEPTED


def reviewed(document: Document) -> str:
    return Document.objects.get(pk=document.pk).review


def test_a_decided_document_is_reopened_before_it_is_changed(document: Document, anna: User, ben: User) -> None:
    actions.accept(document, shown(document), actor=anna)

    with pytest.raises(Conflict, match="anna accepted this document"):
        actions.save(document, "total", "1.00", known=known(document, "total"), actor=ben)
    with pytest.raises(Conflict, match="Reopen it"):
        actions.reject(document, actor=ben)

    actions.reopen(document)
    actions.save(document, "total", "1.00", known=known(document, "total"), actor=ben)
    document.refresh_from_db()
    assert document.review == Document.Review.WAITING


def test_a_rejected_document_keeps_its_reason_and_leaves_the_queue(document: Document, anna: User) -> None:
    actions.reject(document, actor=anna, reason="Not a  receipt")
    document.refresh_from_db()

    assert (document.review, document.rejection) == (Document.Review.REJECTED, "Not a receipt")
    assert queue.take(document.project, anna) is None
    with pytest.raises(Conflict):
        actions.accept(document, shown(document), actor=anna)


# Taking back


def test_undo_brings_back_what_stood_before_step_by_step(document: Document, anna: User) -> None:
    first = actions.save(document, "company", "ACME", known=0, actor=anna)
    second = actions.save(document, "company", "STORES", known=first.pk, actor=anna)

    [restored] = actions.undo(document, [actions.Change("company", second.pk, second.pk)], actor=anna)
    assert best(document, "company").value == "ACME"  # type: ignore[union-attr]

    actions.undo(document, [actions.Change("company", first.pk, restored.pk)], actor=anna)
    assert best(document, "company").source == Source.TEACHER  # type: ignore[union-attr]
    assert document.labels.filter(field="company").count() == 5


def test_undo_sent_twice_takes_back_once(document: Document, anna: User) -> None:
    first = actions.save(document, "company", "ACME", known=0, actor=anna)
    change = actions.Change("company", first.pk, first.pk)

    assert actions.undo(document, [change], actor=anna) == actions.undo(document, [change], actor=anna)


def test_undo_does_not_take_back_what_somebody_else_wrote(document: Document, anna: User, ben: User) -> None:
    mine = actions.save(document, "company", "ACME", known=0, actor=anna)
    actions.save(document, "company", "STORES", known=mine.pk, actor=ben)

    with pytest.raises(conflicts.Overwriting, match="“company” is not undone: ben changed it since"):
        actions.undo(document, [actions.Change("company", mine.pk, mine.pk)], actor=anna)


def test_an_accepted_document_can_be_put_back_as_it_was(document: Document, anna: User) -> None:
    written = actions.accept(document, shown(document), actor=anna)
    actions.reopen(document)
    actions.undo(document, [actions.Change(row.field, row.pk, row.pk) for row in written], actor=anna)
    document.refresh_from_db()

    assert document.review == Document.Review.WAITING
    assert {label.source for label in ranking.best(document).values()} == {Source.TEACHER}


# Truth


def test_truth_is_locked_until_somebody_unlocks_it(document: Document, anna: User) -> None:
    store.write(document, "total", "12.50", source="truth")

    with pytest.raises(Conflict, match="unlock"):
        actions.save(document, "total", "12.00", known=known(document, "total"), actor=anna)

    written = actions.save(document, "total", "12.00", known=known(document, "total"), actor=anna, unlocked=True)
    assert written.source == Source.TRUTH
    actions.undo(document, [actions.Change("total", written.pk, written.pk)], actor=anna)
    assert best(document, "total").value == "12.50"  # type: ignore[union-attr]
