"""Pages of findings: what is at risk, deciding by the page, export, the policy in words."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from extraction.domain.auditing.finding import Severity
from extraction.domain.auditing.policy import CheckSetting, Policy
from extraction.models import AuditEntry, Decision, Finding, Job, PolicyVersion, Project, Role
from extraction.services.auditing import policies
from extraction.services.auditing.runs import runs
from extraction.services.jobs import execution
from tests.support import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def auditor(client: Client, project: Project) -> Client:
    client.force_login(builders.member(project, Role.AUDITOR))
    return client


@pytest.fixture
def three(project: Project) -> list[Finding]:
    """Of 20, 10 and 5 at risk, of the employees Ann, Ben and Ann."""
    found = []
    for employee, at_risk in (("Ann", "20"), ("Ben", "10"), ("Ann", "5")):
        claim = builders.claim(project, employee=employee, document=builders.document(project), date=date(2018, 1, 5))
        found.append(builders.finding(claim, at_risk=at_risk, probability=1.0))
    return found


def url(name: str, *arguments: object) -> str:
    return reverse(name, args=["receipts", *arguments])


def listed(page: Client, query: str = "") -> list[int]:
    return [each.row.pk for each in page.get(url("findings") + query).context["findings"]]


class TestTheList:
    def test_says_what_is_at_risk_and_the_largest_first(self, auditor: Client, three: list[Finding]) -> None:
        context = auditor.get(url("findings")).context
        assert context["totals"].at_risk == 35
        assert [each.row for each in context["largest"]] == three
        assert [(part.name, part.claims) for part in context["totals"].by_month] == [("2018-01", 3)]

    def test_is_narrowed(self, auditor: Client, three: list[Finding]) -> None:
        assert listed(auditor, "?employee=ben") == [three[1].pk]
        assert listed(auditor, "?month=2018-02") == []
        assert listed(auditor, "?check=claimed_more&state=") == [row.pk for row in three]
        assert listed(auditor, "?state=dismissed") == []

    @pytest.mark.parametrize("query", ["?check=king", "?state=king", "?month=never", "?month=2018-13"])
    def test_refuses_a_filter_that_is_none(self, auditor: Client, query: str) -> None:
        assert auditor.get(url("findings") + query).status_code == 400

    def test_says_why_the_last_audit_failed(self, owner: Client, project: Project, three: list[Finding]) -> None:
        job = runs.start(project, send=False).job
        assert job is not None
        execution.end(Job.objects.filter(pk=job.pk), Job.State.FAILED, "The disk is full.")
        page = owner.get(url("findings"))
        assert (page.context["job"], page.context["under_way"]) == (job, False)
        assert "The disk is full." in page.content.decode()

    def test_asks_a_fixed_number_of_queries(self, auditor: Client, project: Project, three: list[Finding]) -> None:
        with CaptureQueriesContext(connection) as few:
            auditor.get(url("findings"))
        for _ in range(4):
            builders.finding(builders.claim(project, document=builders.document(project)))
        with CaptureQueriesContext(connection) as more:
            auditor.get(url("findings"))
        assert len(more) == len(few)


class TestDeciding:
    def test_goes_on_with_the_next_and_can_be_taken_back(self, auditor: Client, three: list[Finding]) -> None:
        told = auditor.post(url("finding_decide", three[0].pk), {"kind": "confirmed", "seen": "0"})
        assert told.headers["Location"].startswith(url("finding", three[1].pk))
        shown = auditor.get(told.headers["Location"])
        assert shown.context["decided"] == three[0].pk
        assert listed(auditor) == [three[1].pk, three[2].pk]
        auditor.post(url("finding_undo", three[0].pk))
        assert listed(auditor) == [row.pk for row in three]
        assert [each.kind for each in Decision.objects.all()] == ["confirmed", "taken_back"]
        assert AuditEntry.objects.filter(action="finding_decided").count() == 2

    def test_a_dismissal_has_a_reason(self, auditor: Client, three: list[Finding]) -> None:
        address = url("finding_decide", three[0].pk)
        assert auditor.post(address, {"kind": "dismissed"}).status_code == 400
        assert auditor.post(address, {"kind": "dismissed", "reason": "king"}).status_code == 400
        auditor.post(address, {"kind": "dismissed", "reason": "misread", "note": "blurred"})
        three[0].refresh_from_db()
        assert (three[0].state, three[0].reason) == ("dismissed", "misread")

    def test_the_one_before_counts_again(self, auditor: Client, three: list[Finding]) -> None:
        for kind in ("asked", "confirmed"):
            auditor.post(url("finding_decide", three[0].pk), {"kind": kind})
        auditor.post(url("finding_undo", three[0].pk))
        three[0].refresh_from_db()
        assert three[0].state == "asked"
        auditor.post(url("finding_undo", three[0].pk))
        assert auditor.post(url("finding_undo", three[0].pk)).status_code == 409

    def test_what_somebody_decided_meanwhile_is_not_overwritten(self, auditor: Client, three: list[Finding]) -> None:
        address = url("finding_decide", three[0].pk)
        auditor.post(address, {"kind": "confirmed", "seen": "0"})
        assert auditor.post(address, {"kind": "asked", "seen": "0"}).status_code == 409
        assert auditor.post(address, {"kind": "confirmed", "seen": "0"}).status_code == 302
        assert Decision.objects.count() == 1

    def test_a_reviewer_neither_sees_nor_decides(self, client: Client, project: Project, three: list[Finding]) -> None:
        client.force_login(builders.member(project, Role.REVIEWER))
        assert client.get(url("findings")).status_code == 403
        assert client.post(url("finding_decide", three[0].pk), {"kind": "confirmed"}).status_code == 403
        assert url("findings") not in client.get(url("project")).content.decode()

    def test_findings_of_another_project_are_not_found(self, auditor: Client, three: list[Finding]) -> None:
        other = builders.finding(builders.claim(builders.project("other")))
        assert auditor.get(url("finding", other.pk)).status_code == 404
        assert auditor.post(url("finding_decide", other.pk), {"kind": "confirmed"}).status_code == 404


def test_the_receipt_is_marked(auditor: Client, three: list[Finding]) -> None:
    [(page, marks)] = auditor.get(url("finding", three[0].pk)).context["pages"]
    assert (page.number, marks[0].role, round(marks[0].y)) == (0, "amount", 200)


def test_no_cell_of_the_export_is_a_formula(auditor: Client, project: Project) -> None:
    hostile = builders.claim(project, merchant="=HYPERLINK(1)", reference="@cmd", report="+1")
    builders.finding(hostile)
    text = b"".join(auditor.get(url("findings_export", "csv"))).decode("utf-8-sig")
    [row] = csv.DictReader(io.StringIO(text))
    assert (row["merchant"], row["claim"], row["report"]) == ("'=HYPERLINK(1)", "'@cmd", "'+1")
    [value] = json.loads(b"".join(auditor.get(url("findings_export", "json"))))
    assert (value["merchant"], value["at_risk"]) == ("=HYPERLINK(1)", "2")
    assert auditor.get(url("findings_export", "exe")).status_code == 400


class TestThePolicy:
    def typed(self, page: Client, **changed: str) -> dict[str, object]:
        context = page.get(url("audit_policy")).context
        inputs = {piece.name: piece.value for row in context["rows"] for piece in row.pieces if piece.name}
        severities = {f"{row.name}.severity": row.severity for row in context["rows"]}
        weekend = [str(number) for number, _, chosen in context["weekdays"] if chosen]
        seen = context["newest"].number if context["newest"] else 0
        return {**inputs, **severities, **context["texts"], "weekend": weekend, "seen": seen, **changed}

    def test_is_put_in_force_in_versions(self, owner: Client, project: Project) -> None:
        before = policies.current(project)
        owner.post(url("audit_policy"), self.typed(owner))
        assert policies.current(project) == before
        changed = {"tip.most": "20", "rates": "USD 0.92 2026-11-01", "limits": "50 attendee meals"}
        owner.post(url("audit_policy"), self.typed(owner, **changed))
        policy = policies.current(project)
        assert str(policy.checks["tip"].tolerances["most"]) == "0.2"
        assert (policy.rates[0].currency, policy.limits[0].category) == ("USD", "meals")
        assert [row.number for row in policies.versions(project)] == [2, 1]

    @pytest.mark.parametrize(
        ("name", "text"),
        [
            ("tip.most", "a lot"),
            ("tip.most", "NaN"),
            ("tip.most", "200"),
            ("base", "King"),
            ("rates", "USD"),
            ("rates", "USD 1\nUSD 2"),
            ("limits", "50 king"),
            ("limits", "90 claim meals\n50 day meals"),
            ("forbidden", "beer"),
            ("holidays", "Christmas"),
            ("threshold", "0"),
            ("threshold", "1e9999999"),
            ("limits", "1e9999999 day"),
            ("rates", "USD 1e30"),
            ("tip.severity", "king"),
            ("seen", "17"),
        ],
    )
    def test_what_contradicts_itself_is_refused(self, owner: Client, name: str, text: str) -> None:
        answer = owner.post(url("audit_policy"), self.typed(owner, **{name: text}))
        assert answer.status_code == (409 if name == "seen" else 400)
        assert not PolicyVersion.objects.exists()

    def test_what_was_typed_stays_where_somebody_changed_it_meanwhile(self, owner: Client, project: Project) -> None:
        typed = self.typed(owner, tips="taxi, hairdresser")
        policies.save(project, replace(policies.current(project), threshold=0.7))
        answer = owner.post(url("audit_policy"), typed)
        assert (answer.status_code, answer.context["texts"]["tips"]) == (409, "taxi, hairdresser")
        assert policies.current(project).threshold == 0.7

    def test_decimals_stay_what_they_are_in_german(self, owner: Client, project: Project) -> None:
        setting = CheckSetting(Severity.BLOCK, {"money": Decimal("0.125"), "share": Decimal("0.00125")})
        policies.save(project, Policy(checks={"claimed_more": setting}, threshold=0.50125))
        german = {"Accept-Language": "de"}
        context = owner.get(url("audit_policy"), headers=german).context
        inputs = {piece.name: piece.value for row in context["rows"] for piece in row.pieces if piece.name}
        assert (inputs["claimed_more.money"], context["texts"]["threshold"]) == ("0,125", "50,125")
        typed = {**self.typed(owner), **inputs, **context["texts"], "limits": "12,50 day\n7.125 claim"}
        owner.post(url("audit_policy"), typed, headers=german)
        policy = policies.current(project)
        assert (policy.checks["claimed_more"], policy.threshold) == (setting, 0.50125)
        assert [str(limit.amount) for limit in policy.limits] == ["12.50", "7.125"]

    def test_an_auditor_reads_it(self, auditor: Client) -> None:
        assert not auditor.get(url("audit_policy")).context["editable"]
        assert auditor.post(url("audit_policy"), {}).status_code == 403


def test_precision_counts_decisions_and_proposes_a_tolerance(auditor: Client, project: Project) -> None:
    for cents in range(1, 7):
        row = builders.finding(builders.claim(project), at_risk=f"0.{cents}0")
        auditor.post(url("finding_decide", row.pk), {"kind": "dismissed", "reason": "small"})
    row = builders.finding(builders.claim(project), at_risk="9.00")
    auditor.post(url("finding_decide", row.pk), {"kind": "confirmed"})
    [(found, _, reason)] = auditor.get(url("audit_precision")).context["rows"]
    assert (found.confirmed, found.dismissed, round(found.precision, 3), bool(reason)) == (1, 6, 0.222, True)
    assert found.proposal is not None
    assert (str(found.proposal.proposed), found.proposal.spared, found.proposal.lost) == ("0.6", 6, 0)
