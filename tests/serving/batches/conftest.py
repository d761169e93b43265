"""A project whose model answers without being trained."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from extraction.models import ExtractionBatch, ModelVersion, Project
from extraction.services.serving import registry
from tests.serving.batches.sending import URL
from tests.serving.stand_ins import Predictor
from tests.support.programs import model


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
