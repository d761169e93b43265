"""Two worker machines with one database and broker: one is cut off in the middle of a job and comes back."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from extraction.models import Document, Job, Page, Project
from extraction.services import storage
from extraction.services.documents import intake
from synthdocs import generate
from tests.support import builders
from tests.support.badfiles import text_pdf
from tests.support.servers import machines
from tests.support.servers.backends import SERVERS, Backend
from tests.support.servers.machines import Machine
from tests.support.servers.workers import StartWorker, wait

pytestmark = [
    pytest.mark.parametrize("backend", [SERVERS], indirect=True, scope="module"),
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def two(backend: Backend) -> Iterator[list[Machine]]:
    if reason := machines.missing():
        pytest.skip(reason)
    with ExitStack() as stack:
        yield [stack.enter_context(machines.machine(backend.environment)) for _ in range(2)]


def pictures() -> bytes:
    """A PDF of two pages that must be read by OCR."""
    first, second = (sample.image for sample in generate("receipt", 2, seed=5, languages=("en",)))
    held = io.BytesIO()
    first.save(held, "PDF", save_all=True, append_images=[second])
    return held.getvalue()


def add(project: Project, name: str, content: bytes) -> tuple[Document, Job]:
    document, _ = intake.add_document(project, name, io.BytesIO(content))
    return document, Job.objects.get(subject=document.pk)


def idle() -> bool:
    return not Job.objects.filter(state__in=Job.ACTIVE).exists()


def running(job: Job, attempts: int) -> bool:
    return Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, attempts=attempts).exists()


def test_one_is_cut_off_and_comes_back(two: list[Machine], start_worker: StartWorker) -> None:
    project = builders.project()
    first, second = two
    document, job = add(project, "long.pdf", pictures())
    others = [add(project, f"{number}.pdf", text_pdf((f"Shop {number}", "Total 3.30"))) for number in range(6)]

    start_worker("default", on=first)
    wait(lambda: running(job, 1))
    first.cut()
    helper = start_worker("default", on=second, scheduled=False)
    wait(idle)
    job.refresh_from_db()
    assert (job.state, job.attempts) == (Job.State.DONE, 2)
    pages = list(Page.objects.order_by("pk").values_list("pk", "document"))

    # Back with what it has read, which nobody wants any more; then it works as before.
    helper.kill()
    first.join()
    later, _ = add(project, "later.pdf", text_pdf(("Later", "Total 4.40")))
    wait(idle, 60)
    assert list(Page.objects.exclude(document=later).order_by("pk").values_list("pk", "document")) == pages
    for read, count in ((document, 2), (later, 1), *((other, 1) for other, _ in others)):
        read.refresh_from_db()
        assert (read.state, read.page_count, read.pages.count()) == (Document.State.READY, count, count)
        assert len(list((storage.document_folder(read) / "pages").iterdir())) == 2 * count
    assert set(Job.objects.values_list("state", flat=True)) == {Job.State.DONE}
    assert set(Job.objects.exclude(pk=job.pk).values_list("attempts", flat=True)) == {1}
