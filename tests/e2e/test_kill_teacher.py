"""A run over 200 documents with a provider that fails in every way, killed on the way: all of it is done, once."""

import time
from collections import Counter

import pytest
from PIL import Image, ImageDraw

from extraction.models import Document, Job, Label, Project, Response
from extraction.services import storage
from extraction.services.teaching import label_runs
from extraction.services.teaching.responses import USABLE
from tests.support import builders
from tests.support.providers import Fault, Provider
from tests.support.servers.workers import StartWorker, wait

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

DOCUMENTS = 200
FAULTS = (Fault.MALFORMED, Fault.REFUSE, Fault.LIMIT, Fault.HANG, Fault.DROP, Fault.ERROR)
LATENCY, TIMEOUT, AT_ONCE = 0.2, 6, 8


def picture(document: Document) -> None:
    """A small page that looks like no other: the document's number in black and white squares."""
    path = storage.path(document.pages.get().image)
    path.parent.mkdir(parents=True, exist_ok=True)
    image = Image.new("L", (64, 64), 255)
    draw = ImageDraw.Draw(image)
    for bit in range(16):
        if document.pk >> bit & 1:
            left, top = 16 * (bit % 4), 16 * (bit // 4)
            draw.rectangle((left, top, left + 15, top + 15), fill=0)
    image.save(path, "PNG")


@pytest.fixture
def project() -> Project:
    held = builders.project()
    for _ in range(DOCUMENTS):
        picture(builders.document(held))
    return held


def freeze(provider: Provider) -> None:
    """Holds the provider back until it keeps requests waiting and all that it answered is stored."""
    provider.latency = 60
    before = len(provider.requests)
    time.sleep(5 * LATENCY)
    wait(lambda: len(provider.requests) - before >= AT_ONCE // 2)
    wait(lambda: stored() == (provider.outcomes.count("answered"), provider.outcomes.count(Fault.REFUSE)))


def stored() -> tuple[int, int]:
    """Usable answers and refusals."""
    return Response.objects.filter(USABLE).count(), Response.objects.exclude(refusal="").count()


def test_every_document_is_paid_for_once(
    project: Project, start_worker: StartWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    faults = dict.fromkeys(FAULTS, 0.05)
    with Provider(faults, latency=LATENCY, retry_after=0.2, hang=TIMEOUT + 0.5, seed=3) as provider:
        monkeypatch.setenv("KD_TEACHER_BASE_URL", f"{provider.url}/v1")
        monkeypatch.setenv("KD_TEACHER_TIMEOUT", str(TIMEOUT))
        monkeypatch.setenv("KD_TEACHER_CONCURRENCY", str(AT_ONCE))
        run = label_runs.start(project, teacher="openai:reader")
        assert run.job
        doomed = start_worker("default")
        wait(lambda: Response.objects.count() >= DOCUMENTS // 3)
        freeze(provider)
        doomed.kill()
        provider.latency = LATENCY
        killed_at = Response.objects.count()
        assert killed_at < DOCUMENTS
        start_worker("default")
        wait(lambda: not Job.objects.filter(state__in=Job.ACTIVE).exists())

    run.refresh_from_db()
    run.job.refresh_from_db()
    assert (run.job.state, run.job.error, run.stop_reason) == (Job.State.DONE, "", "")
    assert run.job.attempts == 2
    assert run.documents + run.refusals + run.malformed + run.failures == DOCUMENTS
    assert run.documents > 0.8 * DOCUMENTS

    assert provider.complaints == []
    happened = Counter(provider.outcomes)
    assert all(happened[fault] for fault in FAULTS), happened
    # Each answer that was given is there, and nobody asked for it again.
    assert set(provider.answered.values()) <= {0, 1}
    assert happened["answered"] == run.documents
    assert happened[Fault.REFUSE] == run.refusals
    assert Response.objects.count() == run.documents + run.refusals + run.malformed
    tokens = sum(Response.objects.values_list("input_tokens", flat=True))
    assert run.input_tokens >= tokens > 0

    labelled = Label.objects.values("document").distinct().count()
    assert labelled == run.documents
    assert Label.objects.count() == run.labels == run.documents * len(project.schema.fields)
