"""Documents that an owner accepts without looking at them."""

from __future__ import annotations

import json

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from extraction.domain.label_quality.estimator import Estimator
from extraction.models import Document, LabelEstimator, LabelQuality, Project, Role, Scope, UnseenAcceptance, User
from extraction.services.errors import Invalid
from extraction.services.labels import ranking
from extraction.services.projects import tokens
from extraction.services.quality import assessments
from extraction.services.review import actions
from extraction.services.review.questions import population, unseen
from tests.review.questions.rounds import Make, best, state
from tests.support import builders

pytestmark = pytest.mark.django_db
PAGE = "/projects/receipts/questions/"


class Silent:
    def report(self, *args: object) -> None: ...

    def cancelled(self) -> bool:
        return False


@pytest.fixture
def owner(project: Project) -> User:
    return builders.member(project, Role.OWNER)


@pytest.fixture
def sure(project: Project, make: Make) -> list[Document]:
    """Three documents whose labels are surely right, as an estimator says that people's answers have taught."""
    documents = [make(company=f"SHOP {number}") for number in range(3)]
    judged = Estimator.prior().to_json() | {"labels": 60}
    LabelEstimator.objects.create(project=project, value=judged, newest=0)
    rate(project, documents, 0.995)
    return documents


def rate(project: Project, documents: list[Document], probability: float) -> None:
    for document in documents:
        for label in document.labels.all():
            values = {"project": project, "signals": {}, "probability": probability}
            LabelQuality.objects.update_or_create(label=label, defaults=values)
    ranking.refresh(project, [document.pk for document in documents])


def test_what_is_surely_right_can_be_accepted(project: Project, owner: User, sure: list[Document], make: Make) -> None:
    doubtful = make(company="OTHER")
    found = unseen.acceptable(project)
    assert (found.documents, round(found.wrong, 4)) == (3, 0.005)
    accepted = unseen.accept(project, actor=owner)
    assert (accepted.user, accepted.documents) == (owner, 3)
    assert [state(document) for document in sure] == [Document.Review.ACCEPTED] * 3
    assert state(doubtful) == Document.Review.WAITING
    assert all(best(document, "total").unseen for document in sure)


def test_one_doubtful_label_keeps_a_document(project: Project, sure: list[Document]) -> None:
    LabelQuality.objects.filter(label=best(sure[0], "total")).update(probability=0.9)
    assert unseen.acceptable(project).documents == 2


def test_nothing_is_offered_before_people_judged_enough(project: Project, owner: User, sure: list[Document]) -> None:
    LabelEstimator.objects.update(value=Estimator.prior().to_json())
    assert unseen.acceptable(project).documents == 0
    with pytest.raises(Invalid):
        unseen.accept(project, actor=owner)


def test_it_is_never_taken_for_a_look(project: Project, owner: User, sure: list[Document]) -> None:
    before = population.standing(project)
    unseen.accept(project, actor=owner)
    assessments.run(project.pk, Silent())
    assert population.standing(project).unseen == before.unseen
    assert not LabelQuality.objects.filter(right__isnull=False).exists()
    assert ranking.checked(project.documents.all()) == {}


def test_undo_takes_it_back_where_nobody_did_more(
    project: Project, owner: User, anna: User, sure: list[Document]
) -> None:
    accepted = unseen.accept(project, actor=owner)
    actions.reopen(sure[0])
    actions.save(sure[0], "total", "4.40", known=best(sure[0], "total").pk, actor=anna)
    undone = unseen.undo(project, accepted.pk, actor=owner)
    assert (undone.taken_back, undone.kept) == (11, 1)
    assert [state(document) for document in sure] == [Document.Review.WAITING] * 3
    assert best(sure[0], "total").value == "4.40"
    assert best(sure[1], "total").source == "teacher"
    assert unseen.undo(project, accepted.pk, actor=owner).taken_back == 0


def test_an_owner_accepts_and_undoes_on_the_page(client: Client, owner: User, sure: list[Document]) -> None:
    client.force_login(owner)
    assert f"{PAGE}unseen/" in client.get(PAGE).content.decode()
    client.post(f"{PAGE}unseen/")
    row = UnseenAcceptance.objects.get()
    assert f"{PAGE}unseen/{row.pk}/undo/" in client.get(PAGE).content.decode()
    client.post(f"{PAGE}unseen/{row.pk}/undo/")
    assert state(sure[0]) == Document.Review.WAITING
    assert client.post(f"{PAGE}unseen/999/undo/").status_code == 404


def test_reviewers_are_not_offered_it(client: Client, anna: User, sure: list[Document]) -> None:
    client.force_login(anna)
    assert f"{PAGE}unseen/" not in client.get(PAGE).content.decode()


class TestByCommand:
    def test_it_tells_decides_and_takes_back(
        self, owner: User, sure: list[Document], capsys: pytest.CaptureFixture[str]
    ) -> None:
        def told(*options: str) -> dict[str, object]:
            call_command("accept_unseen", "receipts", "--json", *options)
            return dict(json.loads(capsys.readouterr().out))

        assert told() | {"wrong": 0} == {
            "project": "receipts", "documents": 3, "wrong": 0, "done": False, "undone": None, "kept": None
        }  # fmt: skip
        assert {state(document) for document in sure} == {Document.Review.WAITING}
        assert told("--user", owner.username)["done"] is True
        assert {state(document) for document in sure} == {Document.Review.ACCEPTED}
        assert told("--user", owner.username, "--undo")["undone"] == 12
        assert {state(document) for document in sure} == {Document.Review.WAITING}

    @pytest.mark.parametrize("options", [["--undo"], ["--user", "nobody"]])
    def test_nobody_decides_unnamed(self, sure: list[Document], options: list[str]) -> None:
        with pytest.raises(CommandError):
            call_command("accept_unseen", "receipts", *options)
        assert not UnseenAcceptance.objects.exists()

    def test_a_reviewer_does_not_decide(self, anna: User, sure: list[Document]) -> None:
        with pytest.raises(CommandError, match="owner"):
            call_command("accept_unseen", "receipts", "--user", anna.username)
        assert not UnseenAcceptance.objects.exists()

    def test_without_anything_sure_it_says_so(self, project: Project, capsys: pytest.CaptureFixture[str]) -> None:
        call_command("accept_unseen", "receipts")
        assert capsys.readouterr().out.startswith("No document")


def test_programs_accept_and_take_back(client: Client, project: Project, owner: User, sure: list[Document]) -> None:
    _, token = tokens.create(project, owner, name="night", scopes=[Scope.READ, Scope.MANAGE])
    headers, url = {"Authorization": f"Bearer {token}"}, "/api/v1/projects/receipts/unseen-acceptances"
    found = client.get(url, headers=headers).json()
    assert (found["documents"], round(found["wrong"], 4), found["results"]) == (3, 0.005, [])
    accepted = client.post(url, headers=headers)
    assert (accepted.status_code, accepted.json()["user"], accepted.json()["documents"]) == (201, owner.username, 3)
    again = client.post(url, headers=headers)
    assert (again.status_code, again.json()["detail"].endswith(".")) == (422, True)
    undone = client.post(f"{url}/{accepted.json()['id']}/undo", headers=headers)
    assert undone.json() == {"taken_back": 12, "kept": 0}
    assert client.get(url, headers=headers).json()["results"][0]["undone"]
