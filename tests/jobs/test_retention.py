"""Rows of ended jobs go after a time; what goes on, what is young and what a row names stays."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from extraction.models import Job, Report
from extraction.services.jobs import retention
from tests.support import builders

pytestmark = pytest.mark.django_db


def test_only_jobs_that_ended_long_ago_and_that_nothing_names_go(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.KD_JOB_DAYS = 10
    monkeypatch.setattr(retention, "PORTION", 2)
    project = builders.project()
    ended = timezone.now() - timedelta(days=11)

    def job(state: str, finished: object = ended) -> Job:
        return Job.objects.create(project=project, kind="read", subject=1, state=state, finished=finished)

    for state in ("done", "failed", "cancelled", "done"):
        job(state)
    young = job("done", timezone.now() - timedelta(days=9))
    waiting, running = job("queued", None), job("running", None)
    # One that was tried again keeps the time of its first end.
    again = job("queued")
    named = job("failed")
    report = Report.objects.create(project=project, split="test", systems=[], job=named)
    assert retention.expire() == 4
    assert set(Job.objects.all()) == {young, waiting, running, again, named}
    report.refresh_from_db()
    assert report.job == named
    report.delete()
    assert retention.expire() == 1
    assert retention.expire() == 0
