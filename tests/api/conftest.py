"""A project with one of everything that programs can ask for."""

from __future__ import annotations

import pytest
from django.utils import timezone

from extraction.models import CrossCheck, Extraction, ExtractionBatch, Project, Question, Report, UnseenAcceptance, User
from extraction.services.labels import store
from extraction.services.teaching import label_runs
from extraction.services.webhooks import endpoints, outbox
from tests.api.calls import World
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
    ids = {
        "audits": finding.run_id,
        "batches": batch.public_id,
        "claims": claim.pk,
        "cross-checks": check.pk,
        "documents": document.pk,
        "extractions": extraction.public_id,
        "findings": finding.pk,
        "label-runs": run.pk,
        "questions": question.pk,
        "reports": report.pk,
        "training-runs": version.run_id,
        "unseen-acceptances": decision.pk,
        "webhooks": endpoint.pk,
    }
    return World(project, owner, ids, {"slug": project.slug, "name": "first", "delivery": delivery.pk})
