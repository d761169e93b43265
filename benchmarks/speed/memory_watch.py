"""A program that lets an installation extract, and prints the memory of its parts as it goes on.

python -m benchmarks.speed.memory_watch EXTRACTIONS
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import httpx

from benchmarks.soak.servers import descendants
from benchmarks.speed.temporary_installation import children

# By what a part's command line has in it.
MARKS = {"web": "gunicorn", "default": "--queues=default", "scheduler": "kdweb.processes.scheduler"}
SAMPLES = 100
# Seconds between two looks whether a worker has answered.
AGAIN = 0.1


def main(extractions: int, folder: Path) -> dict[str, object]:
    from benchmarks.soak.filling import fill
    from benchmarks.soak.receiver import Receiver
    from benchmarks.soak.running import Running

    receiver = Receiver()
    filled = fill(receiver.url)
    running = Running(folder)
    samples: dict[str, list[float]] = {part: [] for part in MARKS}
    failed = 0
    headers = {"Authorization": f"Bearer {filled.token}"}
    try:
        with httpx.Client(base_url=f"{running.url}/api/v1", headers=headers, timeout=120) as client:
            for number in range(extractions):
                failed += not _extract(client, filled.pictures[number % len(filled.pictures)], at_once=number % 2 == 0)
                if number % max(1, extractions // SAMPLES) == 0:
                    for part, megabytes in _parts(running.supervisor):
                        samples[part].append(megabytes)
    finally:
        running.stop()
        receiver.stop()
    return {"samples": samples, "failed": failed}


def _extract(client: httpx.Client, picture: bytes, *, at_once: bool) -> bool:
    """Whether the fields of a picture came, now or from a worker."""
    files = {"file": ("receipt.jpg", picture + uuid4().bytes, "image/jpeg")}
    mode = "sync" if at_once else "async"
    while (answer := client.post(f"/projects/soak/extract?mode={mode}", files=files)).status_code == 503:
        time.sleep(AGAIN)
    if answer.status_code >= 400:
        return False
    body: Any = answer.json()
    while body["state"] == "queued":
        time.sleep(AGAIN)
        body = client.get(f"/extractions/{body['id']}").json()
    return bool(body["state"] == "done")


def _parts(supervisor: int) -> Iterator[tuple[str, float]]:
    """MB of each part with all processes below it."""
    for process in children(supervisor):
        command = _command(process)
        for part, mark in MARKS.items():
            if mark in command:
                yield part, sum(map(_megabytes, (process, *descendants(process))))


def _command(process: int) -> str:
    try:
        return Path(f"/proc/{process}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


def _megabytes(process: int) -> float:
    """Proportional set size, which the kernel keeps in KiB: pages that processes share count once."""
    try:
        match = re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{process}/smaps_rollup").read_text(), re.MULTILINE)
    except OSError:
        return 0.0
    return int(match[1]) / 1024 if match else 0.0


if __name__ == "__main__":
    import django

    django.setup()
    with TemporaryDirectory(prefix="kdweb-bench-log-") as folder:
        figures = main(int(sys.argv[1]), Path(folder))
    sys.stdout.write(json.dumps(figures) + "\n")
