"""A project with one of everything that programs can ask for."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from extraction.models import CrossCheck, Extraction, ExtractionBatch, Project, Question, Report, UnseenAcceptance, User
from extraction.services.labels import store
from extraction.services.teaching import label_runs
from extraction.services.webhooks import endpoints, outbox
from tests.api.calls import ACCESS, World
from tests.support import builders
from tests.support.programs import model


@pytest.fixture
def world(project: Project, owner: User) -> World:
    document = builders.document(project)
    version = model(project, "first", "production")
    extraction = Extraction.objects.create(project=project, model=version, name="a.jpg", sha256="0" * 64)
    batch = ExtractionBatch.objects.create(project=project, model=version, name="a.jpg", uploads=[])
    report = Report.objects.create(
        project=project, value=builders.report_value(builders.reported("rules", "teacher", 1.0)).to_json()
    )
    label = store.write(document, "total", "3.30", source="teacher", teacher="rules")
    question = Question.objects.create(project=project, label=label, round=1, random=False)
    decision = UnseenAcceptance.objects.create(
        project=project, user=owner, accepted=timezone.now(), documents=1, wrong=0.005
    )
    run = label_runs.prepare(project, "rules", None)
    run.save()
    check = CrossCheck.objects.create(project=project, snapshot=version.run.snapshot)
    claim = builders.claim(project, document=document)
    finding = builders.finding(claim)
    endpoint, _ = endpoints.create(project, endpoints.Settings("https://example.com/hook", ["report.ended"]))
    delivery = outbox.send_test(endpoint)
    uuid = {"id": extraction.public_id}
    values: dict[str, dict[str, Any]] = {
        "*": {"slug": project.slug, "id": document.pk, "name": "first"},
        "extraction": uuid,
        "delete_extraction": uuid,
        **{name: {"id": batch.public_id} for name in ("batch", "batch_results", "cancel_batch", "delete_batch")},
        "answer_question": {"id": question.pk},
        "undo_answer": {"id": question.pk},
        "undo_unseen": {"id": decision.pk},
        **{name: {"id": finding.pk} for name in ("finding", "decide_finding", "undo_decision")},
        "audit": {"id": finding.run_id},
        **{name: {"id": claim.pk} for name in ("claim", "choose_receipt")},
        "label_run": {"id": run.pk},
        "training_run": {"id": version.run_id},
        "cross_check": {"id": check.pk},
        "report": {"id": report.pk},
        "export_report": {"id": report.pk},
        **{
            name: {"id": endpoint.pk, "delivery": delivery.pk}
            for name in ACCESS
            if "webhook" in name or "deliver" in name
        },
    }
    return World(project, owner, values)
