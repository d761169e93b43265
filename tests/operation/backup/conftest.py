"""An installation with one document, and its backup."""

from pathlib import Path

import pytest

from extraction.domain.progress import Silent
from extraction.models import Document
from extraction.services import storage
from extraction.services.operation.backup import create
from tests.support import builders


@pytest.fixture
def filled(transactional_db: None) -> Document:
    """An installation with one document and its files."""
    row = builders.pictured_document(builders.project("receipts", owner=builders.user("ann")))
    path = storage.path(row.original)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"as it came")
    return row


@pytest.fixture
def archive(filled: Document, tmp_path: Path) -> Path:
    return create.create(tmp_path / "kd.tar", Silent()).path
