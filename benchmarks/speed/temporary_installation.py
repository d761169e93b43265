"""kdweb as it is run, in a data folder of its own: a project that a given student serves, and the web server.

`serving` is for benchmarks that call the product from outside. Run as a program this module fills the folder.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

PROJECT = MODEL = USER = "bench"
# Servers of the installation that runs the benchmark are not to be touched.
ELSEWHERE = ("DATABASE_URL", "CELERY_BROKER_URL", "CACHE_URL", "SECURE_PROXY_SSL_HEADER", "ALLOWED_HOSTS")
BASE = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class TemporaryInstallation:
    """A running server: where it listens, a token for it, and the process that keeps it running."""

    url: str
    token: str
    supervisor: int


@contextmanager
def serving(student: Path) -> Iterator[TemporaryInstallation]:
    """The web server alone, on a free port, until the block ends."""
    with TemporaryDirectory(prefix="kdweb-bench-") as folder:
        variables = environment(folder)
        filled = subprocess.run(
            [sys.executable, "-m", "benchmarks.speed.temporary_installation", str(student)],
            cwd=BASE,
            env=variables,
            stdout=subprocess.PIPE,
            check=True,
            text=True,
        )
        command = [sys.executable, str(BASE / "manage.py"), "run", "--only=web", "--port=0"]
        with subprocess.Popen(command, cwd=BASE, env=variables, stdout=subprocess.PIPE, text=True) as process:
            try:
                yield TemporaryInstallation(_address(process), filled.stdout.strip(), process.pid)
            finally:
                process.send_signal(signal.SIGTERM)


def peaks(supervisor: int) -> dict[int, tuple[str, float]]:
    """Of each process that descends from the supervisor, by its number: its part and its peak of memory, MB.

    The parts are `web` (the process that answers), `gunicorn` (its parent), and `child` for what it starts itself.
    """
    by_process = {}
    generation = [supervisor]
    for part in ("gunicorn", "web", "child", "child"):
        generation = [child for parent in generation for child in children(parent)]
        for process in generation:
            if (peak := _peak(process)) is not None:
                by_process[process] = (part, peak)
    return by_process


def environment(folder: str) -> Mapping[str, str]:
    passed_on = {
        name: value
        for name, value in os.environ.items()
        if name.removesuffix("_FILE") not in ELSEWHERE and not name.startswith("KD_API_")
    }
    return {**passed_on, "KD_DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "kdweb.settings"}


def _address(process: subprocess.Popen[str]) -> str:
    """The line on which `run` says where it listens; raises `RuntimeError` where it ends without one."""
    for line in process.stdout or ():
        if match := re.match(r"http://\S+", line):
            return match[0]
    raise RuntimeError("The server did not start.")


def children(process: int) -> list[int]:
    """The processes that one has started; none where it has ended."""
    try:
        tasks = Path(f"/proc/{process}/task").iterdir()
        return [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except OSError:
        return []


def _peak(process: int) -> float | None:
    """VmHWM, which the kernel keeps in KiB."""
    try:
        match = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{process}/status").read_text())
    except OSError:
        return None
    return int(match[1]) / 1024 if match else None


def _fill(student: Path) -> str:
    """A project served by the student; the token of its owner."""
    from django.utils import timezone

    from benchmarks.sroie import SCHEMA
    from extraction.engines.student import model_folder
    from extraction.models import ModelVersion, TrainingRun
    from extraction.services import storage
    from extraction.services.operation import installation
    from extraction.services.projects import accounts, projects, tokens

    installation.prepare()
    user, _ = accounts.create_user(USER)
    project = projects.create(PROJECT, SCHEMA, owner=user)
    folder = storage.model_folder(project, MODEL)
    folder.parent.mkdir(parents=True)
    folder.symlink_to(student.resolve())
    ModelVersion.objects.create(
        project=project,
        run=TrainingRun.objects.create(project=project, name=MODEL),
        name=MODEL,
        folder=storage.relative(folder),
        sha256=model_folder.identity(student),
        bytes=sum(path.stat().st_size for path in student.iterdir() if path.is_file()),
        stage=ModelVersion.Stage.PRODUCTION,
        promoted=timezone.now(),
    )
    return tokens.create(project, user, name="bench", scopes=["extract"])[1]


if __name__ == "__main__":
    import django

    django.setup()
    sys.stdout.write(_fill(Path(sys.argv[1])) + "\n")
