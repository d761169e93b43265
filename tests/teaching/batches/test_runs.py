"""Label runs by batches: half the price, every document once, and nothing lost that was answered."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from extraction.domain.fields import Schema
from extraction.domain.progress import Silent
from extraction.engines.teacher.lmm.batches.anthropic import AnthropicBatches
from extraction.engines.teacher.lmm.batches.openai import OpenAiBatches
from extraction.models import Job, Label, LabelRun, Response, TeacherBatch, TeacherBatchEntry
from extraction.services import storage
from extraction.services.projects import projects
from extraction.services.teaching import label_runs, messages
from tests.support.providers.batches import ANSWERED, CANCELLED, EXPIRED, FAILED, LOST
from tests.support.providers.bench import Bench, Delivery, documents

pytestmark = pytest.mark.django_db(transaction=True)

State = LabelRun.State


def job_of(run: LabelRun) -> Job:
    assert run.job is not None
    run.job.refresh_from_db()
    return run.job


def test_a_run_waits_without_a_worker_and_labels_what_was_answered(bench: Bench) -> None:
    run = bench.begun(5)
    assert (run.state, run.documents, job_of(run).is_put_off) == (State.AWAITING, 0, True)
    batch = run.batches.get()
    assert (batch.state, batch.assumed, batch.entries.count()) == (TeacherBatch.State.SENT, False, 5)
    run = bench.work(run)
    assert (run.state, job_of(run).attempts) == (State.AWAITING, 0)
    run = bench.ended(run)
    assert (run.state, run.documents, run.labels, run.failures, run.stop_reason) == (State.DONE, 5, 20, 0, "")
    assert set(bench.desk.submitted.values()) == set(bench.desk.paid.values()) == {1}
    assert Label.objects.values("document").distinct().count() == 5
    assert not storage.batch_folder(run).exists()


def test_answers_cost_half(bench: Bench) -> None:
    run = bench.ended(bench.begun(2))
    direct = bench.work(bench.start(Delivery.DIRECT, chosen=list(bench.project.documents.values_list("pk", flat=True))))
    assert direct.usd == 0  # the same question: the batch's answers serve it
    Response.objects.all().delete()
    dear = bench.work(bench.start(Delivery.DIRECT, chosen=list(bench.project.documents.values_list("pk", flat=True))))
    assert run.usd == dear.usd / 2 > 0
    whole, half = (
        label_runs.estimate(
            bench.project, bench.teacher, chosen=[bench.project.documents.first().pk], delivery=delivery
        )
        for delivery in (Delivery.DIRECT, Delivery.BATCH)
    )
    assert half.documents == whole.documents
    assert half.usd == pytest.approx(whole.usd / 2)


def test_other_runs_go_on_beside_it_and_leave_its_documents_alone(bench: Bench) -> None:
    run = bench.begun(3)
    assert label_runs.estimate(bench.project, bench.teacher).documents == 0
    assert "3 documents are in batches" in label_runs.nothing_to_label(bench.project, bench.teacher)
    rules = label_runs.label_here(bench.project, Silent(), teacher="rules")
    assert rules.documents == 3
    documents(bench.project, 1)
    second = bench.work(bench.start())
    assert second.batches.get().entries.count() == 1
    run, second = bench.ended(run), bench.ended(second)
    assert (run.documents, second.documents) == (3, 1)
    assert set(bench.desk.paid.values()) == {1}


def test_what_failed_expired_or_is_missing_is_counted_and_asked_for_by_another_run(bench: Bench) -> None:
    fates = {1: FAILED, 2: EXPIRED, 3: LOST}
    bench.desk.fate = lambda number: fates.get(number, ANSWERED)
    run = bench.ended(bench.begun(6))
    assert (run.state, run.documents, run.failures) == (State.STOPPED, 3, 3)
    assert (run.stop_reason, run.stop_documents) == (LabelRun.StopReason.INCOMPLETE, 3)
    assert messages.stopped(run).startswith("3 documents of its batches got no answer; another run asks again.")
    states = dict(TeacherBatchEntry.objects.values_list("number", "state"))
    assert [states[number] for number in (1, 2)] == ["failed", "expired"]
    assert states[3] in ("missing", "expired")  # OpenAI tells of the whole batch
    bench.desk.fate = lambda number: ANSWERED
    again = bench.ended(bench.work(bench.start()))
    assert (again.documents, again.failures) == (3, 0)
    assert set(bench.desk.paid.values()) == {1}


def test_a_batch_that_the_provider_will_not_work_on_is_no_cost(bench: Bench) -> None:
    if "openai" not in bench.teacher:
        pytest.skip("Anthropic tells it when the batch is handed in.")
    bench.desk.problem = "Enqueued token limit reached."
    run = bench.ended(bench.begun(2))
    assert (run.failures, run.usd, run.stop_error) == (2, 0, "Enqueued token limit reached.")


def test_a_rejected_batch_fails_the_run_and_frees_its_documents(bench: Bench) -> None:
    bench.desk.refuse = 401
    run = bench.begun(2)
    assert (run.state, run.stop_reason) == (State.FAILED, LabelRun.StopReason.REJECTED)
    assert "does not accept the key" in job_of(run).error
    bench.desk.refuse = 0
    assert bench.ended(bench.work(bench.start())).documents == 2
    assert set(bench.desk.submitted.values()) == {1}


def test_a_provider_that_cannot_be_asked_ends_nothing(bench: Bench) -> None:
    run = bench.begun(2)
    for status in (500, 401, 429):
        bench.desk.refuse_polls = status
        run = bench.work(run)
        assert (run.state, bool(run.batches.get().problem)) == (State.AWAITING, True)
    bench.desk.refuse_polls = 0
    assert bench.ended(run).documents == 2


def test_a_key_that_is_gone_ends_nothing(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    run = bench.begun(2)
    with monkeypatch.context() as without:
        without.delenv("ANTHROPIC_API_KEY")
        without.delenv("OPENAI_API_KEY")
        run = bench.work(run)
        assert (run.state, "_API_KEY" in job_of(run).message) == (State.AWAITING, True)
    assert bench.ended(run).documents == 2


def test_what_a_cancelled_run_was_answered_is_kept(bench: Bench) -> None:
    run = bench.begun(4)
    bench.desk.fate = lambda number: ANSWERED if number <= 2 else CANCELLED
    run = bench.cancel(run)
    assert run.state == State.CANCELLED
    run = bench.work(run)
    assert (run.documents, run.labels, run.failures, run.batches_ended is not None) == (2, 8, 2, True)
    assert any("cancel" in call for call in bench.desk.calls)
    bench.desk.fate = lambda number: ANSWERED
    bench.desk.ready.set()
    assert bench.ended(bench.work(bench.start())).documents == 2
    assert set(bench.desk.paid.values()) == {1}


def test_a_run_that_is_cancelled_before_it_is_sent_costs_nothing(bench: Bench) -> None:
    documents(bench.project, 2)
    run = bench.cancel(bench.start())
    assert (run.state, bench.desk.jobs, run.batches.count()) == (State.CANCELLED, {}, 0)


def test_large_runs_go_in_several_batches(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    for api in (AnthropicBatches, OpenAiBatches):
        monkeypatch.setattr(api, "limits", replace(api.limits, entries=3))
    run = bench.begun(7)
    assert [batch.entries.count() for batch in run.batches.all()] == [3, 3, 1]
    for api in (AnthropicBatches, OpenAiBatches):
        monkeypatch.setattr(api, "limits", replace(api.limits, entries=100, bytes=12_000))
    run = bench.ended(run)
    assert run.documents == 7
    second = bench.begun(6)
    assert second.batches.count() > 1
    assert all(batch.bytes <= 12_000 for batch in second.batches.all())
    assert bench.ended(second).documents == 6
    assert set(bench.desk.paid.values()) == {1}


def test_a_budget_is_not_passed(bench: Bench) -> None:
    each = label_runs.teachers.find(bench.teacher).estimate(bench.project.schema, 1).usd / 2
    run = bench.begun(6, budget=(each * Decimal("3.5")).quantize(Decimal("0.0001")))
    assert run.batches.get().entries.count() == 3
    run = bench.ended(run)
    assert (run.documents, run.stop_reason, run.state) == (3, LabelRun.StopReason.BUDGET, State.STOPPED)


def test_a_document_deleted_meanwhile_is_paid_for_and_forgotten(bench: Bench) -> None:
    run = bench.begun(3)
    first = bench.project.documents.first()
    assert first is not None
    first.delete()
    run = bench.ended(run)
    assert (run.documents, run.failures, run.input_tokens) == (2, 0, 3000)
    before = run.usd
    assert bench.work(run).usd == before


def test_a_field_that_was_renamed_meanwhile_gets_its_labels(bench: Bench) -> None:
    run = bench.begun(2)
    renamed = bench.project.schema.to_json()
    renamed["field"][3]["name"] = "sum"
    projects.change_schema(bench.project, Schema.from_json(renamed), renames={"total": "sum"})
    run = bench.ended(run)
    assert (run.labels, Label.objects.filter(field="sum").count()) == (8, 2)


def test_a_teacher_without_batches_says_so(bench: Bench) -> None:
    documents(bench.project, 1)
    for name in ("rules", "google:gemini-2.5-flash"):
        with pytest.raises(label_runs.Invalid, match=r"takes no batches|GOOGLE_API_KEY"):
            label_runs.start(bench.project, teacher=name, delivery=Delivery.BATCH)


def test_a_missing_picture_fails_its_own_document(bench: Bench) -> None:
    documents(bench.project, 3)
    storage.path(bench.project.documents.order_by("pk")[1].pages.get().image).unlink()
    run = bench.ended(bench.work(bench.start()))
    assert (run.documents, run.failures) == (2, 1)
    assert run.stop_error == "A page's picture is missing or damaged."
