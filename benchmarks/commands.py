"""Commands and pages of an installation in a data folder of its own, with the time that they take."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from benchmarks.base import Table
from benchmarks.speed.temporary_installation import BASE
from extraction.domain.json_types import JsonObject

# How often a page is opened.
OPENED = 30


def python(variables: Mapping[str, str], module: str, *arguments: str) -> str:
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.run(command, cwd=BASE, env=variables, stdout=subprocess.PIPE, check=True, text=True).stdout


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds from start to end, seconds on the processor and megabytes at most of a command, and its JSON."""

    seconds: float
    processor: float
    megabytes: float
    value: JsonObject


def measured(variables: Mapping[str, str], *arguments: str) -> Measured:
    out = Path(variables["KD_DATA_DIR"]) / "out.json"
    started = time.perf_counter()
    with out.open("wb") as stdout:
        command = [sys.executable, str(BASE / "manage.py"), *arguments]
        process = subprocess.Popen(command, cwd=BASE, env=variables, stdout=stdout)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - started
    if process.returncode:
        raise RuntimeError(f"{' '.join(arguments)} ended with {process.returncode}.")
    value: JsonObject = json.loads(out.read_bytes())
    return Measured(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, value)


def opened(user: str, paths: Mapping[str, str]) -> dict[str, dict[str, float]]:
    """Milliseconds of requests for pages, and their size; in this process, which has set Django up."""
    from django.conf import settings
    from django.test import Client, override_settings

    from extraction.models import User

    client = Client(HTTP_HOST="localhost")
    client.force_login(User.objects.get(username=user))
    # Nobody has collected the files that pages name.
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(STORAGES={**settings.STORAGES, "staticfiles": plain}):
        return {name: _requests(client, path) for name, path in paths.items()}


def opened_table(title: str, pages: Mapping[str, Mapping[str, float]]) -> Table:
    return Table(
        title,
        ("request", "median ms", "95 % ms", "kB"),
        tuple((name, round(each["median"], 1), round(each["p95"], 1), each["kb"]) for name, each in pages.items()),
        (f"{OPENED} times each, in one process, after a first one that does not count.",),
    )


def _requests(client: Any, path: str) -> dict[str, float]:
    taken, size = [], 0
    for _ in range(OPENED + 1):
        started = time.perf_counter()
        response = client.get(path)
        if response.status_code != 200:
            raise RuntimeError(f"{path} answered {response.status_code}.")
        size = len(b"".join(response.streaming_content) if response.streaming else response.content)
        taken.append(1000 * (time.perf_counter() - started))
    return {"median": median(taken[1:]), "p95": quantiles(taken[1:], n=20)[-1], "kb": round(size / 1000)}
