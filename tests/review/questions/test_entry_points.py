"""Questions by page, command and API."""

from __future__ import annotations

import json

import pytest
from django.core.management import call_command
from django.test import Client

from extraction.models import Project, Question, Role, Scope, User
from extraction.services.labels import store
from extraction.services.projects import tokens
from extraction.services.review.questions import answering
from tests.review.questions.rounds import Make, about, best
from tests.support import builders

pytestmark = pytest.mark.django_db
PAGE = "/projects/receipts/questions/"
API = "/api/v1/projects/receipts/questions"


@pytest.fixture
def hers(client: Client, anna: User) -> Client:
    client.force_login(anna)
    return client


@pytest.fixture
def headers(project: Project, anna: User) -> dict[str, str]:
    _, token = tokens.create(project, anna, name="phone", scopes=[Scope.REVIEW])
    return {"Authorization": f"Bearer {token}"}


def post(
    client: Client, url: str, body: object, headers: dict[str, str] | None = None
) -> tuple[int, dict[str, object]]:
    response = client.post(
        url, body, content_type="application/json", headers={"Accept": "application/json"} | (headers or {})
    )
    return response.status_code, response.json()


def test_the_page_shows_questions_with_their_places(hers: Client, make: Make) -> None:
    document = make()
    shown = hers.get(PAGE).content.decode()
    assert f"/projects/receipts/documents/{document.pk}/pages/0/image/" in shown
    assert "data-question=" in shown


def test_a_project_without_labels_has_a_page_too(hers: Client, project: Project) -> None:
    assert hers.get(PAGE).status_code == 200
    assert hers.get(f"{PAGE}next/?without=1,x,99999999999999999999").status_code == 200


def test_the_page_takes_a_fixed_number_of_queries(
    hers: Client, project: Project, make: Make, django_assert_max_num_queries: object
) -> None:
    for number in range(8):
        make(company=f"SHOP {number}")
    hers.get(PAGE)
    with django_assert_max_num_queries(60):  # type: ignore[operator]
        hers.get(PAGE)


def test_the_details_hold_pages_and_other_values(hers: Client, project: Project, make: Make) -> None:
    document = make(total="9.99")
    store.write(document, "total", "3.00", source="claim")
    question = about(project, document, "total")
    found = hers.get(f"{PAGE}{question.pk}/").json()
    assert found["pages"][0]["words"]
    values = [each["value"] for each in found["alternatives"]]
    assert values[0] == "3.00"
    assert "3.30" in values
    assert "9.99" not in values
    assert len(values) <= 4


BAD: tuple[object, ...] = (
    [],
    {},
    {"answer": "perhaps"},
    {"answer": ["no"]},
    {"answer": "no", "value": 3},
    {"answer": "no", "value": ""},
    {"answer": "no", "value": "3", "spans": [[0, 0]]},
    {"answer": "no", "value": "3", "spans": [[9, 0, 0, 0, None]]},
)


@pytest.mark.parametrize("body", BAD)
def test_bad_answers_are_refused_in_a_sentence(hers: Client, project: Project, make: Make, body: object) -> None:
    question = about(project, make(), "total")
    status, answer = post(hers, f"{PAGE}{question.pk}/answer/", body)
    assert status == 400
    assert str(answer["error"]).endswith(".")


def test_a_question_of_another_project_is_not_found(hers: Client, anna: User, project: Project, make: Make) -> None:
    other = builders.project("other", owner=anna)
    question = about(project, make(), "total")
    assert hers.get(f"/projects/{other.slug}/questions/{question.pk}/").status_code == 404


def test_an_answer_says_for_how_many_documents_it_holds(hers: Client, project: Project, make: Make) -> None:
    for number in range(6):
        make(doubt="address", total=f"{number}.30", date=f"{number + 10}/12/2018")
    hers.get(PAGE)
    question = Question.objects.filter(label__field="address", holds=True).first()
    assert question is not None
    _, answer = post(hers, f"{PAGE}{question.pk}/answer/", {"answer": "yes"})
    assert "5" in str(answer["sentence"])
    _, undone = post(hers, f"{PAGE}{question.pk}/undo/", {})
    assert "6" in str(undone["sentence"])


def test_the_command_prints_the_bound(
    project: Project, anna: User, make: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    question = about(project, make(), "total", random=True)
    answering.answer(question, Question.Answer.YES, actor=anna)
    call_command("questions", "receipts", "--json", "--target", "0.5")
    found = json.loads(capsys.readouterr().out)
    assert (found["labels"], found["unseen"], found["asked"], found["wrong"]) == (4, 3, 1, 0)
    assert found["at_most_wrong"] == pytest.approx(0.9 * 3 / 4)
    assert found["target"] == 0.5
    assert found["ahead"] == {"rounds": 1, "questions": 3}
    call_command("questions", "receipts")
    assert "0.6750 (90% sure)" in capsys.readouterr().out


def test_programs_ask_answer_and_undo(client: Client, project: Project, headers: dict[str, str], make: Make) -> None:
    document = make()
    found = client.get(f"{API}?limit=1", headers=headers).json()
    (question,) = found["results"]
    assert found["known"]["unseen"] == 4
    assert question["boxes"]
    url = f"{API}/{question['id']}"
    assert post(client, f"{url}/answer", {"answer": "no", "value": "something 7"}, headers)[1]["labels"] == 1
    assert best(document, question["field"]).value == "something 7"
    status, refused = post(client, f"{url}/answer", {"answer": "yes"}, headers)
    assert (status, str(refused["detail"]).endswith(".")) == (409, True)
    assert post(client, f"{url}/undo", {}, headers) == (200, {"taken_back": 1, "kept": 0})


def test_a_token_needs_the_scope(client: Client, project: Project, make: Make) -> None:
    owner = builders.member(project, Role.OWNER)
    _, token = tokens.create(project, owner, name="reader", scopes=[Scope.READ])
    assert client.get(API, headers={"Authorization": f"Bearer {token}"}).status_code == 403
