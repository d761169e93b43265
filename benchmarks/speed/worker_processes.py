"""A program that starts default workers on the servers that the environment names, and prints what they needed.

python -m benchmarks.speed.worker_processes WORKERS DOCUMENTS SEED
"""

import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.speed.temporary_installation import BASE, PROJECT

# Documents by which a worker has loaded what it needs.
WARMING = 3
TICKS = os.sysconf("SC_CLK_TCK")


def main(workers: int, documents: int, seed: int) -> dict[str, float]:
    """`documents`, the `cpu` seconds and `seconds` of their reading, and the bytes of their `rows` and `files`."""
    from benchmarks.sroie import SCHEMA
    from extraction.services.operation import installation
    from extraction.services.projects import projects
    from synthdocs import generate

    installation.prepare()
    project = projects.create(PROJECT, SCHEMA)
    pictures = []
    for sample in generate("receipt", documents + WARMING * workers, seed=seed, languages=("en",)):
        held = io.BytesIO()
        sample.image.save(held, "PNG")
        pictures.append(held.getvalue())
    with ExitStack() as stack:
        stack.enter_context(_running("--only=scheduler"))
        supervisors = [stack.enter_context(_running("--only=default", "--without-scheduler")) for _ in range(workers)]
        _read(project.pk, pictures[documents:])
        # Every child has loaded what it needs; what follows is work alone.
        rows, files = _row_bytes(), _file_bytes()
        before, started = sum(map(_cpu, supervisors)), time.monotonic()
        _read(project.pk, pictures[:documents])
        return {
            "documents": documents,
            "cpu": sum(map(_cpu, supervisors)) - before,
            "seconds": time.monotonic() - started,
            "rows": _row_bytes() - rows,
            "files": _file_bytes() - files,
        }


def _read(project: int, pictures: list[bytes]) -> None:
    """Add documents and wait until they are read."""
    from extraction.models import Job, Project
    from extraction.services.documents import intake

    for picture in pictures:
        intake.add_document(Project.objects.get(pk=project), "receipt.png", io.BytesIO(picture))
    while Job.objects.filter(state__in=Job.ACTIVE).exists():
        time.sleep(0.1)


def _row_bytes() -> int:
    """Bytes of all tables with their indices in PostgreSQL."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(pg_total_relation_size(relid)) FROM pg_stat_user_tables")
        return int(cursor.fetchone()[0])


def _file_bytes() -> int:
    return sum(path.stat().st_size for path in Path(os.environ["KD_DATA_DIR"], "files").rglob("*") if path.is_file())


@contextmanager
def _running(*options: str) -> Iterator[int]:
    command = [sys.executable, str(BASE / "manage.py"), "run", *options]
    with subprocess.Popen(command, cwd=BASE, stdout=subprocess.DEVNULL) as process:
        try:
            yield process.pid
        finally:
            process.terminate()


def _cpu(process: int) -> float:
    """CPU-seconds of a process, of those that it started, and of those of them that have ended."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except OSError:
        return 0.0
    # utime, stime, cutime and cstime: fields 14 to 17 of proc(5), counted here from the third.
    return sum(map(int, fields[11:15])) / TICKS + sum(_cpu(int(child)) for child in children)


if __name__ == "__main__":
    with TemporaryDirectory(prefix="kdweb-bench-") as folder:
        os.environ["KD_DATA_DIR"] = folder
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kdweb.settings")
        import django

        django.setup()
        figures = main(*map(int, sys.argv[1:]))
    sys.stdout.write(json.dumps(figures) + "\n")
