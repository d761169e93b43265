"""What answers write, and what they refuse."""

from __future__ import annotations

import pytest

from extraction.domain.pages import Span
from extraction.models import Document, Project, Question, User
from extraction.services.errors import Conflict, Invalid
from extraction.services.labels import store
from extraction.services.review import actions
from extraction.services.review.conflicts import Overwriting
from extraction.services.review.questions import answering, undoing
from extraction.services.review.questions.answering import Correction
from tests.review.questions.rounds import Make, about, best, state

pytestmark = pytest.mark.django_db
Answer, State = Question.Answer, Question.State


def test_a_yes_confirms_the_value_with_its_place(project: Project, anna: User, make: Make) -> None:
    question = about(project, document := make(), "total")
    answered = answering.answer(question, Answer.YES, actor=anna)
    label = best(document, "total")
    assert (label.source, label.author, label.value) == ("reviewer", anna, "3.30")
    assert label.spans == question.label.spans != []
    assert list(answered.labels.all()) == [label]
    assert (answered.state, answered.answer, answered.user) == (State.ANSWERED, Answer.YES, anna)


def test_a_no_with_words_of_the_picture_corrects_the_value(project: Project, anna: User, make: Make) -> None:
    question = about(project, document := make(total="3.00"), "total")
    span = Span(0, *([len(document.domain_pages()[0].words) - 1] * 2))
    answering.answer(question, Answer.NO, Correction("3.30", (span,)), actor=anna)
    assert best(document, "total").value == "3.30"
    assert best(document, "total").spans == [span.to_json()]


def test_a_typed_value_is_located(project: Project, anna: User, make: Make) -> None:
    question = about(project, document := make(total="9.99"), "total")
    answering.answer(question, Answer.NO, Correction(" 3.30 "), actor=anna)
    assert best(document, "total").value == "3.30"
    assert best(document, "total").spans


def test_a_field_can_be_found_not_to_be_there(project: Project, anna: User, make: Make) -> None:
    question = about(project, document := make(), "address")
    answering.answer(question, Answer.NO, Correction(None), actor=anna)
    assert best(document, "address").value is None
    assert best(document, "address").source == "reviewer"


def test_a_no_without_a_value_writes_nothing(project: Project, anna: User, make: Make) -> None:
    question = about(project, document := make(), "total")
    before = document.labels.count()
    answering.answer(question, Answer.NO, actor=anna)
    assert document.labels.count() == before
    assert state(document) == Document.Review.WAITING


def test_another_spelling_of_the_value_is_a_yes(project: Project, anna: User, make: Make) -> None:
    question = about(project, document := make(), "total")
    answered = answering.answer(question, Answer.NO, Correction("RM 3.30"), actor=anna)
    assert answered.answer == Answer.YES
    assert best(document, "total").value == "RM 3.30"


@pytest.mark.parametrize("correction", [Correction(""), Correction("x" * 100_000), Correction("3", (Span(7, 0, 0),))])
def test_what_cannot_be_stored_is_refused_and_the_question_stays_open(
    project: Project, anna: User, make: Make, correction: Correction
) -> None:
    question = about(project, make(), "total")
    with pytest.raises(Invalid):
        answering.answer(question, Answer.NO, correction, actor=anna)
    question.refresh_from_db()
    assert question.state == State.OPEN


def test_an_answer_that_comes_twice_counts_once(project: Project, anna: User, make: Make) -> None:
    question = about(project, document := make(), "total")
    for _ in range(2):
        answering.answer(question, Answer.NO, Correction("4.40"), actor=anna)
    assert document.labels.filter(source="reviewer").count() == 1


def test_equal_answers_of_two_people_agree_and_different_ones_conflict(
    project: Project, anna: User, ben: User, make: Make
) -> None:
    question = about(project, document := make(), "total")
    answering.answer(question, Answer.YES, actor=anna)
    answering.answer(question, Answer.YES, actor=ben)
    with pytest.raises(Overwriting) as refused:
        answering.answer(question, Answer.NO, Correction("4.40"), actor=ben)
    assert refused.value.theirs.author == anna
    assert best(document, "total").value == "3.30"


def test_an_answer_after_a_no_that_knew_no_better_conflicts(
    project: Project, anna: User, ben: User, make: Make
) -> None:
    question = about(project, make(), "total")
    answering.answer(question, Answer.NO, actor=anna)
    with pytest.raises(Conflict):
        answering.answer(question, Answer.YES, actor=ben)


def test_a_label_of_the_teacher_that_changed_meanwhile_makes_the_question_stale(
    project: Project, anna: User, make: Make
) -> None:
    question = about(project, document := make(), "total")
    store.write(document, "total", "4.40", source="teacher", teacher="rules")
    with pytest.raises(Conflict) as refused:
        answering.answer(question, Answer.YES, actor=anna)
    assert not isinstance(refused.value, Overwriting)
    question.refresh_from_db()
    assert question.state == State.STALE
    assert not document.labels.filter(source="reviewer").exists()


def test_what_a_person_wrote_meanwhile_is_not_overwritten(project: Project, anna: User, ben: User, make: Make) -> None:
    question = about(project, document := make(), "total")
    actions.save(document, "total", "4.40", known=0, actor=ben)
    with pytest.raises(Overwriting) as refused:
        answering.answer(question, Answer.YES, actor=anna)
    assert refused.value.theirs.author == ben
    assert best(document, "total").value == "4.40"


def test_the_same_value_of_a_person_meanwhile_is_no_conflict(
    project: Project, anna: User, ben: User, make: Make
) -> None:
    question = about(project, document := make(), "total")
    actions.save(document, "total", "3.30", known=0, actor=ben)
    assert answering.answer(question, Answer.YES, actor=anna).state == State.STALE
    assert document.labels.filter(source="reviewer").count() == 1


def test_a_document_of_which_every_field_is_confirmed_is_accepted(project: Project, anna: User, make: Make) -> None:
    document = make()
    for field in ("company", "date", "address"):
        answering.answer(about(project, document, field), Answer.YES, actor=anna)
    assert state(document) == Document.Review.WAITING
    last = answering.answer(about(project, document, "total"), Answer.YES, actor=anna)
    document.refresh_from_db()
    assert (document.review, document.reviewer, document.reviewed) == ("accepted", anna, last.answered)


def test_a_document_with_a_field_that_nobody_was_asked_about_waits(project: Project, anna: User, make: Make) -> None:
    document = make()
    document.labels.filter(field="address").delete()
    for field in ("company", "date", "total"):
        answering.answer(about(project, document, field), Answer.YES, actor=anna)
    assert state(document) == Document.Review.WAITING


def test_undo_restores_label_and_document(project: Project, anna: User, make: Make) -> None:
    document = make()
    for field in ("company", "date", "address", "total"):
        question = answering.answer(about(project, document, field), Answer.YES, actor=anna)
    undone = undoing.undo(question, actor=anna)
    assert (undone.taken_back, undone.kept) == (1, 0)
    assert best(document, "total").source == "teacher"
    document.refresh_from_db()
    assert (document.review, document.reviewer, document.reviewed) == ("waiting", None, None)
    assert undoing.undo(question, actor=anna).taken_back == 0


def test_an_undone_question_can_be_answered_again(project: Project, anna: User, make: Make) -> None:
    question = about(project, document := make(), "total")
    answering.answer(question, Answer.YES, actor=anna)
    undoing.undo(question, actor=anna)
    answering.answer(question, Answer.NO, Correction("4.40"), actor=anna)
    assert best(document, "total").value == "4.40"


def test_undo_leaves_what_somebody_changed_since(project: Project, anna: User, ben: User, make: Make) -> None:
    question = about(project, document := make(), "total")
    written = answering.answer(question, Answer.YES, actor=anna).labels.get()
    actions.save(document, "total", "4.40", known=written.pk, actor=ben)
    assert undoing.undo(question, actor=anna).kept == 1
    assert best(document, "total").value == "4.40"


def test_undo_leaves_a_document_that_somebody_accepted_since(
    project: Project, anna: User, ben: User, make: Make
) -> None:
    question = about(project, document := make(), "total")
    answering.answer(question, Answer.YES, actor=anna)
    shown = {field: best(document, field).pk for field in ("company", "date", "address", "total")}
    actions.accept(document, shown, actor=ben)
    assert undoing.undo(question, actor=anna).kept == 1
    assert state(document) == Document.Review.ACCEPTED


def test_an_open_question_cannot_be_undone(project: Project, anna: User, make: Make) -> None:
    with pytest.raises(Conflict):
        undoing.undo(about(project, make(), "total"), actor=anna)
