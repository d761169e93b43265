"""Real workers in processes of their own, for tests of what only they can show."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO, Protocol

import pytest
from django.core.management import call_command
from django.db import connection
from pytest_django.fixtures import Settings

from extraction.models import Job
from kdweb import servers
from kdweb.environment import BASE_DIR
from kdweb.management.commands.run import scheduler, worker
from kdweb.processes.supervisor import Child
from tests.support.servers.backends import Backend
from tests.support.servers.machines import Machine


class StartWorker(Protocol):
    """Starts the worker of a queue and, unless it is to do without, a scheduler; on another machine where one is
    given."""

    def __call__(self, queue: str, *, scheduled: bool = True, on: Machine | None = None) -> Child: ...


# `serve(*arguments)` starts `manage.py run`; the process and the port of its web.
Serve = Callable[..., tuple[subprocess.Popen[str], int]]


@pytest.fixture
def process_environment(data_dir: Path, backend: Backend, settings: Settings, transactional_db: None) -> dict[str, str]:
    """What makes a process of kdweb use this test's database, folder, broker and cache."""
    settings.CACHES = backend.caches or {"default": servers.cache()}
    call_command("createcachetable", verbosity=0)
    return {
        **os.environ,
        **backend.environment,
        "DJANGO_SETTINGS_MODULE": "tests.support.servers.settings_worker",
        "KD_DATA_DIR": str(data_dir),
        "KD_THREADS": "1",
        "KD_WEB_PROCESSES": "1",
        # Tokens and sessions that the test makes must be good there.
        "SECRET_KEY": settings.SECRET_KEY,
        "TEST_DATABASE": str(connection.settings_dict["NAME"]),
    }


@pytest.fixture
def start_worker(process_environment: dict[str, str]) -> Iterator[StartWorker]:
    """Starts a worker as `manage.py run` does, with a scheduler that sends what lies about."""
    started: list[Child] = []

    def start(queue: str, *, scheduled: bool = True, on: Machine | None = None) -> Child:
        prefix, servers = (on.prefix, on.environment) if on else ((), {})
        for program in (*([scheduler()] if scheduled else []), worker(queue)):
            environment = {**program.environment, **process_environment, **servers}
            child = Child(replace(program, arguments=[*prefix, *program.arguments], environment=environment))
            child.start()
            started.append(child)
        return child

    yield start
    for child in started:
        child.kill()


@pytest.fixture
def serve(process_environment: dict[str, str]) -> Iterator[Serve]:
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str, log: IO[str] | None = None, **environment: str) -> tuple[subprocess.Popen[str], int]:
        command = [sys.executable, str(BASE_DIR / "manage.py"), "run", "--port=0", *arguments]
        process = subprocess.Popen(
            command,
            env={**process_environment, **environment},
            cwd=BASE_DIR,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        started.append(process)
        assert process.stdout
        url = process.stdout.readline().strip()
        assert url.startswith("http://127.0.0.1:")
        return process, int(url.rsplit(":", 1)[1])

    yield start
    for process in started:
        process.kill()
        process.communicate()


def wait(condition: Callable[[], object], seconds: float = 180) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, list(Job.objects.values_list("kind", "state", "done", "error"))
        time.sleep(0.02)
