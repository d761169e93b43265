"""Both providers of batches on this machine, a project with documents that differ, and label runs by batches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from PIL import Image, ImageDraw
from pytest_django.fixtures import Settings

from extraction.models import Document, Job, LabelRun, Project
from extraction.services import storage
from extraction.services.jobs import execution, queue
from extraction.services.teaching import label_runs
from extraction.services.teaching.jobs import COLLECT
from tests.support import builders
from tests.support.providers import KEY, Provider
from tests.support.providers.batches import BatchDesk

Delivery = LabelRun.Delivery
TEACHERS = {"anthropic": "anthropic:claude-sonnet-4-5", "openai": "openai:gpt-5-mini"}


def draw(document: Document) -> None:
    """A small page that looks like no other: the document's number in black and white squares."""
    path = storage.path(document.pages.get().image)
    path.parent.mkdir(parents=True, exist_ok=True)
    image = Image.new("L", (64, 64), 255)
    pen = ImageDraw.Draw(image)
    for bit in range(16):
        if document.pk >> bit & 1:
            left, top = 16 * (bit % 4), 16 * (bit // 4)
            pen.rectangle((left, top, left + 15, top + 15), fill=0)
    image.save(path, "PNG")


def documents(project: Project, number: int) -> list[Document]:
    made = [builders.document(project) for _ in range(number)]
    for document in made:
        draw(document)
    return made


@dataclass
class Bench:
    """A project, its teacher, and the desk where batches are handed in."""

    project: Project
    teacher: str
    desk: BatchDesk

    def start(self, delivery: Delivery = Delivery.BATCH, **options: Any) -> LabelRun:
        return label_runs.start(self.project, teacher=self.teacher, delivery=delivery, **options)

    def work(self, run: LabelRun) -> LabelRun:
        """What a worker would do now for the run: its own job, and the one that fetches answers after it."""
        queue_of = Job.objects.filter(subject=run.pk, kind__in=("label", COLLECT.name)).order_by("pk")
        for job in queue_of.filter(state=Job.State.QUEUED):
            execution.run(job.pk)
        run.refresh_from_db()
        return run

    def begun(self, number: int = 5, **options: Any) -> LabelRun:
        """A run over new documents whose batches are with the provider, which does not answer yet."""
        documents(self.project, number)
        self.desk.ready.clear()
        return self.work(self.start(**options))

    def ended(self, run: LabelRun) -> LabelRun:
        """The run after the provider has answered."""
        self.desk.ready.set()
        return self.work(run)

    def cancel(self, run: LabelRun) -> LabelRun:
        assert run.job is not None
        queue.cancel(run.job)
        run.refresh_from_db()
        return run


@pytest.fixture
def project() -> Project:
    return builders.project("receipts")


@pytest.fixture(params=sorted(TEACHERS))
def bench(
    request: pytest.FixtureRequest, project: Project, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> Iterator[Bench]:
    settings.BATCH_POLL_SECONDS = 0.01
    settings.BATCH_SETTLE_SECONDS = 0
    with Provider() as provider:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", provider.url)
        monkeypatch.setenv("OPENAI_BASE_URL", f"{provider.url}/v1")
        monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        yield Bench(project, TEACHERS[request.param], provider.batches)
