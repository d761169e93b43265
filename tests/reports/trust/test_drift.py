"""Drift of a project: measured by a job, told on its page, and nothing told without cause."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from extraction.domain.progress import Silent
from extraction.domain.trust import drift as values
from extraction.domain.trust.drift import Aspect, DriftState
from extraction.models import (
    AnswerCheck,
    Document,
    DriftCheck,
    Job,
    ModelVersion,
    Project,
    Snapshot,
    Source,
    TrainingRun,
    User,
)
from extraction.services.documents import layouts
from extraction.services.jobs import execution, queue
from extraction.services.labels import store
from extraction.services.reports.jobs import DRIFT
from extraction.services.reports.trust import drift
from tests.support import builders

pytestmark = pytest.mark.django_db

OURS = ("BEAN THERE SDN BHD", "12 Harbour Road, 50450 Kuala Lumpur", "Date: 25/12/2018", "Coffee 3.00", "Total 3.30")
OTHERS = ("RECHNUNG", "", "Muster Baustoffe GmbH", "Menge Artikel Preis", "Zement grau", "Summe netto", "Gesamt 9,90")


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(values, "PERMUTATIONS", 499)
    monkeypatch.setattr(values, "FEWEST", 10)


@pytest.fixture
def project(owner: User) -> Project:
    return builders.project("receipts", owner=owner)


@pytest.fixture
def model(project: Project) -> ModelVersion:
    """The serving model, which learned from twelve receipts of one vendor that are older than a month."""
    rows = came(project, 12)
    Document.objects.all().update(created=timezone.now() - timedelta(days=90))
    items = [{"document": row.pk, "part": "train", "labels": {}, "weight": 1} for row in rows]
    snapshot = Snapshot.objects.create(
        project=project, schema_version=project.schema_version, labels="best", items=items, sha256="0"
    )
    run = TrainingRun.objects.create(project=project, name="first", snapshot=snapshot)
    held = ModelVersion.objects.create(
        project=project, run=run, name="first", folder="", sha256="0", bytes=0, stage="production"
    )
    pairs = [[0.9 + number / 1000, True] for number in range(20)]
    AnswerCheck.objects.create(
        model=held, documents=20, answers={"total": pairs}, guarantees={}, measured=timezone.now()
    )
    return held


def came(project: Project, count: int, *lines: str, vendor: str = "BEAN THERE", language: str = "en") -> list[Document]:
    rows = [builders.document(project, *(lines or OURS)) for _ in range(count)]
    Document.objects.filter(pk__in=[row.pk for row in rows]).update(language=language)
    for row in rows:
        store.write(row, "company", vendor, source=Source.TEACHER, teacher="a", spans=())
    return rows


def measured(model: ModelVersion) -> dict[Aspect, DriftState]:
    layouts.fill(model.project)
    drift.run(model.pk, Silent())
    value = DriftCheck.objects.get(model=model).as_domain()
    assert value is not None
    return {each.aspect: each.state for each in value.aspects}


def test_the_same_documents_as_before_are_no_drift(page: Client, project: Project, model: ModelVersion) -> None:
    rows = came(project, 12)
    for row in rows:
        store.write(row, "total", "3.30", source=Source.STUDENT, teacher="first", confidence=0.91, spans=())
    assert measured(model) == dict.fromkeys(Aspect, DriftState.SAME)
    text = page.get(reverse("project", args=["receipts"])).content.decode()
    assert reverse("drift", args=["receipts"]) not in text
    assert page.get(reverse("drift", args=["receipts"])).status_code == 200


def test_other_documents_are_told_on_the_projects_page(page: Client, project: Project, model: ModelVersion) -> None:
    rows = came(project, 12, *OTHERS, vendor="Muster Baustoffe", language="de")
    for row in rows:
        store.write(row, "total", "9,90", source=Source.STUDENT, teacher="first", confidence=0.5, spans=())
    assert measured(model) == dict.fromkeys(Aspect, DriftState.DRIFTED)
    assert reverse("drift", args=["receipts"]) in page.get(reverse("project", args=["receipts"])).content.decode()
    text = page.get(reverse("drift", args=["receipts"])).content.decode()
    assert text.count("Differs") == 4
    assert rows[-1].name in text
    # A document that was deleted since is not named any more.
    Document.objects.filter(pk__in=[row.pk for row in rows]).delete()
    assert rows[-1].name not in page.get(reverse("drift", args=["receipts"])).content.decode()


def test_documents_that_were_picked_for_being_difficult_say_nothing(project: Project, model: ModelVersion) -> None:
    for row in came(project, 12, *OTHERS, vendor="Muster Baustoffe", language="de"):
        Document.objects.filter(pk=row.pk).update(origin=Document.Origin.ESCALATION)
    assert measured(model)[Aspect.VENDOR] is DriftState.UNKNOWN


def test_difficult_documents_among_the_last_learned_hide_no_others(
    project: Project, model: ModelVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drift, "MOST", 12)
    picked = came(project, 12)
    Document.objects.filter(pk__in=[row.pk for row in picked]).update(origin=Document.Origin.ESCALATION)
    snapshot = model.run.snapshot
    assert snapshot is not None
    snapshot.items += [{"document": row.pk, "part": "train", "labels": {}, "weight": 1} for row in picked]
    snapshot.save()
    came(project, 12)
    assert measured(model)[Aspect.VENDOR] is DriftState.SAME


def test_too_few_documents_are_said_to_be_too_few(page: Client, project: Project, model: ModelVersion) -> None:
    came(project, 2, vendor="Muster Baustoffe", language="de")
    assert set(measured(model).values()) == {DriftState.UNKNOWN}
    assert "Too few documents" in page.get(reverse("drift", args=["receipts"])).content.decode()


def test_a_serving_model_is_checked_once_a_day_and_a_failure_waits_a_day(project: Project, model: ModelVersion) -> None:
    assert list(DRIFT.waiting()) == [model]
    queue.heal()
    job = Job.objects.get(kind="drift")
    assert job.subject == model.pk
    assert not queue.active_jobs(project).filter(kind="drift").exists()
    execution.run(job.pk)
    assert list(DRIFT.waiting()) == []
    found = drift.of(project)
    assert found is not None
    DriftCheck.objects.update(measured=timezone.now() - timedelta(days=2))
    assert list(DRIFT.waiting()) == [model]
    queue.heal()
    failed = Job.objects.filter(kind="drift").latest("pk")
    # What an earlier check found stays.
    execution.end(Job.objects.filter(pk=failed.pk), Job.State.FAILED, "killed")
    assert list(DRIFT.waiting()) == []
    again = drift.of(project)
    assert again is not None
    assert again.value == found.value
    DriftCheck.objects.update(measured=timezone.now() - timedelta(days=2))
    queue.heal()
    assert Job.objects.filter(kind="drift").latest("pk").state == Job.State.QUEUED
    DRIFT.on_failed(model.pk + 99, "its model is gone")


def test_before_the_first_check_and_after_a_failed_one_the_page_says_so(
    page: Client, project: Project, model: ModelVersion
) -> None:
    url = reverse("drift", args=["receipts"])
    assert "Nothing was compared yet" in page.get(url).content.decode()
    DRIFT.on_failed(model.pk, "killed")
    assert "Nothing was compared yet" in page.get(url).content.decode()
    assert page.get(reverse("project", args=["receipts"])).status_code == 200


def test_the_page_asks_for_everything_at_once(page: Client, project: Project, model: ModelVersion) -> None:
    came(project, 12, *OTHERS, vendor="Muster Baustoffe", language="de")
    url = reverse("drift", args=["receipts"])
    page.get(url)
    with CaptureQueriesContext(connection) as few:
        page.get(url)
    measured(model)
    with CaptureQueriesContext(connection) as many:
        page.get(url)
    assert len(many) <= len(few) + 1
