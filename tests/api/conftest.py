"""A project with one of everything that programs can ask for."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from extraction.models import (
    CrossCheck,
    Extraction,
    ExtractionBatch,
    LabelImport,
    Project,
    Question,
    Report,
    UnseenAcceptance,
    User,
)
from extraction.services.labels import store
from extraction.services.projects import projects
from extraction.services.teaching import label_runs
from extraction.services.webhooks import endpoints, outbox
from tests.api.calls import World
from tests.support import builders
from tests.support.programs import SCHEMA, model


@pytest.fixture(scope="module")
def made(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[World, Path]]:
    """The world of all tests of a module, and the data folder with its files."""
    with builders.built_once(_world, tmp_path_factory.mktemp("world"), django_db_blocker) as made:
        yield made


@pytest.fixture
def world(made: tuple[World, Path], db: None, data_dir: Path) -> World:
    """The module's, with files and rows in memory of the test's own."""
    world, folder = made
    shutil.copytree(folder, data_dir, dirs_exist_ok=True)
    project = Project.objects.select_related("schema_version").get(pk=world.project.pk)
    return replace(world, project=project, owner=User.objects.get(pk=world.owner.pk))


def _world() -> World:
    owner = builders.user("olga")
    project = projects.create("slips", SCHEMA, owner=owner)
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
    labels = LabelImport.objects.create(project=project, name="a.jsonl", format="jsonl", source="truth", state="loaded")
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
        "label-files": labels.pk,
        "label-runs": run.pk,
        "questions": question.pk,
        "reports": report.pk,
        "training-runs": version.run_id,
        "unseen-acceptances": decision.pk,
        "webhooks": endpoint.pk,
    }
    return World(project, owner, ids, {"slug": project.slug, "name": "first", "delivery": delivery.pk})
