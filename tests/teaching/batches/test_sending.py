"""Batches whose hand-in a process did not see the end of: looked for at the provider, and sent once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from extraction.domain.progress import Silent
from extraction.engines.teacher.lmm.batches.anthropic import AnthropicBatches
from extraction.engines.teacher.lmm.batches.openai import OpenAiBatches
from extraction.models import LabelRun, TeacherBatch, TeacherBatchEntry
from extraction.services.teaching import label_runs
from extraction.services.teaching.batches import files
from tests.support.providers.bench import Bench, documents

pytestmark = pytest.mark.django_db(transaction=True)


def forget(run: LabelRun) -> TeacherBatch:
    """As a process leaves it that dies between the provider's answer and the row."""
    LabelRun.objects.filter(pk=run.pk).update(batches_sent=None)
    run.batches.update(state=TeacherBatch.State.SENDING, provider_batch="", sent=None)
    return run.batches.get()


def test_a_batch_that_arrived_is_found_again(bench: Bench) -> None:
    run = bench.begun(3)
    forget(run)
    run = bench.work(run)
    batch = run.batches.get()
    assert (batch.state, batch.provider_batch) == (TeacherBatch.State.SENT, "batch_1")
    # Anthropic's batches carry no word of ours: only their results prove whose they are.
    assert batch.assumed == ("anthropic" in bench.teacher)
    run = bench.ended(run)
    assert (run.documents, len(bench.desk.jobs)) == (3, 1)
    assert set(bench.desk.paid.values()) == {1}


def test_a_batch_that_has_ended_meanwhile_is_found_too(bench: Bench) -> None:
    run = bench.begun(3)
    forget(run)
    bench.desk.ready.set()
    run = bench.work(run)
    assert (run.documents, len(bench.desk.jobs)) == (3, 1)


def test_somebody_elses_batch_of_the_same_size_is_not_taken_for_ours(bench: Bench) -> None:
    other = bench.begun(3)
    documents(bench.project, 3)
    run = bench.start()
    TeacherBatch.objects.all().update(provider_batch="known elsewhere")
    bench.desk.refuse = 500
    run = bench.work(run)
    assert run.batches.get().state == TeacherBatch.State.SENDING
    bench.desk.refuse = 0
    run = bench.work(run)
    assumed = run.batches.get()
    assert (assumed.state, assumed.assumed) == (TeacherBatch.State.SENT, "anthropic" in bench.teacher)
    other.batches.update(provider_batch="batch_1")
    bench.desk.ready.set()
    # It was not ours: looked for again, not found, sent.
    for _ in range(4):
        run = bench.work(run)
    assert (run.documents, run.state, len(bench.desk.jobs)) == (3, LabelRun.State.DONE, 2)
    assert bench.work(other).documents == 3
    assert set(bench.desk.paid.values()) == {1}


def test_a_batch_that_did_not_arrive_is_sent_after_a_while(bench: Bench, settings: Settings) -> None:
    settings.BATCH_SETTLE_SECONDS = 3600
    bench.desk.refuse = 500
    run = bench.begun(2)
    bench.desk.refuse = 0
    run = bench.work(run)
    assert (run.batches.get().state, bench.desk.jobs) == (TeacherBatch.State.SENDING, {})
    run.batches.update(missed=timezone.now() - timedelta(hours=2))
    run = bench.work(run)
    assert run.batches.get().state == TeacherBatch.State.SENT
    assert bench.ended(run).documents == 2
    assert set(bench.desk.submitted.values()) == {1}


def test_a_batch_that_may_have_been_sent_is_fetched_after_a_cancel(bench: Bench) -> None:
    run = bench.begun(2)
    forget(run)
    run = bench.cancel(run)
    bench.desk.ready.set()
    run = bench.work(run)
    assert (run.documents, run.state) == (2, LabelRun.State.CANCELLED)


def test_a_batch_that_was_never_sent_is_over_after_a_cancel(bench: Bench) -> None:
    bench.desk.refuse = 500
    run = bench.begun(2)
    run = bench.cancel(run)
    run = bench.work(run)
    assert (run.documents, run.batches.get().state) == (0, TeacherBatch.State.ENDED)
    assert run.batches_ended is not None
    bench.desk.refuse = 0
    bench.desk.ready.set()
    assert bench.ended(bench.work(bench.start())).documents == 2


def test_what_was_half_written_is_written_anew(bench: Bench) -> None:
    documents(bench.project, 2)
    run = bench.start()
    TeacherBatch.objects.create(run=run, number=1, key="kdhalf", fields=["total"], prompt_sha256="")
    bench.desk.ready.set()
    run = bench.ended(bench.work(run))
    assert (run.documents, run.batches.count()) == (2, 1)


def test_a_limit_holds_for_a_run_that_was_killed_between_two_batches(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents(bench.project, 6)
    monkeypatch.setattr(AnthropicBatches, "limits", replace(AnthropicBatches.limits, entries=2))
    monkeypatch.setattr(OpenAiBatches, "limits", replace(OpenAiBatches.limits, entries=2))
    run = bench.start(limit=3)
    complete = files.complete

    def killed(target: Path) -> object:
        if target.name.startswith("2"):
            raise KeyboardInterrupt
        return complete(target)

    monkeypatch.setattr(files, "complete", killed)
    assert run.job is not None
    with pytest.raises(KeyboardInterrupt):
        label_runs.run(run.pk, Silent())
    monkeypatch.setattr(files, "complete", complete)
    run = bench.ended(run)
    assert (run.documents, sorted(bench.desk.submitted.values())) == (3, [1, 1, 1])


@pytest.mark.parametrize("harm", ["removed", "changed"])
def test_a_file_that_is_not_as_it_was_written_is_not_sent(bench: Bench, harm: str) -> None:
    bench.desk.refuse = 500
    run = bench.begun(2)
    bench.desk.refuse = 0
    path = files.requests(run.batches.get())
    if harm == "removed":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes() + b" ")
    run = bench.work(run)
    assert (bench.desk.jobs, run.failures, run.stop_reason) == ({}, 2, LabelRun.StopReason.INCOMPLETE)
    assert set(TeacherBatchEntry.objects.values_list("state", flat=True)) == {"failed"}


def test_a_batch_that_its_provider_forgot_is_given_up_after_the_time_that_it_is_kept(bench: Bench) -> None:
    run = bench.begun(2)
    bench.desk.jobs.clear()
    run = bench.work(run)
    assert (run.state, "does not know the batch" in run.batches.get().problem) == (LabelRun.State.AWAITING, True)
    run.batches.update(expires=timezone.now() - timedelta(days=60))
    run = bench.work(run)
    assert (run.state, run.failures) == (LabelRun.State.STOPPED, 2)
    assert run.stop_error == "The provider no longer has the answers of this batch."
