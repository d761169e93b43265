"""Who gets which questions, and when the next round comes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from extraction.domain.label_quality.questions import ROUND
from extraction.models import Document, Label, Project, Question, User
from extraction.services.documents import layouts
from extraction.services.labels import store
from extraction.services.review import actions
from extraction.services.review.questions import answering, population, rounds, taking
from tests.review.questions.rounds import Make, about
from tests.support import builders

pytestmark = pytest.mark.django_db
Answer, State = Question.Answer, Question.State


def test_two_people_never_get_the_same_question(project: Project, anna: User, ben: User, make: Make) -> None:
    for number in range(4):
        make(company=f"SHOP {number}")
    hers, his = taking.take(project, anna, 4), taking.take(project, ben, 50)
    assert len(hers) == 4
    assert his
    assert not {each.pk for each in hers} & {each.pk for each in his}


def test_a_question_comes_free_once_its_lease_ran_out(project: Project, anna: User, ben: User, make: Make) -> None:
    make()
    hers = taking.take(project, anna, 50)
    assert not {each.pk for each in taking.take(project, ben, 50)} & {each.pk for each in hers}
    Question.objects.update(held_until=timezone.now() - timedelta(seconds=1))
    assert {each.pk for each in taking.take(project, ben, 50)} >= {each.pk for each in hers}


def test_a_page_that_is_loaded_anew_shows_the_same_questions(project: Project, anna: User, make: Make) -> None:
    make()
    first = taking.take(project, anna, 2)
    assert taking.take(project, anna, 2) == first
    assert not set(taking.take(project, anna, 2, without=[each.pk for each in first])) & set(first)


def test_at_most_two_questions_a_document_are_chosen_in_a_round(project: Project, anna: User, make: Make) -> None:
    documents = [make(company=f"SHOP {number}") for number in range(30)]
    taking.take(project, anna, 1)
    chosen = Question.objects.filter(round=1, random=False)
    assert Question.objects.filter(round=1).count() == ROUND
    assert Question.objects.filter(round=1, random=True).count() == ROUND // 10
    for document in documents:
        assert chosen.filter(label__document=document).count() <= 2


def test_labels_that_are_surely_right_are_asked_about_at_random_alone(project: Project, anna: User, make: Make) -> None:
    for _ in range(3):
        make(0.999)
    assert all(each.random for each in taking.take(project, anna, 50))


def test_the_next_round_comes_when_one_has_none_left(project: Project, anna: User, make: Make) -> None:
    for number in range(30):
        make(company=f"SHOP {number}")
    first = taking.take(project, anna, ROUND)
    for question in first:
        answering.answer(question, Answer.YES, actor=anna)
    assert {each.round for each in taking.take(project, anna, 5)} == {2}


def test_who_does_not_know_is_not_asked_again_but_others_are(
    project: Project, anna: User, ben: User, make: Make
) -> None:
    document = make()
    question = about(project, document, "total")
    before = document.labels.count()
    answering.answer(question, Answer.UNKNOWN, actor=anna)
    assert document.labels.count() == before
    assert question.label_id not in {each.label_id for each in taking.take(project, anna, 50)}
    for user, asked in ((anna, False), (ben, True)):
        assert population.askable(project, user).filter(label=question.label).exists() == asked
    again = about(project, document, "total")
    assert again not in taking.take(project, anna, 50)
    assert again in taking.take(project, ben, 50)


def test_a_label_that_somebody_found_wrong_is_not_asked_about_again(project: Project, anna: User, make: Make) -> None:
    question = about(project, make(), "total")
    answering.answer(question, Answer.NO, actor=anna)
    assert question.label_id not in {each.label_id for each in taking.take(project, anna, 50)}


def test_questions_about_labels_that_changed_are_closed(project: Project, anna: User, make: Make) -> None:
    document = make()
    question = about(project, document, "total")
    store.write(document, "total", "4.40", source="teacher", teacher="rules")
    found = taking.take(project, anna, 50)
    assert question not in found
    question.refresh_from_db()
    assert question.state == State.STALE
    assert about(project, document, "total").label.value == "4.40"


def test_rejected_documents_and_tables_are_not_asked_about(project: Project, anna: User, make: Make) -> None:
    actions.reject(make(), actor=anna)
    assert taking.take(project, anna, 50) == []


def test_a_round_is_planned_once(project: Project, anna: User, make: Make) -> None:
    make()
    rounds.plan(project, anna, after=0)
    count = Question.objects.count()
    rounds.plan(project, anna, after=0)
    assert Question.objects.count() == count > 0


def test_every_round_of_equal_labels_is_the_same(project: Project, anna: User, make: Make) -> None:
    for _ in range(12):
        make()
    rounds.plan(project, anna, after=0)
    first = list(Question.objects.values_list("label", "random"))
    Question.objects.all().delete()
    rounds.plan(project, anna, after=0)
    assert list(Question.objects.values_list("label", "random")) == first


def test_the_number_of_queries_does_not_grow_with_documents(
    project: Project, anna: User, make: Make, django_assert_max_num_queries: object
) -> None:
    for _ in range(12):
        make()
    taking.take(project, anna, 1)
    held = Document.objects.count()
    assert held == 12
    with django_assert_max_num_queries(12 + 10):  # type: ignore[operator]
        taking.take(project, anna, 10)


class TestLayouts:
    """Where no field names the vendor, documents alike wait for each other."""

    @pytest.fixture(autouse=True)
    def _none_at_random(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(rounds, "at_random", lambda size, doubtful: 0)

    @staticmethod
    def total(project: Project, *lines: str) -> Label:
        document = builders.document(project, *lines, "Total 3.30")
        layouts.fill(project)
        return store.write(document, "total", "3.30", source="teacher", teacher="rules", confidence=0.5)

    @staticmethod
    def planned(project: Project, anna: User) -> list[int]:
        rounds.plan(project, anna, after=rounds.latest(project))
        newest = Question.objects.filter(project=project, round=rounds.latest(project))
        return list(newest.order_by("pk").values_list("label", flat=True))

    def test_the_second_of_a_layout_waits_for_other_layouts(self, project: Project, anna: User) -> None:
        first, second = (self.total(project, "BEAN THERE SDN BHD", "12 Harbour Road") for _ in range(2))
        other = self.total(project, "PETROL STATION MARTINEZ", "Avenida del Sol")
        assert self.planned(project, anna) == [first.pk, other.pk, second.pk]
        assert set(Question.objects.values_list("vendor", flat=True)) == {""}

    def test_questions_of_earlier_rounds_count(self, project: Project, anna: User) -> None:
        for _ in range(2):
            self.total(project, "BEAN THERE SDN BHD", "12 Harbour Road")
        self.planned(project, anna)
        Question.objects.update(state=Question.State.ANSWERED, answer=Question.Answer.NO)
        known = self.total(project, "BEAN THERE SDN BHD", "12 Harbour Road")
        new = self.total(project, "PETROL STATION MARTINEZ", "Avenida del Sol")
        assert self.planned(project, anna) == [new.pk, known.pk]
