"""A run by batches whose worker is killed while it sends, fetches and stores: each document is paid for once."""

import threading

import pytest

from extraction.models import Job, Label, LabelRun, Response, TeacherBatch
from extraction.services.teaching import label_runs
from tests.support import builders
from tests.support.providers import KEY, Provider
from tests.support.providers.bench import TEACHERS, documents
from tests.support.servers.workers import StartWorker, wait

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

DOCUMENTS = 40


@pytest.mark.parametrize("provider_name", sorted(TEACHERS))
def test_every_document_is_paid_for_once(
    provider_name: str, start_worker: StartWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = builders.project()
    documents(project, DOCUMENTS)
    with Provider() as provider:
        desk = provider.batches
        monkeypatch.setenv("ANTHROPIC_BASE_URL", provider.url)
        monkeypatch.setenv("OPENAI_BASE_URL", f"{provider.url}/v1")
        monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        run = label_runs.start(project, teacher=TEACHERS[provider_name], delivery=LabelRun.Delivery.BATCH)

        # First: the provider has the batch, and its answer is on the way.
        desk.ready.clear()
        desk.silent_after_create = threading.Event()
        doomed = start_worker("default")
        wait(lambda: desk.jobs)
        assert TeacherBatch.objects.get().state == TeacherBatch.State.SENDING
        doomed.kill()
        desk.silent_after_create.set()

        # Second: half of the results are there.
        desk.stalled_after = DOCUMENTS // 2
        doomed = start_worker("default")
        wait(lambda: TeacherBatch.objects.get().state == TeacherBatch.State.SENT)
        wait(Job.objects.filter(not_before__isnull=False).exists)
        before = len(desk.calls)
        desk.ready.set()
        wait(lambda: any("results" in call or "content" in call for call in desk.calls[before:]))
        doomed.kill()
        assert not Response.objects.exists()
        desk.stalled_after = None
        desk.resume.set()

        # Third: some answers are stored.
        doomed = start_worker("default")
        wait(Response.objects.exists)
        doomed.kill()
        start_worker("default")
        wait(lambda: not Job.objects.filter(state__in=Job.ACTIVE).exists())

    run.refresh_from_db()
    assert run.job
    assert (run.job.state, run.job.error, run.stop_reason) == (Job.State.DONE, "", "")
    assert len(desk.jobs) == 1
    assert list(desk.submitted.values()) == list(desk.paid.values()) == [1] * DOCUMENTS
    assert run.documents == Response.objects.count() == DOCUMENTS
    assert run.input_tokens == sum(Response.objects.values_list("input_tokens", flat=True)) > 0
    assert Label.objects.count() == run.labels == DOCUMENTS * len(project.schema.fields)
