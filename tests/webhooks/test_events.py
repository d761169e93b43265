"""Kinds of events: what each registered one tells, where its link leads, and a toy kind by the recipe.

The toy kind follows docs/recipes/webhook-event.md.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest
from django.dispatch import Signal
from django.urls import resolve

from extraction.models import (
    Canary,
    ClaimImport,
    CrossCheck,
    Extraction,
    Job,
    LabelRun,
    Project,
    Report,
    SchemaVersion,
    TrainingRun,
    WebhookDelivery,
    WebhookEndpoint,
)
from extraction.services import events
from extraction.services.documents.claims.jobs import CLAIMS
from extraction.services.jobs import execution, kinds, queue
from extraction.services.jobs.kinds import JobKind
from extraction.services.reports.jobs import REPORT
from extraction.services.review import actions
from extraction.services.serving import extractions
from extraction.services.serving import registry as models
from extraction.services.serving.canaries import lifecycle
from extraction.services.teaching.batches import runs
from extraction.services.teaching.jobs import LABEL
from extraction.services.training.jobs import CROSS_CHECK, TRAIN
from extraction.services.webhooks.events import registry
from extraction.services.webhooks.events.base import JobEnd, Notice, data
from tests.support import builders
from tests.support.programs import model

pytestmark = pytest.mark.django_db
Happening = Callable[[Project], dict[str, object]]


def cancelled(kind: JobKind, project: Project, row: LabelRun | TrainingRun | CrossCheck | Report) -> None:
    """The end of a row's job that never began."""
    row.job = queue.enqueue(kind, project=project, subject=row.pk)
    row.save()
    queue.cancel(row.job)


def version(project: Project) -> SchemaVersion:
    return SchemaVersion.objects.get(project=project)


def extraction_done(project: Project) -> dict[str, object]:
    row = Extraction.objects.create(project=project, model=model(project, "first"), name="private.jpg")
    extractions._end(row.pk, state=Extraction.State.DONE)
    return {"extraction": str(row.public_id), "model": "first", "state": "done"}


def extraction_failed(project: Project) -> dict[str, object]:
    row = Extraction.objects.create(project=project, model=model(project, "first"), name="private.jpg")
    extractions.fail(row.pk, "private.jpg is no picture.")
    return {"extraction": str(row.public_id), "model": "first", "state": "failed"}


def extraction_reviewed(project: Project) -> dict[str, object]:
    document = builders.document(project)
    columns = {"sha256": document.sha256, "name": "private.jpg", "state": Extraction.State.DONE}
    row = Extraction.objects.create(project=project, model=model(project, "first"), **columns)
    actions.reject(document, actor=builders.user(), reason="a private photograph")
    return {"extraction": str(row.public_id), "document": document.pk, "state": "rejected"}


def model_promoted(project: Project) -> dict[str, object]:
    row = models.promote(model(project, "first"))
    return {"model": "first", "training_run": row.run_id, "state": "production"}


def canary_ended(project: Project) -> dict[str, object]:
    Canary.objects.create(project=project, candidate=model(project, "second"), serving=model(project, "first"), share=9)
    lifecycle.stop(project)
    return {"model": "second", "ending": "person", "state": "stopped"}


def label_run_ended(project: Project) -> dict[str, object]:
    row = LabelRun.objects.create(project=project, schema_version=version(project), teacher="rules", labels=3)
    cancelled(LABEL, project, row)
    return {"label_run": row.pk, "documents": 0, "labels": 3, "state": "cancelled"}


def training_run_ended(project: Project) -> dict[str, object]:
    row = TrainingRun.objects.create(project=project, name="second")
    cancelled(TRAIN, project, row)
    return {"training_run": row.pk, "model": None, "state": "cancelled"}


def cross_check_ended(project: Project) -> dict[str, object]:
    snapshot = model(project, "first").run.snapshot
    assert snapshot is not None
    row = CrossCheck.objects.create(project=project, snapshot=snapshot)
    cancelled(CROSS_CHECK, project, row)
    return {"cross_check": row.pk, "state": "cancelled"}


def report_ended(project: Project) -> dict[str, object]:
    row = Report.objects.create(project=project)
    cancelled(REPORT, project, row)
    return {"report": row.pk, "state": "cancelled"}


def finding_made(project: Project) -> dict[str, object]:
    row = builders.finding(builders.claim(project, employee="private", merchant="private"))
    events.send_now(events.findings_made, run=row.first_run)
    return {"finding": row.pk, "claim": row.claim_id, "check": "claimed_more", "state": "open"}


CASES: dict[str, Happening] = {
    "extraction.done": extraction_done,
    "extraction.failed": extraction_failed,
    "extraction.reviewed": extraction_reviewed,
    "model.promoted": model_promoted,
    "canary.ended": canary_ended,
    "label_run.ended": label_run_ended,
    "training_run.ended": training_run_ended,
    "cross_check.ended": cross_check_ended,
    "report.ended": report_ended,
    "finding.made": finding_made,
}


def told(endpoint: WebhookEndpoint) -> list[tuple[str, object]]:
    return [(row.kind, row.data) for row in endpoint.deliveries.order_by("pk")]


def test_every_kind_has_a_case() -> None:
    assert {kind.name for kind in registry.choices()} == set(CASES)


@pytest.mark.parametrize("name", CASES)
class TestEveryKind:
    def test_tells_once_what_happened_without_any_content(
        self, name: str, project: Project, endpoint: WebhookEndpoint
    ) -> None:
        expected = CASES[name](project)
        [(kind, value)] = told(endpoint)
        assert isinstance(value, dict)
        url = value.pop("url")
        assert (kind, value) == (name, {"project": "receipts", **expected})
        assert resolve(url).namespace == "api"
        assert all(isinstance(each, str | int | None) for each in value.values())
        assert "private" not in json.dumps(value)

    def test_has_a_title(self, name: str) -> None:
        assert registry.title(name) != name

    def test_where_nobody_listens_nothing_is_written(self, name: str, project: Project) -> None:
        CASES[name](project)
        assert not WebhookDelivery.objects.exists()


class TestLabelRunsByBatches:
    @pytest.fixture
    def run(self, project: Project) -> LabelRun:
        row = LabelRun.objects.create(
            project=project,
            schema_version=version(project),
            teacher="openai:reader",
            delivery=LabelRun.Delivery.FILE,
        )
        row.batches.create(number=1, key="kd", state="written", fields=[], prompt_sha256="")
        return row

    def ended(self, run: LabelRun) -> None:
        """Its own job is done, and its files are with a person."""
        run.job = queue.enqueue(LABEL, project=run.project, subject=run.pk)
        run.batches_sent = run.job.created
        run.save()
        progress = execution.claim(run.job.pk)
        assert progress is not None
        execution.end(progress.claimed(), Job.State.DONE)
        run.refresh_from_db()

    def test_end_when_nothing_more_is_expected(self, endpoint: WebhookEndpoint, run: LabelRun) -> None:
        self.ended(run)
        assert run.state == LabelRun.State.AWAITING
        assert told(endpoint) == []
        runs.give_up(run)
        [(kind, value)] = told(endpoint)
        assert kind == "label_run.ended"
        assert isinstance(value, dict)
        assert value["state"] == "done"

    def test_trials_are_not_told_of(self, project: Project, endpoint: WebhookEndpoint, run: LabelRun) -> None:
        run.sample = []
        run.delivery = LabelRun.Delivery.DIRECT
        cancelled(LABEL, project, run)
        assert told(endpoint) == []


class ClaimsImported(JobEnd):
    name = "claims.imported"
    title = "Claims imported"
    signals: tuple[Signal, ...] = (events.job_ended,)
    job_kind = CLAIMS.name

    def about(self, subject: int) -> Notice | None:
        table = ClaimImport.objects.select_related("project").filter(pk=subject).first()
        if table is None:
            return None
        path = f"/projects/{table.project.slug}/documents"
        return Notice(table.project, data(table.project, path, state="cancelled", claim_import=table.pk))


class TestToyKind:
    @pytest.fixture
    def kind(self) -> Iterator[ClaimsImported]:
        kind = ClaimsImported()
        registry.register(kind)
        yield kind
        registry.unregister(kind.name)

    def test_it_is_told_to_whoever_asks_for_it(
        self, kind: ClaimsImported, project: Project, endpoint: WebhookEndpoint
    ) -> None:
        table = ClaimImport.objects.create(
            project=project, name="a.csv", sha256="", file="claims", columns=[], first_lines=[], mapping={}
        )
        endpoint.kinds = ["report.ended"]
        endpoint.save()
        queue.cancel(queue.enqueue(CLAIMS, project=project, subject=table.pk))
        assert told(endpoint) == []
        endpoint.kinds = [kind.name]
        endpoint.save()
        queue.cancel(queue.enqueue(CLAIMS, project=project, subject=table.pk))
        queue.cancel(queue.enqueue(CLAIMS, project=project, subject=table.pk + 1))
        [(name, value)] = told(endpoint)
        assert name == "claims.imported"
        assert value == {
            "project": "receipts",
            "claim_import": table.pk,
            "state": "cancelled",
            "url": "/api/v1/projects/receipts/documents",
        }

    def test_a_name_is_used_once_and_forgotten_with_its_kind(self, kind: ClaimsImported, project: Project) -> None:
        with pytest.raises(ValueError, match=r"claims\.imported"):
            registry.register(ClaimsImported())
        assert registry.title(kind.name) == "Claims imported"


def test_what_is_told_of_a_kind_that_is_gone_is_named_by_it() -> None:
    assert registry.title("of.before") == "of.before"


def test_the_jobs_that_are_told_of_exist() -> None:
    known = {kind.name for kind in kinds.registered()}
    assert {kind.job_kind for kind in registry.registered() if isinstance(kind, JobEnd)} <= known
