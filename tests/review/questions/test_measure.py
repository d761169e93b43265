"""What is known about all labels from the random questions alone."""

from __future__ import annotations

import pytest

from extraction.models import Project, Question, User
from extraction.services.labels import store
from extraction.services.review import actions
from extraction.services.review.questions import answering, population, taking, undoing
from extraction.services.review.questions.answering import Correction
from tests.review.questions.rounds import Make, best

pytestmark = pytest.mark.django_db
Answer = Question.Answer


@pytest.fixture
def random(project: Project, anna: User, make: Make) -> list[Question]:
    """The random questions of a round about labels that are all surely right."""
    for number in range(5):
        make(0.999, company=f"SHOP {number}")
    return taking.take(project, anna, 20)


def test_only_random_questions_count(project: Project, anna: User, random: list[Question], make: Make) -> None:
    make(0.5, company="DOUBTFUL LTD")
    chosen = Question.objects.create(project=project, label=best(make(0.5), "total"), round=1, random=False)
    answering.answer(taking.find(project, chosen.pk), Answer.NO, Correction("4.40"), actor=anna)
    assert population.standing(project).asked == 0
    answering.answer(random[0], Answer.YES, actor=anna)
    standing = population.standing(project)
    assert (standing.asked, standing.wrong) == (1, 0)


def test_wrong_labels_count_though_they_are_corrected(project: Project, anna: User, random: list[Question]) -> None:
    answering.answer(random[0], Answer.NO, Correction("another thing"), actor=anna)
    answering.answer(random[1], Answer.NO, actor=anna)
    assert population.standing(project).wrong == 2


def test_who_does_not_know_counts_as_wrong_until_somebody_does(
    project: Project, anna: User, ben: User, random: list[Question]
) -> None:
    question = random[0]
    answering.answer(question, Answer.UNKNOWN, actor=anna)
    assert population.standing(project).wrong == 1
    again = Question.objects.create(project=project, label=question.label, round=2, random=False)
    answering.answer(taking.find(project, again.pk), Answer.YES, actor=ben)
    assert (population.standing(project).asked, population.standing(project).wrong) == (1, 0)


def test_undone_and_stale_questions_count_for_nothing(project: Project, anna: User, random: list[Question]) -> None:
    answering.answer(random[0], Answer.NO, Correction("another thing"), actor=anna)
    undoing.undo(random[0], actor=anna)
    store.write(random[1].label.document, random[1].label.field, "new", source="teacher", teacher="rules")
    taking.take(project, anna, 1)
    assert population.standing(project).asked == 0


def test_what_people_corrected_by_hand_counts_as_right(project: Project, anna: User, random: list[Question]) -> None:
    answering.answer(random[0], Answer.YES, actor=anna)
    before = population.standing(project)
    label = random[1].label
    actions.save(label.document, label.field, "something else", known=0, actor=anna)
    after = population.standing(project)
    assert (after.labels, after.unseen) == (before.labels, before.unseen - 1)
    assert after.bound is not None
    assert before.bound is not None
    assert after.bound < before.bound


def test_answers_about_a_teacher_without_labels_count_no_longer(
    project: Project, anna: User, random: list[Question]
) -> None:
    answering.answer(random[0], Answer.YES, actor=anna)
    project.teacher = "better"
    project.save()
    inputs = [
        store.LabelInput(document, field, "new", "teacher", teacher="better", confidence=0.9)
        for document in project.documents.all()
        for field in ("company", "date", "address", "total")
    ]
    store.write_many(project, inputs)
    assert population.standing(project).asked == 0


def test_all_looked_at_leaves_nothing_wrong(project: Project, anna: User, random: list[Question]) -> None:
    for question in random:
        answering.answer(question, Answer.YES, actor=anna)
    standing = population.standing(project)
    assert (standing.unseen, standing.bound, standing.ahead().rounds) == (0, 0, 0)


def test_an_empty_project_has_nothing_to_say(project: Project) -> None:
    assert population.standing(project).bound == 0
