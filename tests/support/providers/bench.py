"""A project with documents that differ, and label runs of it by batches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageDraw

from extraction.models import Document, Job, LabelRun, Project
from extraction.services import storage
from extraction.services.jobs import execution, queue
from extraction.services.teaching import label_runs
from extraction.services.teaching.batches import files
from extraction.services.teaching.jobs import COLLECT
from tests.support import builders
from tests.support.providers.batches import ANSWERED, BatchDesk

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


def handed_in(desk: BatchDesk, run: LabelRun, fate: Callable[[int], str] = lambda number: ANSWERED) -> bytes:
    """What a person gets who hands in the run's one file."""
    desk.fate = fate
    return desk.by_hand(files.requests(run.batches.get()).read_bytes())
