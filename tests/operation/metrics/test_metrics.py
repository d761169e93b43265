"""What `/metrics` tells, to whom, and at what cost."""

from __future__ import annotations

import math
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families
from pytest_django.fixtures import Settings

from extraction.domain.escalation.outcomes import Outcome
from extraction.domain.trust.drift import Aspect, AspectDrift, Drift, DriftState
from extraction.models import (
    Canary,
    CanaryDocument,
    Deletion,
    DriftCheck,
    Extraction,
    Forgetting,
    Job,
    ModelVersion,
    Project,
    User,
)
from extraction.services import object_store
from extraction.services.jobs import workers
from extraction.services.operation.metrics import machine
from extraction.services.webhooks import endpoints, outbox
from tests.support import builders
from tests.support.programs import SCORES, model

pytestmark = pytest.mark.django_db
URL = "/metrics"


def scraped(client: Client, **extra: str) -> dict[tuple[str, ...], float]:
    """Samples by name and the values of their labels, in the order of the labels' names."""
    response = client.get(URL, **extra)  # type: ignore[arg-type]
    assert response.status_code == 200, response.content
    families = text_string_to_metric_families(response.content.decode())
    samples = [sample for family in families for sample in family.samples]
    found = {
        (sample.name, *(sample.labels[name] for name in sorted(sample.labels))): sample.value for sample in samples
    }
    assert len(found) == len(samples)
    return found


def answered(model: ModelVersion, confidence: float | None = 0.9, **more: object) -> Extraction:
    return Extraction.objects.create(
        project=model.project,
        model=model,
        name="salary of ann.jpg",
        **{
            "state": "done",
            "pages": 2,
            "fields": {"total": {"value": "confidential 3.30", "confidence": confidence}},
            "timing_ms": {"ingest": 100, "ocr": 900, "student": 50, "total": 1050},
            **more,
        },
    )


class TestAccess:
    def test_this_machine_reads_them_without_a_token(self, client: Client) -> None:
        assert scraped(client)["kdweb_database_up",] == 1

    @pytest.mark.parametrize(
        "sent",
        [
            {"REMOTE_ADDR": "10.0.0.7"},
            {"HTTP_HOST": "kdweb.example.org"},
            {"HTTP_X_FORWARDED_FOR": "10.0.0.7"},
            {"HTTP_AUTHORIZATION": "Bearer anything", "REMOTE_ADDR": "10.0.0.7"},
        ],
    )
    def test_nobody_else_does(self, client: Client, sent: dict[str, str]) -> None:
        response = client.get(URL, **sent)  # type: ignore[arg-type]
        assert response.status_code == 403
        assert b"kdweb_" not in response.content

    def test_a_token_opens_them_from_everywhere(self, client: Client, settings: Settings) -> None:
        settings.KD_METRICS_TOKEN = "scrape"
        far = {"REMOTE_ADDR": "10.0.0.7", "HTTP_HOST": "kdweb.example.org"}
        assert scraped(client, HTTP_AUTHORIZATION="Bearer scrape", **far)["kdweb_database_up",] == 1
        for given in ("", "Bearer ", "Bearer other", "Basic scrape", "Bearer scräpe"):
            response = client.get(URL, HTTP_AUTHORIZATION=given)
            assert response.status_code == 401
            assert response.headers["WWW-Authenticate"] == "Bearer"
        assert client.post(URL).status_code == 405


def test_requests_are_counted_by_view_and_not_by_address(caller: Client, client: Client, project: Project) -> None:
    before = scraped(client)
    for path in ("/api/v1/projects/slips/models", "/api/v1/projects/other/models", "/nowhere/at/all"):
        caller.get(path)
    caller.generic("BREW", "/login/")
    after = scraped(client)
    rise = {key: value - before.get(key, 0) for key, value in after.items() if value != before.get(key, 0)}
    counted = {key[1:]: value for key, value in rise.items() if key[0] == "kdweb_http_requests_total"}
    assert counted == {
        ("GET", "200", "api:list_models"): 1,
        ("GET", "404", "api:list_models"): 1,
        ("GET", "404", "none"): 1,
        ("other", "405", "login"): 1,
    }
    assert rise["kdweb_http_request_seconds_count", "api:list_models"] == 2
    assert not any("slips" in part or "nowhere" in part for key in after for part in key)


def test_queues_jobs_and_workers(client: Client, project: Project) -> None:
    now = timezone.now()
    waiting = Job.objects.create(project=project, kind="train", subject=1)
    Job.objects.filter(pk=waiting.pk).update(created=now - timedelta(minutes=10))
    for state, minutes in (("done", 5), ("done", 50), ("failed", 5), ("done", 90)):
        ended = now - timedelta(minutes=minutes)
        Job.objects.create(
            project=project, kind="read", subject=1, state=state, started=ended - timedelta(seconds=3), finished=ended
        )
    workers.record_heartbeat("default")
    found = scraped(client)
    assert found["kdweb_queue_jobs", "training"] == 1
    assert found["kdweb_queue_oldest_seconds", "training"] == pytest.approx(600, abs=30)
    assert (found["kdweb_worker_alive", "default"], found["kdweb_worker_alive", "training"]) == (1, 0)
    assert found["kdweb_jobs", "train", "queued"] == 1
    assert (found["kdweb_jobs_ended", "read", "done"], found["kdweb_jobs_ended", "read", "failed"]) == (2, 1)
    assert found["kdweb_jobs_ended_seconds", "read", "done"] == pytest.approx(6)


def test_extractions_their_time_and_what_became_of_them(client: Client, project: Project) -> None:
    version = model(project, "first", "production")
    answered(version)
    answered(version, escalated=Outcome.DONE)
    answered(version, state="failed", fields=None, timing_ms=None, pages=None)
    old = answered(version)
    Extraction.objects.filter(pk=old.pk).update(created=timezone.now() - timedelta(hours=2))
    found = scraped(client)
    assert [found["kdweb_extractions", state] for state in ("done", "failed", "queued")] == [2, 1, 0]
    assert (found["kdweb_escalations", "off"], found["kdweb_escalations", "done"]) == (1, 1)
    assert found["kdweb_extraction_seconds", "ocr"] == pytest.approx(1.8)
    assert found["kdweb_extraction_pages",] == 4


def test_drift_of_serving_models_that_could_be_compared(client: Client, project: Project) -> None:
    version = model(project, "first", "production")
    found = DriftCheck.objects.create(model=version, measured=timezone.now())
    assert ("kdweb_drift_aspects", str(version.pk)) not in scraped(client)
    aspects = (
        AspectDrift(Aspect.LAYOUT, DriftState.DRIFTED, 100, 100, 0.5, 0.1, 0.001),
        AspectDrift(Aspect.VENDOR, DriftState.SAME, 100, 100, 0.1, 0.1, 0.5),
    )
    DriftCheck.objects.filter(pk=found.pk).update(value=Drift(30, aspects).to_json())
    assert scraped(client)["kdweb_drift_aspects", str(version.pk)] == 1


def test_confidence_beside_what_validation_promised(client: Client, project: Project) -> None:
    version = model(project, "first", "production")
    version.run.validation = SCORES
    version.run.save()
    for confidence in (0.25, 0.35, None):
        answered(version, confidence)
    answered(version, fields={"items": {"value": "[]", "confidence": 0.9, "rows": []}})
    answered(model(project, "second"), 0.95)
    found = scraped(client)
    assert found["kdweb_model_confidence", str(version.pk)] == pytest.approx(0.3)
    assert found["kdweb_model_validation_accuracy", str(version.pk)] == 0.5
    assert found["kdweb_answer_confidence_bucket", "0.3"] == 1
    assert found["kdweb_answer_confidence_bucket", "+Inf"] == found["kdweb_answer_confidence_gcount",] == 3
    assert not math.isnan(found["kdweb_answer_confidence_gsum",])


def test_documents_and_webhooks(client: Client, project: Project) -> None:
    builders.document(project)
    endpoint, _ = endpoints.create(project, endpoints.Settings("https://example.com/hook", ["report.ended"]))
    outbox.send_test(endpoint)
    found = scraped(client)
    assert sum(value for key, value in found.items() if key[0] == "kdweb_documents") == 1
    assert found["kdweb_webhook_deliveries_waiting",] == 1


def test_nothing_of_documents_and_people_is_told(client: Client, project: Project, owner: User) -> None:
    answered(model(project, "salaries", "production"))
    text = client.get(URL).content.decode()
    assert not any(word in text for word in ("confidential", "salar", "slips", owner.username, "example.com"))


def test_the_number_of_queries_does_not_grow(client: Client, project: Project) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            scraped(client)
        return len(captured)

    answered(model(project, "first"))
    few = queries()
    for number in range(5):
        version = model(project, f"model{number}")
        for _ in range(3):
            answered(version)
        builders.document(project)
    assert queries() == few == 19


def test_what_needs_no_database_is_told_while_it_is_away(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise OperationalError

    monkeypatch.setattr("extraction.services.operation.metrics.collecting.SOURCES", (machine.queues, away))
    found = scraped(client)
    assert found["kdweb_database_up",] == 0
    assert found["kdweb_disk_bytes",] > 0
    assert ("kdweb_queue_jobs", "default") not in found


def test_old_rows_are_not_searched(client: Client, project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("extraction.services.operation.metrics.answers.ANSWERS", 2)
    version = model(project, "first", "production")
    for confidence in (0.1, 0.8, 0.9):
        answered(version, confidence)
    assert scraped(client)["kdweb_answer_confidence_gcount",] == 2


def test_canaries_retention_and_forgetting(client: Client, project: Project) -> None:
    first, second = model(project, "first", "production"), model(project, "second")
    canary = Canary.objects.create(project=project, candidate=second, serving=first, share=10, failures=3)
    for number in range(2):
        CanaryDocument.objects.create(canary=canary, sha256=f"{number:064}")
    Canary.objects.create(project=project, candidate=second, serving=first, share=10, state="stopped", failures=7)
    Forgetting.objects.create(project=project, run=first.run, documents=[], failures=2)
    Deletion.objects.create(project=project, document=1, sha256="0" * 64, test=False, added=timezone.now())
    found = scraped(client)
    assert (found["kdweb_canaries", "running"], found["kdweb_canaries", "stopped"]) == (1, 1)
    assert (found["kdweb_canary_documents_waiting",], found["kdweb_canary_failures",]) == (2, 3)
    assert (found["kdweb_forgettings", "owed"], found["kdweb_forgettings", "done"]) == (1, 0)
    assert (found["kdweb_forgettings_failing",], found["kdweb_deletions_unsettled",]) == (1, 1)
    assert found["kdweb_projects_held",] == 0
    assert ("kdweb_object_store_up",) not in found


def test_the_object_store(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(name: str) -> bool:
        raise object_store.Unavailable

    monkeypatch.setattr(object_store, "configured", lambda: True)
    monkeypatch.setattr(object_store, "exists", lambda name: False)
    assert scraped(client)["kdweb_object_store_up",] == 1
    monkeypatch.setattr(object_store, "exists", away)
    found = scraped(client)
    assert (found["kdweb_object_store_up",], found["kdweb_database_up",]) == (0, 1)
