"""Retention: what goes next is told, goes at night in portions, and nothing under a legal hold does."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from extraction.domain.progress import Cancelled, Silent
from extraction.models import (
    AuditEntry,
    ClaimImport,
    Deletion,
    Document,
    Extraction,
    ExtractionBatch,
    Job,
    Project,
    Retention,
)
from extraction.services.documents import intake
from extraction.services.documents.claims import imports
from extraction.services.errors import Conflict, Invalid, NotFound
from extraction.services.jobs import execution
from extraction.services.privacy import retention, settings
from extraction.services.privacy.retention import Rule
from extraction.services.privacy.settings import Settings
from extraction.services.projects import projects
from extraction.services.serving import extractions
from extraction.services.serving.batches import batches
from tests.privacy import worlds
from tests.support import builders

pytestmark = pytest.mark.django_db
Review = Document.Review


@pytest.fixture
def project() -> Project:
    return builders.project()


def old(project: Project, days: float, **columns: Any) -> Document:
    row = builders.document(project)
    Document.objects.filter(pk=row.pk).update(created=worlds.days_ago(days), **columns)
    return row


def keep(project: Project, **periods: Any) -> None:
    """Choose periods, as if they had been chosen before last night."""
    settings.change(project, Settings(**periods))
    Retention.objects.update(swept=worlds.days_ago(2))


def night() -> None:
    retention.enqueue()
    for job in Job.objects.filter(kind="retention", state=Job.State.QUEUED):
        execution.run(job.pk)


def left(project: Project) -> set[int]:
    return set(project.documents.values_list("pk", flat=True))


def test_each_period_takes_what_it_is_about(project: Project) -> None:
    unread = old(project, 40, review=Review.WAITING)
    accepted = old(project, 40, review=Review.ACCEPTED, reviewed=worlds.days_ago(40))
    rejected = old(project, 40, review=Review.REJECTED, reviewed=worlds.days_ago(20))
    ancient = old(project, 400, review=Review.ACCEPTED, reviewed=worlds.days_ago(1))
    young = old(project, 5)
    keep(project, unreviewed=30, rejected=10, documents=365)
    night()
    assert left(project) == {accepted.pk, young.pk}
    assert {row.document: row.cause for row in Deletion.objects.all()} == dict.fromkeys(
        (unread.pk, rejected.pk, ancient.pk), Deletion.Cause.RETENTION
    )


def test_nothing_goes_where_nobody_chose_a_period(project: Project) -> None:
    row = old(project, 4000)
    settings.change(project, Settings())
    night()
    assert left(project) == {row.pk}


def test_nothing_goes_before_the_next_night(project: Project) -> None:
    row = old(project, 40)
    settings.change(project, Settings(documents=30))
    night()
    assert left(project) == {row.pk}
    assert [rule.number for rule in retention.plan(project).rules if rule.rule == Rule.DOCUMENTS] == [1]


def test_the_plan_tells_what_goes_next_and_what_later(project: Project) -> None:
    gone, later = old(project, 40), old(project, 10)
    settings.change(project, Settings(documents=30))
    plan = retention.plan(project)
    [rule] = [rule for rule in plan.rules if rule.rule == Rule.DOCUMENTS]
    assert [document.pk for document in plan.documents] == [gone.pk]
    assert rule.later is not None
    assert timedelta(days=19) < rule.later - timezone.now() < timedelta(days=22)
    assert later.pk not in [document.pk for document in plan.documents]


def test_a_legal_hold_keeps_a_document(project: Project) -> None:
    held = old(project, 40)
    settings.hold_document(held, True)
    keep(project, documents=30)
    night()
    assert left(project) == {held.pk}
    with pytest.raises(Conflict, match="legal hold"):
        intake.delete(held)
    with pytest.raises(Conflict, match="legal hold"):
        projects.delete(project)
    settings.hold_document(held, False)
    Retention.objects.update(swept=worlds.days_ago(2))
    night()
    assert left(project) == set()


def test_a_legal_hold_of_the_project_keeps_everything(project: Project) -> None:
    row = old(project, 40)
    model = worlds.trained_without_labels(project)
    kept = Extraction.objects.create(project=project, model=model, name="a.jpg", state="done")
    Extraction.objects.update(created=worlds.days_ago(400))
    keep(project, documents=30, answers=1)
    settings.hold(project, True)
    night()
    extractions.expire()
    assert left(project) == {row.pk}
    assert Extraction.objects.get() == kept
    with pytest.raises(Conflict, match="legal hold"):
        intake.delete(row)
    assert sum(rule.number for rule in retention.plan(project).rules) == 0
    with pytest.raises(Conflict, match="legal hold"):
        extractions.delete(kept)
    batch = ExtractionBatch.objects.create(project=project, model=model, name="march.zip", uploads=[], total=1)
    with pytest.raises(Conflict, match="legal hold"):
        batches.delete(batch)
    table = ClaimImport.objects.create(
        project=project, name="claims.csv", sha256="0" * 64, file="none", columns=[], first_lines=[], mapping={}
    )
    with pytest.raises(Conflict, match="legal hold"):
        imports.remove(table)


def test_settings_holds_and_causes_are_in_the_audit_log(project: Project) -> None:
    gone = old(project, 40)
    keep(project, documents=30)
    settings.hold_document(gone, True)
    settings.hold_document(gone, True)
    settings.hold_document(gone, False)
    night()
    told = [(row.action, row.changes) for row in AuditEntry.objects.order_by("pk")]
    assert told[-4][0] == "retention_changed"
    assert told[-4][1]["documents"] == {"from": None, "to": 30}
    assert [row[0] for row in told[-3:]] == ["hold_changed", "hold_changed", "document_deleted"]
    assert told[-1][1]["cause"] == "retention"


def test_a_hold_on_what_was_deleted_meanwhile(project: Project) -> None:
    gone = old(project, 1)
    intake.delete(Document.objects.get(pk=gone.pk))
    with pytest.raises(NotFound):
        settings.hold_document(gone, True)


def test_answers_go_after_the_days_of_the_project(project: Project) -> None:
    model = worlds.trained_without_labels(project)
    Extraction.objects.create(project=project, model=model, name="old.jpg", state="done")
    Extraction.objects.update(created=worlds.days_ago(3))
    young = Extraction.objects.create(project=project, model=model, name="young.jpg", state="done")
    keep(project, answers=2)
    night()
    assert Extraction.objects.get() == young


def test_a_night_that_is_cancelled_goes_on_the_next(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        old(project, 40)
    keep(project, documents=30)
    monkeypatch.setattr(retention, "PORTION", 1)

    class OneOnly(Silent):
        asked = 0

        def cancelled(self) -> bool:
            self.asked += 1
            return self.asked > 1

    with pytest.raises(Cancelled):
        retention.run(project.pk, OneOnly())
    assert len(left(project)) == 2
    night()
    assert left(project) == set()


def test_one_job_a_night(project: Project) -> None:
    keep(project, documents=30)
    assert retention.enqueue() == 1
    assert retention.enqueue() == 0
    night()
    assert retention.enqueue() == 0


@pytest.mark.parametrize("days", [0, 36_501])
def test_a_period_has_its_range(project: Project, days: int) -> None:
    with pytest.raises(Invalid, match="1 to 36,500"):
        settings.change(project, Settings(documents=days))


def test_a_night_is_the_next_two_o_clock() -> None:
    zone = timezone.get_current_timezone()
    assert settings.next_night(datetime(2026, 5, 4, 1, tzinfo=zone)) == datetime(2026, 5, 4, 2, tzinfo=zone)
    assert settings.next_night(datetime(2026, 5, 4, 2, tzinfo=zone)) == datetime(2026, 5, 5, 2, tzinfo=zone)
