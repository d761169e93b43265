"""Real workers in processes of their own, for tests of what only they can show."""

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from extraction.management.commands.run import worker
from extraction.models import Job
from kdweb.supervisor import Child
from tests.servers.backends import Backend

StartWorker = Callable[[str], Child]


@pytest.fixture
def process_environment(data_dir: Path, backend: Backend, settings: Settings) -> dict[str, str]:
    """What makes a process of kdweb use this test's database, folder, broker and cache."""
    if backend.caches:
        settings.CACHES = backend.caches
    return {
        **os.environ,
        **backend.environment,
        "DJANGO_SETTINGS_MODULE": "tests.settings_worker",
        "KD_DATA_DIR": str(data_dir),
        "KD_THREADS": "1",
        "TEST_DATABASE": str(connection.settings_dict["NAME"]),
    }


@pytest.fixture
def start_worker(process_environment: dict[str, str]) -> Iterator[StartWorker]:
    """Starts a worker as `manage.py run` does; its beat sends what lies about."""
    started: list[Child] = []

    def start(queue: str) -> Child:
        program = worker(queue, "--beat")
        child = Child(replace(program, environment={**program.environment, **process_environment}))
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
