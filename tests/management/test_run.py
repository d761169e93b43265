"""`manage.py run`: one command that starts everything, and leaves nothing behind however it ends."""

import io
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from extraction.models import Job
from extraction.samples import generate
from extraction.services import ingest
from kdweb.environment import BASE_DIR
from tests import builders


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


@pytest.fixture
def run(data_dir: Path) -> Iterator[Callable[[], tuple[subprocess.Popen[str], int]]]:
    """Starts the command on this test's database and folder; the process and its port."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings_worker",
        "KD_DATA_DIR": str(data_dir),
        "TEST_DATABASE": str(connection.settings_dict["NAME"]),
    }
    started = []

    def start() -> tuple[subprocess.Popen[str], int]:
        command = [sys.executable, str(BASE_DIR / "manage.py"), "run", "--port=0"]
        process = subprocess.Popen(command, env=environment, cwd=BASE_DIR, stdout=subprocess.PIPE, text=True)
        started.append(process)
        assert process.stdout
        url = process.stdout.readline().strip()
        assert url.startswith("http://127.0.0.1:")
        return process, int(url.rsplit(":", 1)[1])

    yield start
    for process in started:
        process.kill()
        process.communicate()


def wait(condition: Callable[[], object], seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def is_free(port: int) -> bool:
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_it_serves_works_and_stops(run: Callable[[], tuple[subprocess.Popen[str], int]]) -> None:
    pictures = [sample.image for sample in generate("receipt", 2, seed=5, languages=("en",))] * 20
    pdf = io.BytesIO()
    pictures[0].save(pdf, "PDF", save_all=True, append_images=pictures[1:])
    ingest.add_document(builders.project(), "long.pdf", io.BytesIO(pdf.getvalue()))

    process, port = run()
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
def test_nobody_holds_the_port_when_it_is_killed(run: Callable[[], tuple[subprocess.Popen[str], int]]) -> None:
    process, port = run()
    urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=120).close()
    process.kill()
    wait(lambda: is_free(port), 30)
