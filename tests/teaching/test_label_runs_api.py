"""Label runs by program: started, watched, refused."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from extraction.domain.progress import Silent
from extraction.models import Job, LabelRun, Project, User
from extraction.services.teaching import label_runs
from tests.support import builders
from tests.support.programs import ROOT
from tests.support.scripted_teacher import CONSENT, use

pytestmark = pytest.mark.django_db(transaction=True)

URL = f"{ROOT}/projects/slips/label-runs"


def start(caller: Client, **body: Any) -> Any:
    return caller.post(URL, {"teacher": "rules", **body}, content_type="application/json")


def test_a_run_is_queued_once_and_says_why_it_picked_its_documents(
    caller: Client, project: Project, owner: User
) -> None:
    for _ in range(12):
        builders.document(project)
    response = start(caller, limit=10, select="informative")
    answer = response.json()
    assert response.status_code == 202
    assert (answer["state"], answer["select"], answer["limit"], answer["reasons"]) == ("queued", "informative", 10, {})
    assert start(caller).status_code == 409
    run = LabelRun.objects.get()
    assert run.author == owner
    assert response.headers["Location"] == f"{URL}/{run.pk}"
    label_runs.run(run.pk, Silent())
    Job.objects.update(state=Job.State.DONE)
    watched = caller.get(response.headers["Location"]).json()
    assert (watched["state"], watched["documents"], watched["labels"]) == ("done", 10, 40)
    assert watched["reasons"] == {"varied": 9, "random": 1}
    assert (watched["error"], watched["budget"], watched["usd"]) == (None, None, 0)


def test_pictures_leave_the_machine_only_with_consent(
    caller: Client, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch)
    builders.document(project)
    refused = start(caller, teacher="acme:reader-1")
    assert (refused.status_code, refused.json()["detail"]) == (422, CONSENT)
    assert start(caller, teacher="acme:reader-1", consent="another").status_code == 422
    assert start(caller, teacher="acme:reader-1", consent="acme", method="list", budget=0.5).status_code == 202
    run = LabelRun.objects.get()
    assert (run.teacher, run.consented_provider, float(run.budget_usd or 0)) == ("acme:reader-1#list", "acme", 0.5)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"teacher": "nobody"}, 422),
        ({"select": "informative", "doubtful": True}, 422),
        ({"select": "best"}, 422),
        ({"method": "guess"}, 422),
        ({"limit": 0}, 422),
        ({"budget": -1}, 422),
        ({"budget": "1"}, 422),
        ({"delivery": "batch"}, 422),
        ({"documents": [1]}, 422),
    ],
)
def test_what_makes_no_sense_is_refused(caller: Client, project: Project, body: dict[str, Any], status: int) -> None:
    response = start(caller, **body)
    assert response.status_code == status
    assert response.json()["detail"].endswith(".")
    assert not LabelRun.objects.exists()


def test_a_trial_is_no_label_run(caller: Client, project: Project) -> None:
    run = label_runs.prepare(project, "rules", None)
    run.sample = [1]
    run.save()
    assert caller.get(f"{URL}/{run.pk}").status_code == 404
    assert caller.get(f"{URL}/{run.pk + 1}").status_code == 404
