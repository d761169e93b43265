"""The fence before a result: a worker that comes back after its job was given to another one stores nothing."""

import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from extraction.domain.progress import Cancelled
from extraction.engines.ingest import reading as engine
from extraction.models import Document, Job
from extraction.services.documents import intake
from extraction.services.documents.jobs import READ
from extraction.services.jobs import claims, execution, queue
from tests.support import builders
from tests.support.badfiles import text_pdf

pytestmark = pytest.mark.django_db


@pytest.fixture
def job() -> Job:
    document, _ = intake.add_document(builders.project(), "a.pdf", io.BytesIO(text_pdf(("Shop", "Total 3.30"))))
    return Job.objects.get(subject=document.pk, kind=READ.name)


def lose(job: Job) -> None:
    """The worker has been silent for an hour, so that its job is sent again."""
    Job.objects.filter(pk=job.pk).update(heartbeat=timezone.now() - timedelta(hours=1))
    queue.requeue_lost()


def test_a_late_reading_replaces_nothing(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    read_pages = engine.read_pages
    seen: list[list[int]] = []

    def slow(*arguments: Any) -> Iterator[engine.ReadPage]:
        found = list(read_pages(*arguments))
        if not seen:
            seen.append([])
            lose(job)
            execution.run(job.pk)
            seen.append(list(Document.objects.get().pages.values_list("pk", flat=True)))
        yield from found

    monkeypatch.setattr(engine, "read_pages", slow)
    execution.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempts) == (Job.State.DONE, 2)
    document = Document.objects.get()
    assert document.state == Document.State.READY
    assert list(document.pages.values_list("pk", flat=True)) == seen[1] != []


def test_outside_of_a_job_nothing_is_asked() -> None:
    claims.confirm()


def test_a_claim_holds_until_its_job_is_lost_or_gone(job: Job) -> None:
    claim = execution.claim(job.pk)
    assert claim
    with claims.executing(claim):
        claims.confirm()
        lose(job)
        with pytest.raises(Cancelled):
            claims.confirm()
    claims.confirm()
