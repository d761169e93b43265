"""Pages of claims: the list with its filter, one by hand, one with its receipt, and what stays over."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from extraction.models import AuditEntry, Claim, Document, Job, Match, Project, Role
from extraction.services import pseudonyms
from tests.support import builders

pytestmark = pytest.mark.django_db


def url(name: str, *places: object) -> str:
    return reverse(name, args=["receipts", *places])


def page(client: Client, name: str, *places: object, **query: str) -> str:
    answer = client.get(url(name, *places), query)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_the_list_is_narrowed(owner: Client, project: Project) -> None:
    document = builders.document(project)
    builders.claim(project, merchant="Bean", employee="Ann", date=datetime.date(2024, 4, 3), document=document)
    builders.claim(project, merchant="Rail", employee="Bob", report="April")
    builders.claim(project, merchant="Gone", withdrawn=True)
    builders.claim(builders.project("other"), merchant="Elsewhere")
    for query, shown in [
        ({}, {"Bean", "Rail"}),
        ({"search": "april"}, {"Rail"}),
        ({"employee": "ANN"}, {"Bean"}),
        ({"employee": pseudonyms.of("Bob")}, {"Rail"}),
        ({"receipt": "true"}, {"Bean"}),
        ({"receipt": "false"}, {"Rail"}),
        ({"match": "file"}, {"Bean"}),
        ({"since": "2024-04-01", "until": "2024-04-30"}, {"Bean"}),
        ({"since": "2024-05-01"}, set()),
    ]:
        html = page(owner, "claim_list", **query)
        assert {name for name in ("Bean", "Rail", "Gone", "Elsewhere") if name in html} == shown, query


def test_a_filter_that_makes_no_sense_says_so(owner: Client, project: Project) -> None:
    assert owner.get(url("claim_list"), {"since": "soon"}).status_code == 400


def test_names_that_are_kept_are_for_those_who_audit(client: Client, project: Project) -> None:
    claim = builders.claim(project, employee="Marie Curie", name="Marie Curie")
    for role, seen in ((Role.OWNER, True), (Role.VIEWER, False), (Role.REVIEWER, False)):
        client.force_login(builders.member(project, role))
        for html in (page(client, "claim_list"), page(client, "claim_left_over"), page(client, "claim", claim.pk)):
            assert ("Marie Curie" in html) is seen
            assert (pseudonyms.of("Marie Curie") in html) is not seen


def test_a_claim_is_added_by_hand_once(owner: Client, project: Project) -> None:
    typed = {"employee": "Ann", "amount": "-12.50", "currency": "eur", "date": "2024-04-03", "merchant": "Bean"}
    answer = owner.post(url("claim_add"), typed)
    claim = Claim.objects.get()
    assert answer.headers["Location"] == url("claim", claim.pk)
    assert (claim.employee, claim.name, claim.currency) == (pseudonyms.of("Ann"), "", "EUR")
    assert Job.objects.filter(kind="match", project=project).count() == 1
    owner.post(url("claim_add"), typed)
    assert Claim.objects.count() == 1
    assert "refund" in page(owner, "claim", claim.pk)


@pytest.mark.parametrize(
    "typed",
    [
        {"employee": "", "amount": "1"},
        {"employee": "Ann", "amount": ""},
        {"employee": "Ann", "amount": "1e400"},
        {"employee": "Ann", "amount": "1.23456"},
        {"employee": "Ann", "amount": "NaN"},
        {"employee": "Ann", "amount": "1", "currency": "XYZ"},
        {"employee": "Ann", "amount": "1", "attendees": "0"},
        {"employee": "Ann", "amount": "1", "date": "31.31.2024"},
    ],
)
def test_what_is_no_claim_is_refused_and_kept_in_the_form(
    owner: Client, project: Project, typed: dict[str, str]
) -> None:
    answer = owner.post(url("claim_add"), {**typed, "merchant": "The Bean"})
    assert answer.status_code == 400
    assert 'value="The Bean"' in answer.content.decode()
    assert 'role="alert"' in answer.content.decode()
    assert not Claim.objects.exists()


def test_a_reference_that_is_taken_is_a_conflict(owner: Client, project: Project) -> None:
    typed = {"employee": "Ann", "amount": "1", "reference": "R1"}
    owner.post(url("claim_add"), typed)
    assert owner.post(url("claim_add"), {**typed, "amount": "2"}).status_code == 409
    assert Claim.objects.count() == 1


def test_a_person_chooses_the_receipt(owner: Client, project: Project) -> None:
    claim, document = builders.claim(project), builders.document(project)
    for name in (document.name, str(document.pk), document.sha256):
        owner.post(url("claim_receipt", claim.pk), {"answer": "none"})
        claim.refresh_from_db()
        assert (claim.document, claim.match) == (None, Match.PERSON)
        owner.post(url("claim_receipt", claim.pk), {"answer": "link", "document": name})
        claim.refresh_from_db()
        assert (claim.document, claim.match) == (document, Match.PERSON)
    assert document.name in page(owner, "claim", claim.pk)
    owner.post(url("claim_receipt", claim.pk), {"answer": "release"})
    claim.refresh_from_db()
    assert (claim.document, claim.match, claim.matcher) == (None, Match.NONE, None)
    assert AuditEntry.objects.filter(action="claim_matched").count() == 7


def test_a_receipt_that_is_not_there_is_refused(owner: Client, project: Project) -> None:
    claim, elsewhere = builders.claim(project), builders.document(builders.project("other"))
    twins = [builders.document(project) for _ in range(2)]
    Document.objects.filter(pk__in=[twin.pk for twin in twins]).update(name="twin.jpg")
    for name in ("", "nothing.jpg", "twin.jpg", str(elsewhere.pk), "9" * 30):
        assert owner.post(url("claim_receipt", claim.pk), {"document": name}).status_code == 400
    claim.refresh_from_db()
    assert claim.match == Match.NONE
    foreign = builders.claim(elsewhere.project)
    assert owner.post(url("claim_receipt", foreign.pk), {"answer": "none"}).status_code == 404


def test_what_stays_over_is_listed_on_both_sides(owner: Client, project: Project) -> None:
    free, taken = builders.document(project), builders.document(project)
    builders.claim(project, merchant="Lonely")
    builders.claim(project, merchant="Joined", document=taken)
    html = page(owner, "claim_left_over")
    assert ("Lonely" in html, "Joined" in html) == (True, False)
    assert (f">{free.name}<" in html, f">{taken.name}<" in html) == (True, False)


def test_two_claims_of_one_receipt_name_each_other(owner: Client, project: Project) -> None:
    document = builders.document(project)
    one, other = (builders.claim(project, document=document, reference=name) for name in ("R1", "R2"))
    assert url("claim", other.pk) in page(owner, "claim", one.pk)


def test_a_claim_by_hand_is_taken_back_and_one_of_a_table_is_not(owner: Client, project: Project) -> None:
    claim = builders.claim(project)
    finding = builders.finding(claim)
    owner.post(url("claim_withdraw", claim.pk))
    claim.refresh_from_db()
    finding.refresh_from_db()
    assert (claim.withdrawn, finding.current) == (True, False)
    assert owner.post(url("claim_receipt", claim.pk), {"answer": "none"}).status_code == 409
    assert "taken back" in page(owner, "claim", claim.pk)
    row = project.claim_imports.create(name="t.csv", columns=[], first_lines=[], mapping={"fields": {}})
    assert owner.post(url("claim_withdraw", builders.claim(project, claim_import=row).pk)).status_code == 409


def test_pages_take_a_fixed_number_of_queries(owner: Client, project: Project) -> None:
    def queries() -> list[int]:
        counts = []
        for name in ("claim_list", "claim_left_over"):
            with CaptureQueriesContext(connection) as seen:
                page(owner, name)
            counts.append(len(seen))
        return counts

    builders.claim(project)
    builders.claim(project, document=builders.document(project))
    builders.document(project)
    before = queries()
    for _ in range(6):
        builders.claim(project)
        builders.claim(project, document=builders.document(project))
        builders.document(project)
    assert queries() == before


def test_older_claims_are_on_the_next_page(owner: Client, project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("extraction.web.auditing.claims.LISTED", 2)
    rows = [builders.claim(project, merchant=f"Shop{number}") for number in range(3)]
    assert "Shop0" not in page(owner, "claim_list")
    html = page(owner, "claim_list", before=str(rows[1].pk))
    assert ("Shop0" in html, "Shop1" in html) == (True, False)


def test_matching_is_begun_once(owner: Client, project: Project) -> None:
    for _ in range(2):
        assert owner.post(url("claim_matching")).status_code == 302
    assert Job.objects.filter(kind="match").count() == 1
