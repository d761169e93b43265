"""Claims for programs: added once, all or none, listed and narrowed, joined with receipts."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from extraction.models import Claim, Job, Project, Role, Scope
from extraction.services import pseudonyms
from extraction.services.projects import tokens
from tests.support import builders

pytestmark = pytest.mark.django_db
URL = "/api/v1/projects/receipts/claims"


@pytest.fixture
def headers(project: Project) -> dict[str, str]:
    _, token = tokens.create(project, builders.member(project, Role.OWNER), name="erp", scopes=list(Scope.values))
    return {"Authorization": f"Bearer {token}"}


def added(client: Client, headers: dict[str, str], *given: dict[str, Any], **more: str) -> HttpResponse:
    body = {"claims": list(given)}
    return client.post(URL, body, content_type="application/json", headers={**headers, **more})


def test_claims_are_added_once_and_come_back(client: Client, project: Project, headers: dict[str, str]) -> None:
    typed = {"employee": "Ann", "amount": "12.50", "currency": "EUR", "date": "2024-04-03", "reference": "R1"}
    results = added(client, headers, typed, {"employee": "Bob", "amount": "-3"}).json()["results"]
    assert [each["created"] for each in results] == [True, True]
    assert [each["created"] for each in added(client, headers, typed).json()["results"]] == [False]
    assert Job.objects.filter(kind="match").count() == 1
    listed = client.get(URL, headers=headers).json()["results"]
    assert [(each["employee"], each["amount"]) for each in listed] == [
        (pseudonyms.of("Bob"), "-3.00"),
        (pseudonyms.of("Ann"), "12.50"),
    ]
    one = client.get(f"{URL}/{results[0]['claim']}", headers=headers).json()
    assert (one["date"], one["document"], one["matched_by"]) == ("2024-04-03", None, None)
    found = client.get(URL, {"employee": "ann", "since": "2024-04-03"}, headers=headers).json()["results"]
    assert [each["reference"] for each in found] == ["R1"]


def test_a_key_makes_nothing_twice(client: Client, project: Project, headers: dict[str, str]) -> None:
    typed = {"employee": "Ann", "amount": "1"}
    key = {"Idempotency-Key": "one"}
    first = added(client, headers, typed, **key)
    again = added(client, headers, typed, **key)
    assert (again.json(), again.headers["Idempotent-Replayed"]) == (first.json(), "true")


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"employee": " ", "amount": "1"}, 422),
        ({"employee": "Ann", "amount": "1,00"}, 422),
        ({"employee": "Ann", "amount": "1", "currency": "XYZ"}, 422),
        ({"employee": "Ann", "amount": "1", "date": "2024-02-31"}, 422),
        ({"employee": "Ann", "amount": "1", "salary": "1"}, 422),
        ({"employee": "Ann", "amount": "2", "reference": "taken"}, 409),
    ],
)
def test_one_wrong_claim_refuses_all(
    client: Client, project: Project, headers: dict[str, str], wrong: dict[str, str], status: int
) -> None:
    added(client, headers, {"employee": "Ann", "amount": "1", "reference": "taken"})
    assert added(client, headers, {"employee": "Bob", "amount": "5"}, wrong).status_code == status
    assert Claim.objects.count() == 1


def test_a_program_chooses_the_receipt(client: Client, project: Project, headers: dict[str, str]) -> None:
    claim, document = builders.claim(project), builders.document(project)
    elsewhere = builders.document(builders.project("other"))
    url = f"{URL}/{claim.pk}/receipt"
    for number, status in ((document.pk, 200), (elsewhere.pk, 404), (None, 200)):
        answer = client.put(url, {"document": number}, content_type="application/json", headers=headers)
        assert answer.status_code == status
    assert (answer.json()["document"], answer.json()["matched_by"]) == (None, "person")
    told = client.post(f"{URL}/matching", headers=headers)
    assert (told.status_code, told.json()) == (202, {"state": "queued", "claims": 1, "documents": 1})
