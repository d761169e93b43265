"""Fields that vendors keep: one answer for a vendor, until a document disagrees."""

from __future__ import annotations

import pytest

from extraction.models import Document, LabelQuality, Project, Question, User
from extraction.services.documents import intake
from extraction.services.labels import ranking
from extraction.services.quality import assessments
from extraction.services.review import actions
from extraction.services.review.questions import answering, population, rounds, taking, undoing
from extraction.services.review.questions.answering import Correction
from tests.review.questions.rounds import Make, about, best, state

pytestmark = pytest.mark.django_db
Answer = Question.Answer


@pytest.fixture
def documents(make: Make) -> list[Document]:
    """Six of one vendor, with one address, different totals and dates."""
    return [make(doubt="address", total=f"{number}.30", date=f"{number + 10}/12/2018") for number in range(6)]


def asked(project: Project, user: User) -> Question:
    """The first question about the vendor's address."""
    taking.take(project, user, 50)
    question = Question.objects.filter(label__field="address", holds=True).first()
    assert question is not None
    return taking.find(project, question.pk)


def sources(documents: list[Document]) -> list[str]:
    return [best(document, "address").source for document in documents]


def test_it_is_asked_once_and_holds_for_all_documents(project: Project, anna: User, documents: list[Document]) -> None:
    answered = answering.answer(asked(project, anna), Answer.YES, actor=anna)
    assert sources(documents) == ["reviewer"] * 6
    assert answered.labels.count() == 6
    unseen = {best(document, "address").unseen for document in documents if document != answered.label.document}
    assert unseen == {True}
    assert not best(answered.label.document, "address").unseen


def test_another_value_on_a_document_is_not_covered(
    project: Project, anna: User, documents: list[Document], make: Make
) -> None:
    other = make(doubt="address", address="7 Hill Street", date="20/12/2018", total="8.40")
    rounds.plan(project, anna, after=0)
    question = Question.objects.filter(label__field="address", holds=True).exclude(label__document=other).first()
    assert question is not None
    answering.answer(taking.find(project, question.pk), Answer.YES, actor=anna)
    assert best(other, "address").source == "teacher"


def test_what_is_not_constant_is_asked_on_each_document(
    project: Project, anna: User, documents: list[Document]
) -> None:
    answering.answer(about(project, documents[0], "total"), Answer.YES, actor=anna)
    assert [best(document, "total").source for document in documents[1:]] == ["teacher"] * 5


def test_a_correction_holds_where_it_stands_on_the_page(project: Project, anna: User, make: Make) -> None:
    documents = [
        make(doubt="address", address="12 Harbor", total=f"{number}.30", date=f"{number + 10}/12/2018")
        for number in range(6)
    ]
    question = asked(project, anna)
    own = question.label.document_id
    answering.answer(question, Answer.NO, Correction("BEAN THERE SDN BHD"), actor=anna)
    assert {best(document, "address").value for document in documents} == {"BEAN THERE SDN BHD"}
    assert all(best(document, "address").spans for document in documents if document.pk != own)


def test_a_correction_that_is_not_on_the_page_holds_for_nobody_else(
    project: Project, anna: User, documents: list[Document]
) -> None:
    question = asked(project, anna)
    answering.answer(question, Answer.NO, Correction("1 Nowhere Lane"), actor=anna)
    assert sorted(sources(documents)) == ["reviewer", *["teacher"] * 5]


def test_undo_takes_all_consequences_back(project: Project, anna: User, documents: list[Document]) -> None:
    question = asked(project, anna)
    answering.answer(question, Answer.YES, actor=anna)
    undone = undoing.undo(question, actor=anna)
    assert (undone.taken_back, undone.kept) == (6, 0)
    assert sources(documents) == ["teacher"] * 6


def test_undo_leaves_what_was_changed_since(project: Project, anna: User, ben: User, documents: list[Document]) -> None:
    question = asked(project, anna)
    answering.answer(question, Answer.YES, actor=anna)
    changed = next(document for document in documents if document.pk != question.label.document_id)
    actions.save(changed, "address", "7 Hill Street", known=best(changed, "address").pk, actor=ben)
    undone = undoing.undo(question, actor=anna)
    assert (undone.taken_back, undone.kept) == (5, 1)
    assert best(changed, "address").value == "7 Hill Street"


@pytest.mark.parametrize("said", [(Answer.YES, None), (Answer.NO, Correction("50450 Kuala Lumpur"))])
def test_what_held_can_be_undone_after_the_asked_document_is_deleted(
    project: Project, anna: User, documents: list[Document], said: tuple[str, Correction | None]
) -> None:
    question = asked(project, anna)
    answering.answer(question, *said, actor=anna)
    intake.delete(question.label.document)
    left = [document for document in documents if document.pk != question.label.document_id]
    assert sources(left) == ["reviewer"] * 5
    assert undoing.undo(taking.find(project, question.pk), actor=anna).taken_back == 5
    assert sources(left) == ["teacher"] * 5


def test_a_document_that_disagrees_ends_what_held(
    project: Project, anna: User, ben: User, documents: list[Document], make: Make
) -> None:
    question = asked(project, anna)
    answering.answer(question, Answer.YES, actor=anna)
    other = next(document for document in documents if document.pk != question.label.document_id)
    actions.save(other, "address", "7 Hill Street", known=best(other, "address").pk, actor=ben)
    rounds.plan(project, anna, after=rounds.latest(project))
    left = [document for document in documents if document.pk not in (other.pk, question.label.document_id)]
    assert sources(left) == ["teacher"] * 4
    assert best(question.label.document, "address").source == "reviewer"
    assert not Question.objects.filter(label__field="address", holds=True, state="open").exists()


def test_a_no_about_what_held_ends_it_at_once(project: Project, anna: User, documents: list[Document]) -> None:
    question = asked(project, anna)
    answering.answer(question, Answer.YES, actor=anna)
    unseen = next(best(document, "address") for document in documents if best(document, "address").unseen)
    drawn = Question.objects.create(project=project, label=unseen, round=9, random=True, vendor=question.vendor)
    answering.answer(taking.find(project, drawn.pk), Answer.NO, Correction("7 Hill Street"), actor=anna)
    assert sorted(sources(documents)) == ["reviewer", "reviewer", *["teacher"] * 4]


def test_undo_of_an_answer_about_what_held_lets_it_hold_again(
    project: Project, anna: User, documents: list[Document]
) -> None:
    first = asked(project, anna)
    answering.answer(first, Answer.YES, actor=anna)
    unseen = next(best(document, "address") for document in documents if best(document, "address").unseen)
    drawn = Question.objects.create(project=project, label=unseen, round=9, random=True, vendor=first.vendor)
    answering.answer(taking.find(project, drawn.pk), Answer.YES, actor=anna)
    assert not best(unseen.document, "address").unseen
    undoing.undo(taking.find(project, drawn.pk), actor=anna)
    assert best(unseen.document, "address").unseen
    assert undoing.undo(first, actor=anna).taken_back == 6


def test_labels_that_nobody_looked_at_judge_no_teacher(project: Project, anna: User, documents: list[Document]) -> None:
    class Silent:
        def report(self, *args: object) -> None: ...

        def cancelled(self) -> bool:
            return False

    question = asked(project, anna)
    answering.answer(question, Answer.YES, actor=anna)
    assessments.run(project.pk, Silent())
    judged = LabelQuality.objects.filter(right__isnull=False)
    assert [row.label.document_id for row in judged] == [question.label.document_id]
    assert set(ranking.checked(project.documents.all())) == {question.label.document_id}


def test_they_count_as_not_looked_at(project: Project, anna: User, documents: list[Document]) -> None:
    before = population.standing(project)
    answering.answer(asked(project, anna), Answer.YES, actor=anna)
    after = population.standing(project)
    assert (before.unseen, after.unseen, after.labels) == (24, 23, 24)


def test_a_document_is_complete_with_them(project: Project, anna: User, documents: list[Document]) -> None:
    question = asked(project, anna)
    answering.answer(question, Answer.YES, actor=anna)
    other = next(document for document in documents if document.pk != question.label.document_id)
    for field in ("company", "date", "total"):
        Question.objects.filter(state="open").update(state="stale")
        label = best(other, field)
        row = Question.objects.create(project=project, label=label, round=9, random=False)
        answering.answer(taking.find(project, row.pk), Answer.YES, actor=anna)
    assert state(other) == Document.Review.ACCEPTED
