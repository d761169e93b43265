"""Real workers in processes of their own, for tests of what only they can show."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from django.db import connection

from extraction.management.commands.run import worker
from extraction.models import Job
from kdweb.supervisor import Child

StartWorker = Callable[[str], Child]


@pytest.fixture
def start_worker(data_dir: Path) -> Iterator[StartWorker]:
    """Starts a worker as `manage.py run` does, on this test's database and folder; its beat sends what lies about."""
    environment = {
        "DJANGO_SETTINGS_MODULE": "tests.settings_worker",
        "KD_DATA_DIR": str(data_dir),
        "KD_THREADS": "1",
        "TEST_DATABASE": str(connection.settings_dict["NAME"]),
    }
    started: list[Child] = []

    def start(queue: str) -> Child:
        program = worker(queue, "--beat")
        child = Child(replace(program, environment={**program.environment, **environment}))
        child.start()
        started.append(child)
        return child

    yield start
    for child in started:
        child.kill()


def wait(condition: Callable[[], object], seconds: float = 180) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, list(Job.objects.values_list("kind", "state", "done", "error"))
        time.sleep(0.02)
