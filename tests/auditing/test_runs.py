"""Audit runs: repeated, killed, recomputed, and what they keep."""

from __future__ import annotations

import datetime
from decimal import Decimal
from unittest.mock import patch

import pytest

from extraction.domain.auditing.finding import Severity
from extraction.domain.auditing.policy import CheckSetting, Policy
from extraction.domain.progress import Silent
from extraction.models import AuditRun, Claim, Finding, Job, Project
from extraction.services.auditing import policies
from extraction.services.auditing.findings import decisions, totals
from extraction.services.auditing.runs import comparing, readings, runs
from extraction.services.errors import Invalid
from extraction.services.jobs import execution
from extraction.services.labels import store
from tests.support import builders

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2018, 2, 1)


@pytest.fixture
def audited(project: Project) -> list[Claim]:
    """An honest claim, and one of more than its receipt says."""
    claims = []
    for amount in ("3.30", "33.00"):
        document = builders.document(project)
        store.write(document, "total", "3.30", source="truth")
        claims.append(builders.claim(project, amount=amount, document=document, date=TODAY))
    return claims


def run(project: Project) -> AuditRun:
    started = runs.start(project, send=False)
    assert started.job is not None
    execution.run(started.job.pk)
    started.job.refresh_from_db()
    assert started.job.state == Job.State.DONE, started.job.error
    return runs.find(project, started.pk)


def found(project: Project, check: str = "claimed_more") -> Finding:
    return Finding.objects.get(project=project, check_name=check, current=True)


def test_what_is_claimed_above_the_receipt_is_found(project: Project, audited: list[Claim]) -> None:
    done = run(project)
    row = found(project)
    assert (row.claim, row.document) == (audited[1], audited[1].document)
    assert row.at_risk == Decimal("29.70")
    assert row.as_domain().evidence[0].document == str(row.document_id)
    assert done.findings == Finding.objects.count() == done.made
    assert (done.claims, done.receipts, done.policy.number) == (2, 2, 1)
    assert totals.totals(project).at_risk == done.at_risk


def test_a_second_run_keeps_findings_and_decisions(project: Project, audited: list[Claim]) -> None:
    run(project)
    before = found(project)
    decisions.decide(project, before.pk, "confirmed", actor=None)
    again = run(project)
    after = found(project)
    assert (after.pk, after.state, again.made) == (before.pk, "confirmed", 0)
    assert after.run_id == again.pk


def test_what_is_not_found_any_more_keeps_its_decisions(project: Project, audited: list[Claim]) -> None:
    run(project)
    row = found(project)
    decisions.decide(project, row.pk, "dismissed", reason="misread", actor=None)
    assert audited[1].document is not None
    store.write(audited[1].document, "total", "33.00", source="truth")
    run(project)
    row.refresh_from_db()
    assert (row.current, row.state) == (False, "dismissed")


@pytest.mark.parametrize("place", ["comparing.findings", "_store", "_write"])
def test_a_run_that_is_killed_is_done_once(project: Project, audited: list[Claim], place: str) -> None:
    started = runs.start(project, send=False)
    module, _, name = place.rpartition(".")
    with patch.object(comparing if module else runs, name, side_effect=SystemExit), pytest.raises(SystemExit):
        execution.run(started.job_id)
    assert not Finding.objects.exists()
    execution.run(started.job_id)
    execution.run(started.job_id)
    assert runs.find(project, started.pk).findings == Finding.objects.count() > 0


def test_a_run_is_recomputed_to_the_same_findings(project: Project, audited: list[Claim]) -> None:
    done = run(project)
    assert audited[0].document is not None
    store.write(audited[0].document, "total", "1.00", source="truth")
    policies.save(project, Policy(checks={"claimed_more": CheckSetting(Severity.OFF)}))
    run(project)
    assert runs.is_repeated(project, done.pk)
    AuditRun.objects.filter(pk=done.pk).update(digest="0" * 64)
    assert not runs.is_repeated(project, done.pk)


def test_only_documents_of_which_something_changed_are_read_again(project: Project, audited: list[Claim]) -> None:
    numbers = [claim.document_id for claim in audited if claim.document_id]
    first = readings.refresh(project, numbers, Silent())
    assert readings.refresh(project, numbers, Silent()) == first
    assert audited[0].document is not None
    store.write(audited[0].document, "total", "9.99", source="truth")
    second = readings.refresh(project, numbers, Silent())
    assert second[numbers[0]] != first[numbers[0]]
    assert second[numbers[1]] == first[numbers[1]]


def test_a_claimed_value_does_not_prove_itself(project: Project) -> None:
    document = builders.document(project)
    store.write(document, "total", "33.00", source="claim")
    store.write(document, "total", "3.30", source="teacher", teacher="rules", confidence=0.99)
    builders.claim(project, amount="33.00", document=document, date=TODAY)
    run(project)
    assert found(project).as_domain().facts["printed"] == "3.30"


def test_one_run_waits_at_a_time(project: Project, audited: list[Claim]) -> None:
    assert runs.start(project).pk == runs.start(project).pk


def test_there_is_nothing_to_audit_without_claims(project: Project) -> None:
    with pytest.raises(Invalid):
        runs.start(project)
    assert not AuditRun.objects.exists()


def test_a_claim_without_a_receipt_is_found(project: Project) -> None:
    row = builders.claim(project, amount="12.50")
    run(project)
    assert found(project, "no_receipt").claim == row
