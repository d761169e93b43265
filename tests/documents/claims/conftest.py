"""A project with four documents that tables name."""

import pytest

from extraction.models import Document, Project
from tests.support import builders


@pytest.fixture
def project() -> Project:
    return builders.project("receipts")


@pytest.fixture
def documents(project: Project) -> list[Document]:
    rows = [builders.document(project) for _ in range(4)]
    for name, row in zip("abcd", rows, strict=True):
        Document.objects.filter(pk=row.pk).update(name=f"{name}.jpg")
        row.refresh_from_db()
    return rows
