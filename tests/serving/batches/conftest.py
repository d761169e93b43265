"""A project whose model answers without being trained, and files to send."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from extraction.models import ExtractionBatch, ModelVersion, Project
from extraction.services.jobs import execution
from extraction.services.serving import registry
from tests.serving.stand_ins import Predictor
from tests.support.programs import ROOT, model, slip

URL = f"{ROOT}/projects/slips/batches"


def archive(**files: bytes) -> SimpleUploadedFile:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as made:
        for name, content in files.items():
            made.writestr(f"{name}.pdf", content)
    return SimpleUploadedFile("month.zip", held.getvalue(), "application/zip")


def content() -> bytes:
    return slip().read()


@pytest.fixture
def serving(project: Project, monkeypatch: pytest.MonkeyPatch) -> ModelVersion:
    class Short(Predictor):
        """Knows the total, and where it stands in a slip."""

        def predict(self, pages: Any) -> Any:
            return {"total": super().predict(pages)["total"]}

    monkeypatch.setattr(registry, "predictor", lambda model: Short())
    return model(project, "first", "production")


@pytest.fixture
def sent(caller: Client, serving: ModelVersion) -> Callable[..., ExtractionBatch]:
    """`sent(*files)` is the batch of a call."""

    def send(*files: SimpleUploadedFile) -> ExtractionBatch:
        response = caller.post(URL, {"file": list(files)})
        assert response.status_code == 202, response.content
        return ExtractionBatch.objects.get(public_id=response.json()["id"])

    return send


def work(batch: ExtractionBatch) -> ExtractionBatch:
    """What a worker does with the batch's job."""
    batch.refresh_from_db()
    assert batch.job is not None
    execution.run(batch.job.pk)
    batch.refresh_from_db()
    return batch
