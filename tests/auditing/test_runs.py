"""Audit runs: repeated, killed, recomputed, and what they keep."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from unittest.mock import Mock, patch

import pytest

from extraction.domain.auditing.finding import Severity
from extraction.domain.auditing.policy import CheckSetting, Policy
from extraction.domain.auditing.rates import Rate
from extraction.domain.auditing.running import MOST
from extraction.domain.prediction import FieldValue
from extraction.domain.progress import Cancelled, Silent
from extraction.models import AuditRun, Claim, Finding, Job, Label, ModelVersion, Project, TrainingRun
from extraction.services.auditing import claims, policies
from extraction.services.auditing.findings import decisions, totals
from extraction.services.auditing.runs import comparing, readings, runs
from extraction.services.documents.claims import imports
from extraction.services.errors import Conflict, Invalid
from extraction.services.jobs import execution
from extraction.services.labels import store
from extraction.services.serving import prelabel, registry
from extraction.services.webhooks import endpoints
from tests.documents.claims.working import Stopping, imported, undone
from tests.support import builders
from tests.support.builders import csv_file

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


def test_an_endpoint_is_told_once_of_each_finding_that_is_held(project: Project, audited: list[Claim]) -> None:
    endpoint, _ = endpoints.create(project, endpoints.Settings("https://example.com/hook", kinds=("finding.made",)))
    run(project)
    run(project)
    held = Finding.objects.filter(doubtful=False).exclude(severity="info")
    told = [delivery.data["finding"] for delivery in endpoint.deliveries.order_by("pk")]
    assert told == list(held.order_by("pk").values_list("pk", flat=True)) != []


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


def student(project: Project, monkeypatch: pytest.MonkeyPatch, total: str) -> None:
    """Lets a student serve that reads this total everywhere."""
    answer = {"total": FieldValue(total, total, 0.99)}
    monkeypatch.setattr(
        registry, "predictor", lambda model: type("Reader", (), {"predict": lambda self, pages: answer})()
    )
    trained = TrainingRun.objects.create(project=project, name="first")
    registry.promote(
        ModelVersion.objects.create(project=project, run=trained, name="first", folder="f", sha256="0", bytes=1)
    )


def test_the_student_reads_what_was_only_claimed(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    student(project, monkeypatch, "3.30")
    claimed, said = builders.document(project), builders.document(project)
    store.write(claimed, "total", "33.00", source="claim")
    store.write(said, "total", "7.00", source="reviewer")
    for document, amount in ((claimed, "33.00"), (said, "7.00")):
        builders.claim(project, amount=amount, document=document, date=TODAY)
    done = run(project)
    assert found(project).document == claimed
    assert list(Label.objects.filter(source="student").values_list("document", flat=True)) == [claimed.pk]
    assert run(project).digest == done.digest


def test_a_cancelled_reading_keeps_what_was_read(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    student(project, monkeypatch, "3.30")
    monkeypatch.setattr(prelabel, "BATCH", 1)
    documents = [builders.document(project) for _ in range(3)]
    with pytest.raises(Cancelled):
        prelabel.read_claimed(project, [document.pk for document in documents], Stopping(2))
    assert Label.objects.count() == 1
    prelabel.read_claimed(project, [document.pk for document in documents], Silent())
    assert Label.objects.count() == 3


def test_without_the_students_files_the_rest_is_audited(
    project: Project, audited: list[Claim], monkeypatch: pytest.MonkeyPatch
) -> None:
    student(project, monkeypatch, "3.30")
    monkeypatch.setattr(prelabel, "write", Mock(side_effect=Conflict("Its files are gone.")))
    builders.claim(project, document=builders.document(project))
    run(project)
    assert found(project).claim == audited[1]
    assert found(project, "unreadable_receipt")


def test_an_absurd_amount_stops_no_run(project: Project, audited: list[Claim]) -> None:
    policies.save(project, Policy(rates=(Rate("GBP", Decimal("1.2")),)))
    builders.claim(project, amount="999999999999", currency="GBP")
    run(project)
    assert found(project, "no_receipt").at_risk == MOST


def test_a_claim_that_is_taken_back_meanwhile_is_not_held(project: Project, audited: list[Claim]) -> None:
    started = runs.start(project, send=False)
    before = comparing.findings

    def slowly(*arguments: Any) -> Any:
        claims.withdraw(project, audited[1].pk)
        return before(*arguments)

    with patch.object(comparing, "findings", slowly):
        execution.run(started.job_id)
    assert not Finding.objects.filter(claim=audited[1], current=True).exists()


@pytest.mark.parametrize("deleted", [False, True])
def test_what_a_claim_is_told_for_waits_until_it_counts(project: Project, tmp_path: Path, deleted: bool) -> None:
    """Its table is taken back while a run goes on, and imported again."""
    endpoint, _ = endpoints.create(project, endpoints.Settings("https://example.com/hook", kinds=("finding.made",)))
    path = csv_file(tmp_path / "t.csv", "Reference;Employee;Amount;Currency", "R1;Ann;12.50;EUR")
    row = imported(project, path)
    kept = builders.claim(project, amount="7.00")
    started, before = runs.start(project, send=False), comparing.findings

    def slowly(*arguments: Any) -> Any:
        compared = before(*arguments)
        undone(row)
        if deleted:
            imports.remove(row)
        return compared

    with patch.object(comparing, "findings", slowly):
        execution.run(started.job_id)
    assert [made.claim for made in Finding.objects.all()] == [kept]
    assert runs.find(project, started.pk).made == endpoint.deliveries.count() == 1
    imported(project, path)
    assert run(project).made == 1
    [first, second] = Finding.objects.order_by("pk")
    assert [each.data["finding"] for each in endpoint.deliveries.order_by("pk")] == [first.pk, second.pk]


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
