"""The learning curve of a project: what went into each model, what came out, and what more would bring."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from extraction.models import Label, LabelRun, ModelVersion, Project, Report, Snapshot, Source, TrainingRun, User
from extraction.services.labels import store
from extraction.services.reports.trust import learning
from tests.support import builders

pytestmark = pytest.mark.django_db


def trained(project: Project, name: str, labels: int, quality: float) -> ModelVersion:
    """A model that learned from so many labels of one document each, measured on its validation documents."""
    items = [
        {"document": number, "part": "train", "labels": {"total": number}, "weight": 1} for number in range(labels)
    ]
    items.append({"document": 0, "part": "validation", "labels": {"total": 0}, "weight": 1})
    snapshot = Snapshot.objects.create(
        project=project, schema_version=project.schema_version, labels="best", items=items, sha256=name
    )
    scores = builders.reported(name, "student", quality, width=0.01).scores
    run = TrainingRun.objects.create(project=project, name=name, snapshot=snapshot, validation=scores.to_json())
    return ModelVersion.objects.create(project=project, run=run, name=name, folder="", sha256=name, bytes=0)


def test_few_models_promise_nothing(page: Client, project: Project) -> None:
    url = reverse("learning_curve", args=["receipts"])
    assert page.get(url).status_code == 200
    trained(project, "first", 50, 0.8)
    curve = learning.of(project)
    assert (curve.split, curve.outlook, [point.labels for point in curve.points]) == ("validation", None, [50])
    assert "is not known" in page.get(url, {"by": "minutes"}).content.decode()


def test_enough_models_do(page: Client, project: Project) -> None:
    for labels, quality in ((50, 0.7), (100, 0.78), (200, 0.84), (400, 0.885)):
        trained(project, f"of-{labels}", labels, quality)
    curve = learning.of(project)
    assert curve.outlook is not None
    assert 0 < curve.outlook.ci95[0] < curve.outlook.gain < 0.05
    text = page.get(reverse("learning_curve", args=["receipts"])).content.decode()
    assert 'role="img"' in text
    assert "is not known" not in text


def test_a_report_that_compares_as_many_models_counts_before_validation(project: Project) -> None:
    trained(project, "first", 50, 0.7)
    value = builders.report_value(builders.reported("first", "student", 0.9), builders.reported("gone", "student", 0.2))
    Report.objects.create(project=project, value=value.to_json())
    curve = learning.of(project)
    assert (curve.split, [point.quality for point in curve.points]) == ("test", [0.9])


def test_minutes_of_review_leave_pauses_out_and_dollars_count_until_training(project: Project, owner: User) -> None:
    now = timezone.now()
    for seconds in (0, 30, 60, 2000, 2060):
        row = store.write(builders.document(project), "total", "3.30", source=Source.REVIEWER, author=owner)
        Label.objects.filter(pk=row.pk).update(created=now - timedelta(seconds=5000 - seconds))
    version = project.schema_version
    runs = [
        LabelRun.objects.create(project=project, schema_version=version, teacher="a", usd=Decimal(usd))
        for usd in ("1.50", "9.00")
    ]
    trained(project, "first", 10, 0.7)
    LabelRun.objects.filter(pk=runs[1].pk).update(created=now + timedelta(hours=1))
    curve = learning.of(project)
    [point] = curve.points
    assert (point.minutes, point.usd) == (2.0, 1.5)
    assert (curve.minutes, curve.usd) == (0.2, 0.15)


def test_the_number_of_queries_does_not_grow(page: Client, project: Project) -> None:
    url = reverse("learning_curve", args=["receipts"])
    trained(project, "first", 10, 0.7)
    page.get(url)
    with CaptureQueriesContext(connection) as few:
        page.get(url)
    for number in range(4):
        trained(project, f"more-{number}", 20 + number, 0.8)
    with CaptureQueriesContext(connection) as many:
        page.get(url)
    assert len(many) == len(few)
