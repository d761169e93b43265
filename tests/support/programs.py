"""A project that programs call, with a tiny student where one must answer."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from extraction.models import ModelVersion, Project, Scope, Snapshot, TrainingRun, User
from extraction.services import storage
from extraction.services.projects import projects, tokens
from tests.support import builders
from tests.support.badfiles import text_pdf
from tests.support.tiny_student import SCHEMA

ROOT = "/api/v1"
SLIP = (
    "Shop Green Harbour Ltd",
    "Date:25/12/2018 10:33",
    "Tip 1.20",
    "Total 47.11",
    "Paid by card",
)
# Queries of every call: the token with its project and user, its last use (once a minute), twice the user's role, and
# its usage.
AUTHORISING = 6
# Scores as answers of the API have them.
SCORE = {
    "n": 2,
    "anls": 0.8,
    "anls_ci95": [0.7, 0.9],
    "exact": 0.5,
    "exact_ci95": [0.1, 0.9],
    "normalized_exact": 0.5,
    "normalized_exact_ci95": [0.1, 0.9],
}
SCORES = {
    "documents": 2,
    "mean_anls": 0.8,
    "mean_anls_ci95": [0.7, 0.9],
    "all_fields": 0.5,
    "all_fields_ci95": [0.1, 0.9],
    "fields": {"total": SCORE},
}
Program = Callable[..., Client]


@pytest.fixture
def owner(db: None) -> User:
    return builders.user("olga")


@pytest.fixture
def project(owner: User) -> Project:
    return projects.create("slips", SCHEMA, owner=owner)


@pytest.fixture
def program(project: Project, owner: User) -> Program:
    """`program(*scopes)` is a client with a token of the owner (all scopes by default)."""

    def made(*scopes: str, held: Project = project, user: User = owner) -> Client:
        _, token = tokens.create(held, user, name="test", scopes=scopes or Scope.values)
        return Client(headers={"Authorization": f"Bearer {token}"}, raise_request_exception=False)

    return made


@pytest.fixture
def caller(program: Program) -> Client:
    return program()


def model(project: Project, name: str, stage: str = "candidate") -> ModelVersion:
    """A model with a file that nobody can read. Its SHA-256 is new: loaded models are cached by it."""
    snapshot, _ = Snapshot.objects.get_or_create(
        project=project, schema_version=project.schema_version, labels="best", sha256="0" * 64, defaults={"items": []}
    )
    run = TrainingRun.objects.create(project=project, name=name, snapshot=snapshot)
    folder = storage.model_folder(project, name)
    folder.mkdir(parents=True)
    (folder / "model.onnx").write_bytes(b"graph")
    relative = storage.relative(folder)
    return ModelVersion.objects.create(
        project=project, run=run, name=name, folder=relative, sha256=uuid4().hex * 2, bytes=5, stage=stage
    )


@pytest.fixture
def served(project: Project, trained: tuple[Path, Any, list[Any], list[str]]) -> ModelVersion:
    """The project serves a tiny student."""
    row = model(project, "small", "production")
    shutil.copytree(trained[0], storage.path(row.folder), dirs_exist_ok=True)
    return row


def slip(name: str = "slip.pdf", content: bytes | None = None) -> SimpleUploadedFile:
    """A PDF whose text can be read without OCR."""
    return SimpleUploadedFile(name, text_pdf(SLIP) if content is None else content, "application/pdf")
