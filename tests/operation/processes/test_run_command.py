"""`manage.py run`: one command that starts everything, and leaves nothing behind however it ends."""

import io
import json
import os
import signal
import socket
import subprocess
import threading
import urllib.request
from contextlib import suppress
from pathlib import Path
from unittest.mock import Mock

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command

from extraction.models import Job
from extraction.services import object_store
from extraction.services.documents import intake
from extraction.services.documents.jobs import READ
from extraction.services.jobs import queue, workers
from kdweb.management.commands import run
from synthdocs import generate
from tests.support import builders
from tests.support.servers.workers import Serve, StartWorker, wait


@pytest.mark.django_db
class TestRefusals:
    @pytest.mark.parametrize("port", [-1, 65536])
    def test_a_port_that_cannot_be(self, port: int) -> None:
        with pytest.raises(CommandError, match=f"There is no port {port}") as refusal:
            call_command("run", port=port)
        assert refusal.value.returncode == 2

    def test_a_port_that_is_taken(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(run, "RELEASE_SECONDS", 0.3)
        with socket.create_server(("127.0.0.1", 0)) as other:
            port = other.getsockname()[1]
            with pytest.raises(CommandError) as refusal:
                call_command("run", port=port)
        assert str(refusal.value) == (
            f"Port {port} of 127.0.0.1 cannot be used: address already in use; choose another one with --port."
        )
        assert refusal.value.returncode == 2

    def test_a_port_that_a_killed_process_is_about_to_release_is_waited_for(self) -> None:
        other = socket.create_server(("127.0.0.1", 0))
        timer = threading.Timer(0.5, other.close)
        timer.start()
        with run.listen("127.0.0.1", other.getsockname()[1]) as listener:
            assert listener.getsockname()[1] > 0
        timer.join()

    def test_an_address_of_another_machine(self) -> None:
        with pytest.raises(CommandError, match="cannot assign requested address"):
            call_command("run", host="192.0.2.1", port=0)


def test_no_answer_waits_for_acknowledgements() -> None:
    """Whoever connects before gunicorn has started gets a connection with the options of this listener."""
    with run.listen("127.0.0.1", 0) as listener:
        assert listener.getsockname()[1] > 0
        assert listener.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("options", "started"),
    [
        (["--only=default"], ["default worker", "scheduler"]),
        (["--only=default", "--without-scheduler"], ["default worker"]),
        (["--only=scheduler"], ["scheduler"]),
        (["--only=training"], ["training worker"]),
    ],
)
def test_the_scheduler_comes_with_the_default_worker_or_runs_alone(
    monkeypatch: pytest.MonkeyPatch, options: list[str], started: list[str]
) -> None:
    supervisor = Mock()
    monkeypatch.setattr(run, "Supervisor", supervisor)
    call_command("run", *options)
    programs, _ = supervisor.call_args.args
    assert [program.name for program in programs] == started


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("options", "started"),
    [
        (["--only=default"], ["default worker", "scheduler"]),
        (["--only=default", "--without-scheduler"], ["default worker", "housekeeper"]),
        (["--only=training"], ["training worker", "housekeeper"]),
    ],
)
def test_each_machine_looks_after_its_own_files_where_there_is_an_object_store(
    monkeypatch: pytest.MonkeyPatch, options: list[str], started: list[str]
) -> None:
    supervisor = Mock()
    monkeypatch.setattr(run, "Supervisor", supervisor)
    monkeypatch.setattr(object_store, "configured", lambda: True)
    call_command("run", *options)
    programs, _ = supervisor.call_args.args
    assert [program.name for program in programs] == started


def is_free(port: int) -> bool:
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_it_serves_works_and_stops(serve: Serve) -> None:
    pictures = [sample.image for sample in generate("receipt", 2, seed=5, languages=("en",))] * 20
    pdf = io.BytesIO()
    pictures[0].save(pdf, "PDF", save_all=True, append_images=pictures[1:])
    intake.add_document(builders.project(), "long.pdf", io.BytesIO(pdf.getvalue()))

    process, port = serve()
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=120) as page:
        assert page.status == 200
    wait(lambda: Job.objects.filter(state=Job.State.RUNNING, done__gte=1).exists())
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=60) == 0
    assert is_free(port)
    # The worker gave its job back: the next start goes on, and no attempt is counted.
    job = Job.objects.get()
    assert (job.state, job.attempts) == (Job.State.QUEUED, 0)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_normal_stop_writes_no_error(serve: Serve, tmp_path: Path) -> None:
    with (tmp_path / "log").open("w") as log:
        process, port = serve(log=log, LOG_FORMAT="json")
        wait(lambda: all(workers.alive().values()) and workers.scheduler_alive())
        urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=120).close()
        process.terminate()
        assert process.wait(timeout=60) == 0
    told = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines() if line.startswith("{")]
    assert [line for line in told if line["level"] not in ("debug", "info")] == []


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_every_process_that_is_killed_comes_again(serve: Serve) -> None:
    process, port = serve()

    def alive() -> bool:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=120) as answer:
            return all(check["ok"] for check in json.load(answer)["checks"].values())

    wait(alive)
    first = children_of(process)
    assert first == ["celery", "celery", "gunicorn", "kdweb.processes.scheduler"]
    for pid in pids_below(process.pid):
        os.kill(pid, signal.SIGKILL)
    wait(lambda: children_of(process) == first)
    # The cache still holds what the killed ones showed: only their successors can show it anew.
    cache.clear()
    wait(lambda: all(workers.alive().values()) and workers.scheduler_alive())


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_work_goes_on_after_an_idle_child_of_a_worker_is_killed(serve: Serve) -> None:
    """It takes the lock of the messages with it."""
    process, _ = serve()
    project = builders.project()

    def works() -> bool:
        job = queue.enqueue(READ, project=project, subject=12345)
        wait(lambda: not Job.objects.get(pk=job.pk).active)
        return True

    assert works()
    [worker] = (
        pid for pid in pids_below(process.pid) if "--queues=default" in Path(f"/proc/{pid}/cmdline").read_text()
    )
    [child] = pids_below(worker)
    os.kill(child, signal.SIGKILL)
    assert works()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_worker_does_the_work_of_a_scheduler_that_is_silent(start_worker: StartWorker) -> None:
    job = queue.enqueue(READ, project=builders.project(), subject=12345)
    Job.objects.filter(pk=job.pk).update(sent=None)
    start_worker("training", scheduled=False)
    wait(lambda: Job.objects.get().sent is not None)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_nobody_holds_the_port_when_it_is_killed(serve: Serve) -> None:
    process, port = serve()
    urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=120).close()
    process.kill()
    wait(lambda: is_free(port))


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_one_process_alone(serve: Serve) -> None:
    """The web without workers says so, and a worker without the web takes no port."""
    job = queue.enqueue(READ, project=builders.project(), subject=12345)
    process, port = serve("--only=web")
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=120) as answer:
        assert json.load(answer)["ready"]
    assert children_of(process) == ["gunicorn"]
    job.refresh_from_db()
    assert job.state == Job.State.QUEUED
    process.terminate()
    assert process.wait(timeout=60) == 0


def pids_below(process: int) -> list[int]:
    return [int(pid) for pid in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def children_of(process: subprocess.Popen[str]) -> list[str]:
    """The modules that a process has started, sorted; without those that end at this moment."""
    lines = list[list[str]]()
    for pid in pids_below(process.pid):
        with suppress(FileNotFoundError, ProcessLookupError):
            lines.append(Path(f"/proc/{pid}/cmdline").read_text().split("\0"))
    return sorted(line[line.index("-m") + 1] for line in lines if "-m" in line)
