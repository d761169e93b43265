"""Events: each is sent once its transaction is committed or within it, and none where nothing happened."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from django.db import transaction
from django.dispatch import Signal
from django.test import Client

from extraction.domain.progress import Silent
from extraction.models import Extraction, Job, ModelVersion, Project, Source
from extraction.services import events, storage
from extraction.services.documents import intake, reading
from extraction.services.jobs import execution, queue
from extraction.services.labels import store
from extraction.services.serving import extractions, registry
from tests.support import builders
from tests.support.badfiles import text_pdf
from tests.support.programs import ROOT, SLIP, model, slip

EVENTS = {name: event for name, event in vars(events).items() if isinstance(event, Signal)}
# Every job that is executed sends it.
del EVENTS["job_ended"]
URL = f"{ROOT}/projects/slips/extract"
Sent = list[tuple[str, dict[str, object]]]
Committing = Callable[[], AbstractContextManager[object]]


@pytest.fixture
def sent() -> Iterator[Sent]:
    """The events that receivers got, with their arguments."""
    received: Sent = []

    def receiver(name: str) -> Callable[..., None]:
        def receive(signal: Signal, sender: object, **arguments: object) -> None:
            received.append((name, arguments))

        return receive

    receivers = {name: receiver(name) for name in EVENTS}
    for name, event in EVENTS.items():
        event.connect(receivers[name], weak=False)
    yield received
    for name, event in EVENTS.items():
        event.disconnect(receivers[name])


@pytest.fixture
def committing(django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[object]]) -> Committing:
    """A block after which the transaction counts as committed."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def queued(caller: Client, served: ModelVersion, committing: Committing) -> Extraction:
    """An extraction that waits; its events so far are none."""
    assert caller.post(f"{URL}?mode=async", {"file": slip()}).status_code == 202
    return Extraction.objects.get()


def work(row: Extraction) -> None:
    assert row.job is not None
    execution.run(row.job.pk)


def test_labels_and_promotions_are_sent(project: Project, sent: Sent, committing: Committing) -> None:
    document, version = builders.document(project), model(project, "first")
    with committing():
        store.write(document, "total", "3.30", source=Source.TRUTH)
        registry.promote(version)
        # Within the transaction, so that what it leads to is stored with it.
        assert sent == [("model_promoted", {"model": version})]
    assert sent[1:] == [("labels_written", {"project": project, "documents": frozenset([document.pk])})]


def test_a_read_document_is_sent_after_the_language_that_it_tells(
    project: Project, sent: Sent, committing: Committing
) -> None:
    [added] = intake.add_upload(project, "slip.pdf", slip(), enqueue=False)
    assert added.document is not None
    with committing():
        reading.read(added.document.pk, Silent())
    assert sent == [("languages_changed", {"project": project}), ("document_read", {"document": added.document})]


def test_nothing_is_sent_of_what_is_rolled_back(project: Project, sent: Sent, committing: Committing) -> None:
    document = builders.document(project)
    with committing(), transaction.atomic():
        store.write(document, "total", "3.30", source=Source.TRUTH)
        transaction.set_rollback(True)
    assert sent == []


def test_an_extraction_that_was_answered_at_once_is_sent(
    caller: Client, served: ModelVersion, sent: Sent, committing: Committing
) -> None:
    with committing():
        assert caller.post(URL, {"file": slip()}).status_code == 200
        assert caller.post(URL, {"file": slip(content=b"no document")}).status_code == 422
    assert sent == [("extraction_done", {"extraction": Extraction.objects.get()})]


def test_an_extraction_that_a_worker_finished_is_sent_once(
    queued: Extraction, sent: Sent, committing: Committing
) -> None:
    with committing():
        work(queued)
        extractions.run(queued.pk, Silent())
    [(name, arguments)] = sent
    extraction = arguments["extraction"]
    assert isinstance(extraction, Extraction)
    assert (name, extraction.pk, extraction.state) == ("extraction_done", queued.pk, "done")
    assert extraction.fields


def failed(sent: Sent) -> str:
    """The sentence of the one failed extraction that was sent."""
    [(name, arguments)] = sent
    extraction = arguments["extraction"]
    assert isinstance(extraction, Extraction)
    assert (name, extraction.state) == ("extraction_done", "failed")
    return extraction.error


def test_a_file_that_cannot_be_read_is_sent_as_failed(queued: Extraction, sent: Sent, committing: Committing) -> None:
    storage.path(queued.file).write_bytes(text_pdf(SLIP)[:60])
    with committing():
        work(queued)
    assert failed(sent).endswith(".")


def test_a_cancelled_job_is_sent_as_failed(queued: Extraction, sent: Sent, committing: Committing) -> None:
    assert queued.job is not None
    with committing():
        queue.cancel(queued.job)
    assert failed(sent) == "Reading was cancelled."


def test_a_deleted_extraction_is_not_sent(queued: Extraction, sent: Sent, committing: Committing) -> None:
    with committing():
        extractions.delete(queued)
        work(queued)
    assert sent == []


def test_the_end_of_a_job_is_sent_in_its_transaction(queued: Extraction) -> None:
    assert queued.job is not None

    def receive(signal: Signal, sender: object, job: Job) -> None:
        assert (job.kind, job.state) == ("extract", Job.State.CANCELLED)
        raise RuntimeError

    events.job_ended.connect(receive)
    try:
        with pytest.raises(RuntimeError):
            queue.cancel(queued.job)
    finally:
        events.job_ended.disconnect(receive)
    queued.job.refresh_from_db()
    queued.refresh_from_db()
    assert (queued.job.state, queued.state) == (Job.State.QUEUED, Extraction.State.QUEUED)
