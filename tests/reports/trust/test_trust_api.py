"""Trust by program: misses, confidences, comparisons, the learning curve and drift."""

from typing import Any

import pytest
from django.test import Client

from extraction.models import Project, Report, User
from extraction.services.projects import tokens
from extraction.services.reports import reports
from tests.support.programs import ROOT

pytestmark = pytest.mark.django_db

URL = f"{ROOT}/projects/receipts"


@pytest.fixture
def caller(project: Project, owner: User) -> Client:
    _, token = tokens.create(project, owner, name="test", scopes=["read"])
    return Client(headers={"Authorization": f"Bearer {token}"})


def get(caller: Client, path: str, status: int = 200, **query: Any) -> Any:
    response = caller.get(f"{URL}/{path}", query)
    assert response.status_code == status, response.content
    return response.json()


def test_misses_come_in_parts_with_their_causes(caller: Client, report: Report) -> None:
    path = f"reports/{report.pk}/misses"
    first = get(caller, path, system="recorded", limit=1)
    [second] = get(caller, path, system="recorded", limit=1, cursor=first["next"])["results"]
    assert {row["answer"] for row in (first["results"][0], second)} == {"3.00", None}
    assert (second["cause"], second["mending"], second["truth"]) == ("wrong_span", "open", "3.30")
    assert get(caller, path, system="recorded", cause="not_read")["results"] == []
    get(caller, path, 422, cause="moon")


def test_confidences_and_thresholds(caller: Client, report: Report) -> None:
    found = get(caller, f"reports/{report.pk}/trust", system="recorded", field="total", target=0.05)
    assert (found["answers"], found["auroc"], found["threshold"]["state"]) == (3, 1.0, "too_few")
    assert [point["right"] for point in found["accuracy_at_coverage"]] == [1.0, 0.5, pytest.approx(1 / 3)]
    get(caller, f"reports/{report.pk}/trust", 404, system="nobody")
    get(caller, f"reports/{report.pk}/trust", 422, target=0.9)


def test_two_systems_side_by_side(caller: Client, report: Report) -> None:
    found = get(caller, f"reports/{report.pk}/compare", left="recorded", right="other", show="only_left")
    assert found["counts"] == {
        "documents": 3,
        "both_right": 0,
        "only_left": 1,
        "only_right": 2,
        "both_wrong": 0,
        "p_value": 1.0,
    }
    [document] = found["results"]
    assert document["fields"] == [
        {
            "field": "company",
            "truth": "BEAN THERE SDN BHD",
            "left": {"answer": "BEAN THERE SDN BHD", "right": True},
            "right": {"answer": "SDN BHD", "right": False},
        }
    ]
    get(caller, f"reports/{report.pk}/compare", 404, left="nobody")
    get(caller, f"reports/{report.pk}/compare", 422, left="other", right="other")


def test_what_is_not_known_is_null(caller: Client, project: Project) -> None:
    assert get(caller, "learning-curve") == {
        "measured_on": "validation",
        "points": [],
        "outlook": None,
        "minutes_a_label": None,
        "usd_a_label": None,
    }
    assert get(caller, "drift") == {"model": None, "measured": None, "days": None, "drifted": [], "aspects": []}
    waiting = reports.start(project, send=False)
    get(caller, f"reports/{waiting.pk}/trust", 404)
