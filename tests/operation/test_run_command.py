"""`manage.py run`: one command that starts everything, and leaves nothing behind however it ends."""

import io
import json
import signal
import socket
import subprocess
import urllib.request
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from extraction.models import Job
from extraction.services.documents import intake
from extraction.services.documents.jobs import READ
from extraction.services.jobs import queue
from synthdocs import generate
from tests.support import builders
from tests.support.servers.workers import Serve, wait


@pytest.mark.django_db
class TestRefusals:
    @pytest.mark.parametrize("port", [-1, 65536])
    def test_a_port_that_cannot_be(self, port: int) -> None:
        with pytest.raises(CommandError, match=f"There is no port {port}") as refusal:
            call_command("run", port=port)
        assert refusal.value.returncode == 2

    def test_a_port_that_is_taken(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as other:
            port = other.getsockname()[1]
            with pytest.raises(CommandError) as refusal:
                call_command("run", port=port)
        assert str(refusal.value) == (
            f"Port {port} of 127.0.0.1 cannot be used: address already in use; choose another one with --port."
        )
        assert refusal.value.returncode == 2

    def test_an_address_of_another_machine(self) -> None:
        with pytest.raises(CommandError, match="cannot assign requested address"):
            call_command("run", host="192.0.2.1", port=0)


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
    # The worker gave its job back: the next start goes on at once, and no attempt is counted.
    job = Job.objects.get()
    assert (job.state, job.attempts, job.sent) == (Job.State.QUEUED, 0, None)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_nobody_holds_the_port_when_it_is_killed(serve: Serve) -> None:
    process, port = serve()
    urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=120).close()
    process.kill()
    wait(lambda: is_free(port), 30)


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


def children_of(process: subprocess.Popen[str]) -> list[str]:
    """The modules that a process has started."""
    pids = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    lines = [Path(f"/proc/{pid}/cmdline").read_text().split("\0") for pid in pids]
    return [line[line.index("-m") + 1] for line in lines]
