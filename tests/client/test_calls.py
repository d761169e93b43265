"""Calls of the typed client against the running application."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from uuid import uuid4

import pytest
from pytest_django.live_server_helper import LiveServer

import kdweb_client
from extraction.models import Extraction, IdempotentCall, Project
from extraction.services.labels import store
from kdweb_client import Client, File
from kdweb_client.schemas import Box
from tests.client.clock import Clock
from tests.serving.stand_ins import picture
from tests.support import builders

pytestmark = pytest.mark.django_db(transaction=True)

PICTURE = picture().read()


class Unseekable(io.BytesIO):
    def seekable(self) -> bool:
        return False


def test_an_extraction_is_typed_all_through(client: Client) -> None:
    extraction = client.extract(("receipt.jpg", PICTURE))
    assert (extraction.state, extraction.error, extraction.model, extraction.document.pages) == (
        "done",
        None,
        "first",
        1,
    )
    assert extraction.fields is not None
    total = extraction.fields["total"]
    assert (total.value, total.normalized, total.confidence, total.source) == ("3.30", "3.30", 0.93, "student")
    assert isinstance(total.boxes[0], Box)
    assert extraction.fields["company"].value is None
    assert client.extraction(extraction.id) == extraction
    client.delete_extraction(extraction.id)
    with pytest.raises(kdweb_client.NotFound):
        client.extraction(extraction.id)


@pytest.mark.parametrize(
    ("given", "name"),
    [
        (lambda path: path, "receipt.jpg"),
        (str, "receipt.jpg"),
        (lambda path: path.open("rb"), "receipt.jpg"),
        (lambda path: ("till.jpg", path.read_bytes()), "till.jpg"),
        (lambda path: ("till.jpg", Unseekable(path.read_bytes())), "till.jpg"),
        (lambda path: io.BytesIO(path.read_bytes()), "file"),
    ],
)
def test_files_are_given_as_one_has_them(
    client: Client, tmp_path: Path, given: Callable[[Path], File], name: str
) -> None:
    path = tmp_path / "receipt.jpg"
    path.write_bytes(PICTURE)
    client.extract(given(path), mode="async")
    assert Extraction.objects.get().name == name


def test_what_waits_for_a_worker_can_be_waited_for(client: Client, clock: Clock) -> None:
    waiting = client.extract(("receipt.jpg", PICTURE), mode="async")
    assert (waiting.state, waiting.fields) == ("queued", None)
    assert (done := client.wait(waiting)).state == "done"
    assert client.wait(done) is done
    assert len(clock.slept) == 1


def test_a_wait_ends_after_its_time(client: Client, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.client.clock.execution.run", lambda pk: None)
    with pytest.raises(TimeoutError):
        client.wait(client.extract(("receipt.jpg", PICTURE), mode="async"), seconds=20)
    assert sum(clock.slept) <= 20


def test_a_batch_gives_an_answer_or_an_error_for_each_file(client: Client, clock: Clock) -> None:
    batch = client.start_batch([("a.jpg", PICTURE), ("b.jpg", b"")], idempotency_key="november")
    again = client.start_batch([("a.jpg", PICTURE), ("b.jpg", b"")], idempotency_key="november")
    assert again == batch
    ended = client.wait(batch)
    assert (ended.state, ended.files, ended.done, ended.failed) == ("done", 2, 1, 1)
    assert isinstance(ended.finished, datetime)
    first, second = client.batch_answers(batch.id)
    assert (first.file, second.file) == ("a.jpg", "b.jpg")
    assert first.extraction.fields is not None
    assert second.extraction.error is not None
    assert [one.id for one in client.list_batches()] == [batch.id]
    assert list(client.list_extractions(batch=batch.id)) == [second.extraction, first.extraction]
    assert list(client.list_extractions(state="failed", since="2026-01-01")) == [second.extraction]


def test_lists_are_gone_through_in_parts(client: Client, project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kdweb_client.calling.PART", 2)
    rows = [builders.document(project) for _ in range(5)]
    store.write(rows[2], "total", "3.30", source="reviewer")
    assert [document.id for document in client.list_documents(sort="added")] == [row.pk for row in rows]
    [labelled] = client.list_documents(source="reviewer")
    labels = client.document_labels(labelled.id)
    assert (total := labels.fields["total"]) is not None
    assert (total.value, total.source) == ("3.30", "reviewer")
    assert b'"total": "3.30"' in b"".join(client.export_labels(format="jsonl"))


def test_documents_are_added_and_each_says_what_became_of_it(client: Client) -> None:
    uploads = client.upload_documents([("a.jpg", PICTURE), ("b.txt", b"no picture")], split="train").results
    assert [upload.created for upload in uploads] == [True, False]
    assert client.document(uploads[0].document or 0).split == "train"
    assert uploads[1].error is not None


def test_settings_are_sent_as_they_are_given(client: Client) -> None:
    guarantees = client.set_targets({"total": 0.02, "date": None})
    assert (guarantees.fields["total"].target, guarantees.fields["date"].target) == (0.02, None)


def test_refusals_are_exceptions_by_their_status(client: Client, live_server: LiveServer) -> None:
    with pytest.raises(kdweb_client.Unfit) as unfit:
        client.extract(("b.jpg", b"no picture"))
    assert unfit.value.detail.endswith(".")
    with pytest.raises(kdweb_client.Unfit) as unfit:
        client.start_training("second", minutes=-1)
    assert [fault.pointer for fault in unfit.value.faults] == ["/body/minutes"]
    with pytest.raises(kdweb_client.NotFound):
        client.extraction(uuid4())
    cancelled = client.cancel_batch(client.start_batch([("a.jpg", PICTURE)]).id)
    with pytest.raises(kdweb_client.Conflict):
        client.cancel_batch(cancelled.id)
    with Client(live_server.url, "kd_nothing", "slips") as stranger, pytest.raises(kdweb_client.Unauthorized):
        next(stranger.list_models())
    with pytest.raises(TypeError):
        client.start_batch("a.jpg")


def test_every_post_has_a_key_of_its_own(client: Client) -> None:
    for _ in range(2):
        client.extract(("receipt.jpg", PICTURE))
    assert IdempotentCall.objects.count() == 2
    assert Extraction.objects.count() == 2
