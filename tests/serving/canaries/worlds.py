"""A serving version and a candidate that answer without being trained, and files on which they differ."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from extraction.domain.pages import Page
from extraction.domain.prediction import FieldValue
from extraction.models import Canary, CanaryDocument, Document, Job, ModelVersion, Project, Source
from extraction.services.jobs import execution
from extraction.services.labels import store
from extraction.services.serving import extractions, field_extraction, registry
from extraction.services.serving.canaries import lifecycle, traffic
from extraction.services.serving.canaries.lifecycle import Wanted
from tests.serving.stand_ins import Reader
from tests.support import builders
from tests.support.badfiles import text_pdf
from tests.support.programs import model

# A version's answer for the total of a slip of that number.
Says = Callable[[int], str]


class Version:
    """Reads the number of a slip, and says what its version says for that."""

    def __init__(self, says: Says) -> None:
        self.says = says

    def predict(self, pages: Sequence[Page]) -> dict[str, FieldValue]:
        number = int(next(word.text for word in pages[0].words if word.text.isdigit()))
        total = self.says(number)
        return {"total": FieldValue(total, total, 0.8)}


class ReadSlip(Reader):
    """The page of a slip, read without a child process."""

    def __init__(self, path: Path) -> None:
        found = re.search(rb"Slip (\d+)", path.read_bytes())
        assert found is not None
        self.page = builders.page(f"Slip {int(found[1])}", "Total 1.00")


@pytest.fixture
def says(monkeypatch: pytest.MonkeyPatch) -> dict[str, Says]:
    """What each version says, by name: at first that all totals are 1.00."""
    said: dict[str, Says] = {"first": lambda number: "1.00", "second": lambda number: "1.00"}
    monkeypatch.setattr(registry, "predictor", lambda model: Version(said[model.name]))
    monkeypatch.setattr(registry, "is_usable", lambda model: True)
    monkeypatch.setattr(field_extraction, "read", lambda project, path: [ReadSlip(path)])
    return said


@pytest.fixture
def serving(project: Project, says: dict[str, Says]) -> ModelVersion:
    row = model(project, "first", "production")
    row.promoted = timezone.now()
    row.save()
    return row


@pytest.fixture
def candidate(project: Project, serving: ModelVersion) -> ModelVersion:
    return model(project, "second")


@pytest.fixture
def canary(candidate: ModelVersion, monkeypatch: pytest.MonkeyPatch) -> Canary:
    """One that answers every document."""
    monkeypatch.setattr(traffic, "takes", lambda canary, sha256: True)
    return lifecycle.start(candidate, Wanted(share=50))


def slip(number: int) -> SimpleUploadedFile:
    """A file of its own for each number."""
    return SimpleUploadedFile(f"{number}.pdf", text_pdf((f"Slip {number}", "Total 1.00")), "application/pdf")


def send(project: Project, number: int) -> str:
    """The name of the model that answers the slip of that number."""
    held = slip(number)
    return extractions.extract_now(project, held.name or "", held).model.name


def work(canary: Canary) -> Canary:
    """What a worker does with the jobs of a canary."""
    for job in Job.objects.filter(kind="canary", subject=canary.pk, state=Job.State.QUEUED):
        execution.run(job.pk)
        job.refresh_from_db()
        assert job.state == Job.State.DONE, job.error
    canary.refresh_from_db()
    return canary


def compared(canary: Canary, agreeing: int, *differing: tuple[str, str]) -> list[CanaryDocument]:
    """Rows as comparing leaves them: of `agreeing` documents, and for each pair of totals (candidate, serving version)
    of one that became a document of the project, which are returned."""
    known = canary.compared.count()
    hashes = [f"{number:064}" for number in range(known, known + agreeing + len(differing))]
    rows = [CanaryDocument(canary=canary, sha256=sha256, state="compared") for sha256 in hashes[:agreeing]]
    for sha256, (first, second) in zip(hashes[agreeing:], differing, strict=True):
        document = Document.objects.create(
            project=canary.project,
            name="slip.pdf",
            sha256=sha256,
            media_type="application/pdf",
            bytes=9,
            original="none",
            state=Document.State.READY,
            split="train",
        )
        answers = [{"total": {"value": total, "normalized": total, "confidence": 0.8}} for total in (first, second)]
        rows.append(
            CanaryDocument(
                canary=canary,
                sha256=sha256,
                state="compared",
                candidate=answers[0],
                serving=answers[1],
                differing=["total"],
                differs=True,
                document=document,
            )
        )
    return [row for row in CanaryDocument.objects.bulk_create(rows) if row.differs]


def check(document: Document | None, total: str) -> None:
    """What a reviewer says."""
    assert document is not None
    store.write(document, "total", total, source=Source.REVIEWER)


def kept(data_dir: Path) -> list[Path]:
    """Files of canaries that wait."""
    return [path for path in data_dir.glob("files/projects/*/canaries/*") if path.is_file()]
