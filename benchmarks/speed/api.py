"""Latency of the API for the fields of a receipt, and memory of the web process."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from threading import Event, Thread
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from benchmarks import sroie
from benchmarks.base import Benchmark, Cell, Setting, Table
from benchmarks.quality import student, training_cache
from benchmarks.speed import reading as throughput
from benchmarks.speed import temporary_installation
from benchmarks.speed.temporary_installation import TemporaryInstallation
from extraction.domain.progress import Progress, check
from extraction.engines.student.model_folder import RESULT
from extraction.models import ModelVersion
from extraction.services import storage
from extraction.services.serving import registry

# The last are more than the server lets in at once: some get 503.
CALLERS = (1, 4, 16)
# Every third of the 100 receipts; at least so many calls for each number of callers.
EVERY = 3
CALLS = 60
LOOK_S = 0.2


@dataclass(frozen=True, slots=True)
class Call:
    """`seconds` from the first try to the answer, waits included; `busy` tries were put off; `timing` of the server;
    `error`: the status of an answer that was neither the fields nor 503."""

    seconds: float
    busy: int
    timing: Mapping[str, float]
    error: int | None = None


def inputs(setting: Setting) -> Mapping[str, Any]:
    code = training_cache.code("extraction.api", "extraction.services", "extraction.engines.ingest")
    return {"callers": CALLERS, "calls": CALLS, "served": code, **student.inputs(setting)}


def run(setting: Setting, progress: Progress) -> Sequence[Table]:
    folder, origin = _student(setting, progress)
    receipts = [receipt.path for receipt in sroie.CORPUS.documents("dev")][::EVERY]
    rows: list[tuple[Cell, ...]] = []
    with temporary_installation.serving(folder) as server, _Watch(server.supervisor) as memory:
        call(server, receipts[0])  # the first call loads engine and student
        for number, callers in enumerate(CALLERS):
            progress.report(number, len(CALLERS), f"{callers} callers")
            check(progress)
            rows.append(_row(callers, *_calls(server, receipts, callers)))
    progress.report(len(CALLERS), len(CALLERS))
    return [_latencies(rows, origin, len(receipts)), _memory(memory.peaks)]


def _student(setting: Setting, progress: Progress) -> tuple[Path, str]:
    """The student of `bench student`, else one that this installation serves, else one trained for seconds."""
    serving = ModelVersion.objects.filter(stage=ModelVersion.Stage.PRODUCTION).select_related("project")
    if not (student.folder(setting) / RESULT).is_file():
        for model in serving:
            if registry.files(model):
                return storage.path(model.folder), f"the one that the project {model.project} serves"
    folder = throughput.any_student(setting, progress)
    return folder, throughput.origin(folder)


def _calls(server: TemporaryInstallation, receipts: Sequence[Path], callers: int) -> tuple[list[Call], float]:
    """The calls in the order of the receipts, and the seconds for all of them."""
    sent = [receipts[number % len(receipts)] for number in range(max(CALLS, len(receipts)))]
    started = time.perf_counter()
    with ThreadPoolExecutor(callers) as pool:
        calls = list(pool.map(lambda path: call(server, path), sent))
    return calls, time.perf_counter() - started


def _row(callers: int, calls: Sequence[Call], seconds: float) -> tuple[Cell, ...]:
    waits = [call.seconds for call in calls]
    read = [call.timing for call in calls if call.error is None]
    reading, model = (median([timing[part] for timing in read] or [0.0]) / 1000 for part in ("ocr", "student"))
    p95 = quantiles(waits, n=20, method="inclusive")[-1]
    busy, errors = sum(call.busy for call in calls), sum(call.error is not None for call in calls)
    half = median(waits)
    return callers, len(calls), half, p95, p95 / half, len(calls) / seconds, busy, errors, reading, model


def call(server: TemporaryInstallation, path: Path) -> Call:
    """Send a receipt until it is read or refused; after a 503 it is sent again once its `Retry-After` has passed."""
    started = time.perf_counter()
    busy = 0
    while True:
        status, wait, body = _post(server, path)
        if status == 200:
            return Call(time.perf_counter() - started, busy, json.loads(body)["timing_ms"])
        if status != 503:
            return Call(time.perf_counter() - started, busy, {}, status)
        busy += 1
        time.sleep(float(wait))


def _post(server: TemporaryInstallation, path: Path) -> tuple[int, str, bytes]:
    """Status, Retry-After and body of one try."""
    boundary = uuid4().hex
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{path.name}"\r\n\r\n'
    content = head.encode() + path.read_bytes() + f"\r\n--{boundary}--\r\n".encode()
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=120)
    headers = {"Authorization": f"Bearer {server.token}", "Content-Type": f"multipart/form-data; boundary={boundary}"}
    try:
        connection.request("POST", f"/api/v1/projects/{temporary_installation.PROJECT}/extract", content, headers)
        answer = connection.getresponse()
        return answer.status, answer.headers.get("Retry-After", "1"), answer.read()
    finally:
        connection.close()


class _Watch:
    """Looks at the memory of a server's processes, also of those that come and go."""

    def __init__(self, supervisor: int) -> None:
        self.peaks: dict[int, tuple[str, float]] = {}
        self._supervisor = supervisor
        self._done = Event()
        self._thread = Thread(target=self._look, daemon=True)

    def __enter__(self) -> _Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._done.wait(LOOK_S):
            self.peaks |= temporary_installation.peaks(self._supervisor)


def _latencies(rows: Sequence[tuple[Cell, ...]], origin: str, receipts: int) -> Table:
    return Table(
        f"POST …/extract, answered at once, over {receipts} SROIE dev receipts",
        (
            *("callers", "calls", "p50, s", "p95, s", "p95/p50", "calls a second", "503", "other errors"),
            *("OCR, s (median)", "student, s (median)"),
        ),
        tuple(rows),
        (
            "`manage.py run --only=web` with its defaults: one process that reads one file at a time, with one thread.",
            "A caller who is told 503 waits as Retry-After says and sends the file again; its wait counts.",
            f"The student is {origin}.",
        ),
    )


def _memory(peaks: Mapping[int, tuple[str, float]]) -> Table:
    parts = {
        "web": "web process",
        "child": "its largest child",
        "gunicorn": "gunicorn's parent of it",
    }
    largest = {part: max((peak for kind, peak in peaks.values() if kind == part), default=None) for part in parts}
    return Table(
        "Memory of the server at its most, over all these calls",
        ("process", "peak resident size, MB"),
        tuple((title, largest[part]) for part, title in parts.items()),
    )


BENCHMARK = Benchmark("api", "what a program waits for an answer, and the memory of the web process", inputs, run)
