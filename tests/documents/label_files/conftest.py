"""A project with three documents that label files name, and pages of its owner."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from extraction.domain.fields import Schema
from extraction.models import Document, LabelImport, Project, Role
from tests.documents.label_files.files import Load, worked
from tests.support import builders

SCHEMA = Schema.from_json(
    {
        "name": "Receipts",
        "document": "receipt",
        "field": [
            {"name": "company"},
            {"name": "total", "type": "money"},
            {"name": "items", "type": "group", "fields": [{"name": "name"}, {"name": "price", "type": "money"}]},
        ],
    }
)


@pytest.fixture
def project() -> Project:
    return builders.project("receipts", schema=SCHEMA)


@pytest.fixture
def documents(project: Project) -> dict[str, Document]:
    rows = {}
    for name in ("a.jpg", "b.jpg", "c.jpg"):
        row = builders.document(project, "Shop", "Total 47.11")
        Document.objects.filter(pk=row.pk).update(name=name)
        rows[name] = row
    return rows


@pytest.fixture
def owner(project: Project) -> Client:
    client = Client()
    client.force_login(builders.member(project, Role.OWNER))
    return client


@pytest.fixture
def load(owner: Client, documents: dict[str, Document]) -> Load:
    """`load(name, content, format, source)` sends a file to the page and does the job as a worker does."""

    def sent(name: str, content: str | bytes, format: str = "jsonl", source: str = "truth") -> LabelImport:
        data = content.encode() if isinstance(content, str) else content
        answer = owner.post(
            reverse("label_files", args=["receipts"]),
            {"file": SimpleUploadedFile(name, data), "format": format, "source": source},
        )
        row = LabelImport.objects.latest("pk")
        assert answer.headers["Location"] == reverse("label_file", args=["receipts", row.pk])
        return worked(row)

    return sent
