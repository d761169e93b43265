"""Questions about what is not as it was: answered by two people, renamed, removed, or of another type by now."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from extraction.domain.fields import Schema
from extraction.models import Document, Project, Question, User
from extraction.services.errors import Conflict, Invalid
from extraction.services.projects import schema_versions
from extraction.services.review import actions
from extraction.services.review.conflicts import Overwriting
from extraction.services.review.questions import answering, rounds, undoing
from extraction.services.review.questions.answering import Correction
from tests.review.questions.rounds import Make, about, best
from tests.support import builders

pytestmark = pytest.mark.django_db
Answer, State = Question.Answer, Question.State
WRONG, CORRECTED = Correction("9.90"), Correction("4.40")
Given = tuple[str, Correction | None]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((Answer.UNKNOWN, None), (Answer.YES, None)),
        ((Answer.UNKNOWN, None), (Answer.NO, None)),
        ((Answer.UNKNOWN, None), (Answer.NO, CORRECTED)),
        ((Answer.NO, None), (Answer.NO, CORRECTED)),
    ],
)
def test_who_knows_more_completes_an_answer(
    project: Project, anna: User, ben: User, make: Make, first: Given, second: Given
) -> None:
    question = about(project, document := make(), "total")
    answering.answer(question, *first, actor=anna)
    answered = answering.answer(question, *second, actor=ben)
    assert (answered.answer, answered.user) == (second[0], ben)
    said = second[1].value if second[1] else "3.30"
    assert best(document, "total").value == said
    # What was known first changes nothing any more.
    answering.answer(question, Answer.UNKNOWN, actor=anna)
    question.refresh_from_db()
    assert (question.answer, question.user) == (second[0], ben)


CONTRADICTIONS: tuple[tuple[Given, Given], ...] = (
    ((Answer.YES, None), (Answer.NO, None)),
    ((Answer.YES, None), (Answer.NO, CORRECTED)),
    ((Answer.NO, None), (Answer.YES, None)),
    ((Answer.NO, CORRECTED), (Answer.YES, None)),
    ((Answer.NO, CORRECTED), (Answer.NO, WRONG)),
)


@pytest.mark.parametrize(("first", "second"), CONTRADICTIONS)
def test_contradicting_answers_are_told(
    project: Project, anna: User, ben: User, make: Make, first: Given, second: Given
) -> None:
    question = about(project, document := make(), "total")
    answering.answer(question, *first, actor=anna)
    before = best(document, "total")
    with pytest.raises(Conflict):
        answering.answer(question, *second, actor=ben)
    question.refresh_from_db()
    assert (question.answer, question.user, best(document, "total")) == (first[0], anna, before)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((Answer.NO, CORRECTED), (Answer.NO, Correction("RM 4.40"))),
        ((Answer.NO, CORRECTED), (Answer.NO, None)),
        ((Answer.YES, None), (Answer.NO, Correction("RM 3.30"))),
    ],
)
def test_answers_that_mean_the_same_are_no_conflict(
    project: Project, anna: User, ben: User, make: Make, first: Given, second: Given
) -> None:
    question = about(project, make(), "total")
    answering.answer(question, *first, actor=anna)
    assert answering.answer(question, *second, actor=ben).user == anna


def test_a_no_about_what_somebody_confirmed_in_review_is_told(
    project: Project, anna: User, ben: User, make: Make
) -> None:
    question = about(project, document := make(), "total")
    actions.save(document, "total", "3.30", known=0, actor=ben)
    with pytest.raises(Overwriting) as refused:
        answering.answer(question, Answer.NO, actor=anna)
    assert refused.value.theirs.author == ben


def test_a_date_with_two_meanings_can_be_the_other_one(
    project: Project, anna: User, ben: User, make: Make, client: Client
) -> None:
    question = about(project, document := make(date="06/08/2023"), "date")
    client.force_login(anna)
    url = f"/projects/receipts/questions/{question.pk}/"
    (other, *_) = client.get(url).json()["alternatives"]
    assert (other["value"], other["reading"]) == ("06/08/2023", "2023-06-08")
    assert best(document, "date").normalized == "2023-08-06"
    body = {"answer": "no", "value": other["value"], "spans": other["spans"], "reading": other["reading"]}
    assert client.post(f"{url}answer/", body, content_type="application/json").status_code == 200
    label = best(document, "date")
    assert (label.value, label.normalized, label.reading_chosen) == ("06/08/2023", "2023-06-08", True)
    question.refresh_from_db()
    assert question.answer == Answer.NO
    with pytest.raises(Conflict):
        answering.answer(question, Answer.YES, actor=ben)


def test_a_meaning_that_a_text_does_not_have_is_refused(project: Project, anna: User, make: Make) -> None:
    question = about(project, make(date="06/08/2023"), "date")
    with pytest.raises(Invalid):
        answering.answer(question, Answer.NO, Correction("06/08/2023", reading="2023-12-24"), actor=anna)


def _without(fields: list[dict[str, Any]]) -> None:
    del fields[2]


def _as_group(fields: list[dict[str, Any]]) -> None:
    fields[2] = {"name": "address", "type": "group", "fields": [{"name": "street"}]}


def _as_choice(fields: list[dict[str, Any]]) -> None:
    fields[2] |= {"type": "choice", "options": ["here", "there"]}


def _renamed(fields: list[dict[str, Any]]) -> None:
    fields[2]["name"] = "street"


CHANGES = [_without, _as_group, _as_choice, _renamed]


def changed(project: Project, change: Callable[[list[dict[str, Any]]], None]) -> None:
    value = builders.RECEIPT.to_json()
    change(value["field"])
    renames = {"address": "street"} if change is _renamed else None
    schema_versions.change(Project.objects.get(pk=project.pk), Schema.from_json(value), renames=renames)


def refused(client: Client, method: str, url: str, body: object = None) -> bool:
    """Whether a request is refused, in a sentence; none fails."""
    sent = (body or {},) if method == "post" else ()
    headers = {"Accept": "application/json"}
    answer = getattr(client, method)(url, *sent, content_type="application/json", headers=headers)
    if answer.status_code == 200:
        return False
    assert answer.status_code in (400, 409)
    assert answer.json()["error"].endswith(".")
    return True


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("change", CHANGES)
def test_a_question_about_a_field_that_changed_is_answered_or_refused(
    client: Client, project: Project, anna: User, make: Make, change: Callable[[list[dict[str, Any]]], None]
) -> None:
    question = about(project, make(), "address")
    changed(project, change)
    client.force_login(anna)
    url = f"/projects/receipts/questions/{question.pk}/"
    gone = change in (_without, _as_group)
    assert refused(client, "get", url) == (change is _without)
    for body in ({"answer": "no"}, {"answer": "no", "value": "here"}, {"answer": "yes"}):
        assert refused(client, "post", f"{url}answer/", body) == gone
        assert refused(client, "post", f"{url}undo/") == gone
    assert question.label.document.labels.filter(source="reviewer").exists() == (not gone)
    assert client.get("/projects/receipts/questions/").status_code == 200


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("change", CHANGES)
def test_what_an_answer_held_for_outlives_a_change_of_its_field(
    client: Client, project: Project, anna: User, make: Make, change: Callable[[list[dict[str, Any]]], None]
) -> None:
    documents: list[Document] = [make(doubt="address", total=f"{number}.30") for number in range(6)]
    rounds.plan(project, anna, after=0)
    question = Question.objects.get(label__field="address", holds=True)
    question.project = project
    answering.answer(question, Answer.YES, actor=anna)
    changed(project, change)
    client.force_login(anna)
    assert client.get("/projects/receipts/questions/").status_code == 200
    assert refused(client, "post", f"/projects/receipts/questions/{question.pk}/undo/") == (change is _without)
    name = "street" if change is _renamed else "address"
    sources = {label.source for document in documents for label in document.labels.filter(field=name, withdrawn=False)}
    withdrawn = sum(document.labels.filter(field=name, withdrawn=True).count() for document in documents)
    assert (sources, withdrawn) == ({"teacher", "reviewer"}, 0 if change is _without else 6)


def test_undoing_what_is_gone_leaves_it(project: Project, anna: User, make: Make) -> None:
    question = about(project, document := make(), "address")
    written = list(answering.answer(question, Answer.YES, actor=anna).labels.all())
    changed(project, _without)
    now = Project.objects.get(pk=project.pk)
    assert undoing.take_back(now, written, anna).kept == 1
    assert document.labels.filter(field="address", withdrawn=True).count() == 0
