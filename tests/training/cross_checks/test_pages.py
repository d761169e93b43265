"""The page of cross-checks, and what other pages and programs say of them."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from extraction.domain.progress import Silent
from extraction.models import CrossCheck, Job, Label, Project, Role, Scope
from extraction.services.jobs import execution, queue
from extraction.services.projects import tokens
from extraction.services.quality.jobs import ASSESS
from extraction.services.training.cross_checks import checks, work
from tests.support import builders
from tests.training.cross_checks.slips import DOCUMENTS, KEYWORDS, WRONG, labels, slips

pytestmark = pytest.mark.django_db


def checked(project: Project) -> CrossCheck:
    row = checks.start(project, config=KEYWORDS)
    work.run(row.pk, Silent())
    assess()
    return row


def assess() -> None:
    """What a worker does next."""
    for job in Job.objects.filter(kind=ASSESS.name, state=Job.State.QUEUED):
        execution.run(job.pk)


def address(project: Project) -> str:
    return reverse("cross_check", args=[project.slug])


@pytest.fixture
def owner(client: Client, project: Project) -> Client:
    client.force_login(builders.member(project, Role.OWNER))
    return client


def test_an_owner_starts_one_and_sees_it_under_way(owner: Client, project: Project) -> None:
    assert "never cross-checked" in owner.get(address(project)).content.decode()
    response = owner.post(address(project), {"folds": "3", "minutes": "6"})
    assert response.status_code == 302
    row = CrossCheck.objects.get()
    assert (row.folds, row.minutes) == (3, 6)
    page = owner.get(address(project)).content.decode()
    assert 'hx-trigger="every 2s' in page
    assert reverse("job_cancel", args=[project.slug, row.job_id]) in page
    again = owner.post(address(project), {"folds": "3", "minutes": "6"})
    assert again.status_code == 400
    assert "still under way" in again.content.decode()


@pytest.mark.parametrize("sent", [{}, {"folds": "1", "minutes": "6"}, {"folds": "2", "minutes": "nan"}, {"folds": "x"}])
def test_bad_input_is_said_beside_the_field(owner: Client, project: Project, sent: dict[str, str]) -> None:
    response = owner.post(address(project), sent)
    assert response.status_code == 400
    assert 'class="error"' in response.content.decode()
    assert not CrossCheck.objects.exists()


def test_what_students_contradict_is_listed_until_somebody_says_what_is_right(owner: Client, project: Project) -> None:
    checked(project)
    page = owner.get(address(project)).content.decode()
    assert 'hx-trigger="every 2s' not in page
    wrong, _ = labels(project)
    for label in wrong:
        assert reverse("review_document", args=[project.slug, label.document_id]) in page
    assert page.count('<span class="interval">total</span>') == WRONG


def test_one_that_was_cancelled_goes_on(owner: Client, project: Project) -> None:
    row = checks.start(project, config=KEYWORDS)
    queue.cancel(Job.objects.get())
    again = reverse("cross_check_again", args=[project.slug])
    assert again in owner.get(address(project)).content.decode()
    assert owner.post(again).status_code == 302
    assert CrossCheck.objects.select_related("job").get(pk=row.pk).state.active
    assert owner.post(again).status_code in (302, 409)


def test_viewers_see_it_and_start_nothing(client: Client, project: Project) -> None:
    checked(project)
    client.force_login(builders.member(project, Role.VIEWER))
    page = client.get(address(project)).content.decode()
    assert '<form class="panel-body form"' not in page
    assert reverse("document", args=[project.slug, labels(project)[0][0].document_id]) in page
    assert client.post(address(project), {"folds": "2", "minutes": "6"}).status_code == 403


def test_the_page_takes_a_fixed_number_of_queries(client: Client) -> None:
    counts = []
    for documents in (50, 60):
        project = slips(builders.project(), documents)
        client.force_login(builders.member(project, Role.OWNER))
        checked(project)
        client.get(address(project))
        with CaptureQueriesContext(connection) as queries:
            client.get(address(project))
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("page", ["document", "review_document"])
def test_reasons_say_what_the_student_reads(owner: Client, project: Project, page: str) -> None:
    checked(project)
    wrong = labels(project)[0][0]
    text = owner.get(reverse(page, args=[project.slug, wrong.document_id])).content.decode()
    assert "10.50 (90" in text


class TestApi:
    @pytest.fixture
    def caller(self, project: Project) -> Client:
        owner = builders.member(project, Role.OWNER)
        _, secret = tokens.create(project, owner, name="all", scopes=[Scope.READ, Scope.MANAGE])
        return Client(headers={"Authorization": f"Bearer {secret}"})

    def test_it_is_started_and_watched(self, caller: Client, project: Project) -> None:
        url = f"/api/v1/projects/{project.slug}/cross-checks"
        response = caller.post(url, {"folds": 2, "config": dict(KEYWORDS)}, content_type="application/json")
        assert response.status_code == 202
        assert (response.json()["state"], response.json()["folds_read"]) == ("queued", 0)
        assert caller.post(url, {}, content_type="application/json").status_code == 409
        work.run(response.json()["id"], Silent())
        assert caller.get(response.headers["Location"]).json()["assessed"] is False
        assess()
        answer = caller.get(response.headers["Location"]).json()
        assert (answer["state"], answer["folds_read"], answer["documents_read"]) == ("done", 2, DOCUMENTS)
        assert answer["assessed"] is True
        assert answer["fields"] == {
            "total": {"labels": DOCUMENTS, "agrees": DOCUMENTS - WRONG, "differs": WRONG},
        }
        label = Label.objects.get(pk=labels(project)[0][0].pk)
        url = f"/api/v1/projects/{project.slug}/documents/{label.document_id}/labels"
        assert caller.get(url).json()["fields"]["total"]["student"] == {"value": "10.50", "confidence": 0.9}

    @pytest.mark.parametrize("body", [{"folds": 1}, {"folds": "2"}, {"minutes": 0}, {"folds": 2, "more": 1}])
    def test_what_cannot_be_done_is_refused(self, caller: Client, project: Project, body: dict[str, object]) -> None:
        url = f"/api/v1/projects/{project.slug}/cross-checks"
        assert caller.post(url, body, content_type="application/json").status_code == 422
        assert caller.get(f"{url}/7").status_code == 404
