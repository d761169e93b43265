"""What only RabbitMQ does: it closes the channel of a worker that is long at one job, gives messages back, and is
started again while others use it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from extraction.models import Job, LabelRun, Project
from extraction.services import storage
from extraction.services.operation import readiness
from extraction.services.operation.readiness import Part
from extraction.services.teaching import label_runs
from tests.support import builders
from tests.support.providers import Provider
from tests.support.servers.backends import CONSUMER_TIMEOUT, on_rabbitmq
from tests.support.servers.daemons import RabbitMQ
from tests.support.servers.workers import StartWorker, wait

pytestmark = [on_rabbitmq, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    """A slow teacher, asked for one document after the other: work that takes long and costs this machine nothing."""
    with Provider(latency=0.2) as slow:
        monkeypatch.setenv("KD_TEACHER_BASE_URL", f"{slow.url}/v1")
        monkeypatch.setenv("KD_TEACHER_CONCURRENCY", "1")
        yield slow


def project(documents: int) -> Project:
    held = builders.project()
    for number in range(documents):
        image = storage.path(builders.document(held).pages.get().image)
        image.parent.mkdir(parents=True, exist_ok=True)
        Image.new("L", (64, 64), 20 * number).save(image, "PNG")
    return held


def job_of(run: LabelRun) -> Job:
    return Job.objects.get(pk=run.job_id)


def ended(run: LabelRun) -> bool:
    return not job_of(run).active


def broker_ready() -> bool:
    return next(check.ready for check in readiness.check_servers() if check.part is Part.BROKER)


def test_work_that_takes_longer_than_a_message_may_go_unacknowledged(
    start_worker: StartWorker, provider: Provider, data_dir: Path
) -> None:
    provider.latency = 4 * CONSUMER_TIMEOUT
    run = label_runs.start(project(1), teacher="openai:reader")
    worker = start_worker("default")
    wait(lambda: ended(run))
    job = job_of(run)
    assert job.started
    assert job.finished
    assert (job.finished - job.started).total_seconds() > 2 * CONSUMER_TIMEOUT
    # The message came again and again, and the work was done once, by a worker that is still there.
    assert (job.state, job.attempts, len(provider.requests)) == (Job.State.DONE, 1, 1)
    assert worker.process
    assert worker.process.poll() is None


def test_a_killed_worker_and_a_broker_that_is_started_again(
    start_worker: StartWorker, provider: Provider, rabbitmq: RabbitMQ
) -> None:
    held = project(4)
    run = label_runs.start(held, teacher="openai:reader")
    doomed = start_worker("default")
    wait(lambda: len(provider.requests) >= 2)
    provider.latency = 0.0
    doomed.kill()
    # Its message is given to the next worker at once, which leaves the row alone until it is known to be lost.
    start_worker("default")
    wait(lambda: ended(run))
    job = job_of(run)
    assert (job.state, job.attempts) == (Job.State.DONE, 2)
    assert max(Counter(provider.answered.values())) <= 2

    assert broker_ready()
    rabbitmq.stop()
    try:
        assert not broker_ready()
        queued = label_runs.start(held, teacher="rules")
        assert job_of(queued).state == Job.State.QUEUED
    finally:
        rabbitmq.start()
    wait(lambda: ended(queued))
    assert job_of(queued).state == Job.State.DONE
