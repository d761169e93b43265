"""Loading that is stopped, or whose worker dies, goes on where it was: each label is there once, and counted once."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from django.urls import reverse

from extraction.domain.progress import Silent
from extraction.models import Document, Job, Label, LabelImport, Project
from extraction.services import storage
from extraction.services.documents.label_files import running
from extraction.services.jobs import queue
from extraction.services.labels import store
from extraction.services.labels.label_files import jsonl
from tests.documents.label_files.files import Load, worked

pytestmark = pytest.mark.django_db
State = LabelImport.State
CONTENT = "\n".join(json.dumps({"file": name, "company": "Shop", "total": "1.00"}) for name in ("a.jpg", "b.jpg"))


class Killed(BaseException):
    """What no service catches, as the end of a process."""


def test_what_was_stored_before_a_kill_is_counted_once(
    load: Load, monkeypatch: pytest.MonkeyPatch, documents: dict[str, Document]
) -> None:
    monkeypatch.setattr(jsonl, "BATCH", 1)
    stored = store.write_many
    calls = []

    def dying(*given: object, **named: object) -> object:
        calls.append(given)
        if len(calls) == 2:
            raise Killed
        return stored(*given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(store, "write_many", dying)
    with pytest.raises(Killed):
        load("labels.jsonl", CONTENT)
    monkeypatch.setattr(store, "write_many", stored)
    row = LabelImport.objects.get()
    assert (row.state, row.new, Label.objects.count()) == (State.LOADING, 2, 2)
    Job.objects.update(state=Job.State.QUEUED, worker="", heartbeat=None)
    row = worked(row)
    assert (row.state, row.new, row.known, Label.objects.count()) == (State.LOADED, 4, 0, 4)


def test_a_cancelled_import_goes_on(load: Load, owner: Client, documents: dict[str, Document]) -> None:
    Document.objects.filter(name="b.jpg").update(state=Document.State.QUEUED)
    row = load("labels.jsonl", CONTENT)
    assert row.job is not None
    queue.cancel(row.job)
    row.refresh_from_db()
    assert row.state == State.STOPPED
    page = owner.get(reverse("label_file", args=["receipts", row.pk])).content.decode()
    assert reverse("label_file_go_on", args=["receipts", row.pk]) in page
    Document.objects.update(state=Document.State.READY)
    owner.post(reverse("label_file_go_on", args=["receipts", row.pk]))
    assert worked(row).new == 4


def test_a_repeated_job_changes_nothing(load: Load) -> None:
    row = load("labels.jsonl", CONTENT)
    before = LabelImport.objects.values().get()
    running.run(row.pk, Silent())
    assert LabelImport.objects.values().get() == before
    assert Label.objects.count() == 4


def test_a_file_that_is_gone_refuses_the_import(load: Load, project: Project) -> None:
    Document.objects.filter(name="b.jpg").update(state=Document.State.QUEUED)
    row = load("labels.jsonl", CONTENT)
    storage.path(row.file).unlink()
    row = worked(row)
    assert (row.state, row.reason) == (State.REFUSED, "The file of this import is no longer in the data folder.")
