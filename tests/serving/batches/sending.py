"""Files to send in a batch, and the work of its job."""

from __future__ import annotations

import io
import zipfile

from django.core.files.uploadedfile import SimpleUploadedFile

from extraction.models import ExtractionBatch
from extraction.services.jobs import execution
from tests.support.programs import ROOT, slip

URL = f"{ROOT}/projects/slips/batches"


def archive(**files: bytes) -> SimpleUploadedFile:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as made:
        for name, content in files.items():
            made.writestr(f"{name}.pdf", content)
    return SimpleUploadedFile("month.zip", held.getvalue(), "application/zip")


def content() -> bytes:
    return slip().read()


def work(batch: ExtractionBatch) -> ExtractionBatch:
    """What a worker does with the batch's job."""
    batch.refresh_from_db()
    assert batch.job is not None
    execution.run(batch.job.pk)
    batch.refresh_from_db()
    return batch
