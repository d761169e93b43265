"""A project with one of everything."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from copy import copy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from extraction.domain.claims.mapping import ColumnMapping
from extraction.models import (
    ClaimImport,
    Extraction,
    ExtractionBatch,
    Forgetting,
    Hint,
    Job,
    LabelImport,
    LabelRun,
    ModelVersion,
    Question,
    Report,
    ReportedMiss,
    SchemaVersion,
    TeacherBatch,
    TrainingRun,
    UnseenAcceptance,
    User,
)
from extraction.services import storage
from extraction.services.identity import groups
from extraction.services.labels import store
from extraction.services.projects import tokens
from extraction.services.teaching.batches import files
from extraction.services.webhooks import endpoints, outbox
from tests.access.matrix import ACCESS, OWNER, PEOPLE, REVIEWER, World
from tests.support import builders


@pytest.fixture(scope="module")
def made(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[World, Path]]:
    """The world of all tests of a module, and the data folder with its files."""
    with builders.built_once(_world, tmp_path_factory.mktemp("world"), django_db_blocker) as made:
        yield made


@pytest.fixture
def world(made: tuple[World, Path], data_dir: Path) -> World:
    """The module's, with files and accounts of the test's own."""
    world, folder = made
    shutil.copytree(folder, data_dir, dirs_exist_ok=True)
    return replace(world, people={name: copy(user) for name, user in world.people.items()})


def _world() -> World:
    project = builders.project("receipts")
    people = {name: builders.member(project, role) for name, role in PEOPLE.items() if role and name != "superuser"}
    people["stranger"] = builders.user()
    people["superuser"] = builders.user()
    User.objects.filter(pk=people["superuser"].pk).update(is_superuser=True)
    # Somebody else stays an owner, whatever a test does to the first one.
    spare = builders.member(project, OWNER)
    document = builders.document(project)
    row = document.pages.get()
    for relative in (document.original, row.image, row.thumbnail, "model/model.onnx"):
        storage.path(relative).parent.mkdir(parents=True, exist_ok=True)
        storage.path(relative).write_bytes(b"content")
    job = Job.objects.create(kind="train", project=project, subject=1, state=Job.State.CANCELLED)
    run = TrainingRun.objects.create(project=project, name="first", job=job)
    model = ModelVersion.objects.create(
        project=project, run=run, name="first", folder="model", sha256="0" * 64, bytes=7, stage="production"
    )
    forgetting = Forgetting.objects.create(project=project, run=run, documents=[])
    sent = ExtractionBatch.objects.create(project=project, model=model, name="a.jpg", uploads=[])
    answered = Extraction.objects.create(project=project, model=model, name="a.jpg", sha256="0" * 64)
    compared = builders.report_value(
        builders.reported("rules", "teacher", 0.5), builders.reported("first", "student", 0.5)
    )
    report = Report.objects.create(project=project, value=compared.to_json())
    miss = ReportedMiss.objects.create(
        report=report, document=document, system="first", field="total", cause="wrong_span", similarity=0.0
    )
    version = SchemaVersion.objects.get(project=project)
    labelled = LabelRun.objects.create(project=project, schema_version=version, teacher="rules")
    by_hand = LabelRun.objects.create(
        project=project, schema_version=version, teacher="openai:reader", delivery=LabelRun.Delivery.FILE
    )
    batch = TeacherBatch.objects.create(run=by_hand, number=1, key="kd", state="written", fields=[], prompt_sha256="")
    files.requests(batch).parent.mkdir(parents=True)
    files.requests(batch).write_bytes(b"content")
    label = store.write(document, "total", "3.30", source="teacher", teacher="rules")
    question = Question.objects.create(project=project, label=label, round=1, random=False)
    unseen = UnseenAcceptance.objects.create(
        project=project, user=people["owner"], accepted=timezone.now(), documents=0, wrong=0.0
    )
    member = project.memberships.get(user=spare)
    group_role = groups.give(project, groups.create("clerks"), REVIEWER)
    token, _ = tokens.create(project, spare, name="till", scopes=["read"])
    table = ClaimImport.objects.create(
        project=project,
        name="claims.csv",
        sha256="0" * 64,
        file="claims",
        columns=["file", "total"],
        first_lines=[["a.jpg", "1.00"]],
        mapping=ColumnMapping(0, {1: "total"}).to_json(),
    )
    labels = LabelImport.objects.create(
        project=project, name="labels.jsonl", format="jsonl", source="truth", state=LabelImport.State.LOADED
    )
    claim = builders.claim(project, document=document)
    finding = builders.finding(claim)
    hint = Hint.objects.create(
        project=project, field="total", difference="other", corrections=[], teacher="acme:1", state=Hint.State.PROPOSED
    )
    endpoint, _ = endpoints.create(project, endpoints.Settings("https://example.com/hook", ["report.ended"]))
    delivery = outbox.send_test(endpoint)
    values: dict[str, dict[str, Any]] = {
        "*": {
            "slug": project.slug,
            "pk": document.pk,
            "number": 0,
            "run": run.pk,
            "name": "first",
            "file": "model.onnx",
            "report": report.pk,
            "miss": miss.pk,
            "format": "csv",
            "action": "assign",
        },
        **{name: {"pk": table.pk} for name in ACCESS if name.startswith("claims_")},
        **{name: {"pk": labels.pk} for name in ACCESS if name.startswith("label_file")},
        **{name: {"pk": claim.pk} for name in ("claim", "claim_receipt", "claim_withdraw")},
        **{name: {"pk": finding.pk} for name in ACCESS if name.startswith("finding")},
        **{name: {"pk": sent.pk} for name in ACCESS if name.startswith("extraction_batch_")},
        "extraction_batch": {"pk": sent.pk},
        "extraction": {"pk": answered.pk},
        "forgetting_remove": {"pk": forgetting.pk},
        "fields_bring_back": {"number": 1},
        "hint": {"pk": hint.pk},
        "job": {"pk": job.pk},
        "job_cancel": {"pk": job.pk},
        "questions_unseen_undo": {"pk": unseen.pk},
        "question": {"pk": question.pk},
        "question_answer": {"pk": question.pk},
        "question_undo": {"pk": question.pk},
        "label_run": {"run": labelled.pk},
        "batch_file": {"run": by_hand.pk, "number": 1},
        "batch_answers": {"run": by_hand.pk},
        "batch_check": {"run": by_hand.pk},
        "batch_give_up": {"run": by_hand.pk},
        "member_change": {"pk": member.pk},
        **{name: {"pk": group_role.pk} for name in ("group_role_change", "group_role_remove")},
        "member_remove": {"pk": member.pk},
        **{name: {"pk": endpoint.pk, "delivery": delivery.pk} for name in ACCESS if name.startswith("webhook_")},
        "webhook": {"pk": endpoint.pk},
        **{name: {"pk": token.pk} for name in ("token_replace", "token_quota", "token_revoke")},
    }
    return World(people, values, {name: _session(user) for name, user in people.items()})


def _session(user: User) -> str:
    """The key of a session in which the user is logged in."""
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value
