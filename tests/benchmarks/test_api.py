"""The benchmark of the API: how a caller waits, and what it sees of the server's processes."""

import json
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from benchmarks.speed import api, temporary_installation
from benchmarks.speed.temporary_installation import TemporaryInstallation


class Busy(BaseHTTPRequestHandler):
    """Puts off the first two tries."""

    seen: list[bytes] = []

    def do_POST(self) -> None:
        self.seen.append(self.rfile.read(int(self.headers["Content-Length"])))
        status = 200 if len(self.seen) > 2 else 503
        body = json.dumps({"timing_ms": {"ocr": 1.0, "student": 2.0}}).encode()
        self.send_response(status)
        self.send_header("Retry-After", "0.05")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def busy() -> Iterator[TemporaryInstallation]:
    Busy.seen = []
    server = HTTPServer(("127.0.0.1", 0), Busy)
    Thread(target=server.serve_forever, daemon=True).start()
    yield TemporaryInstallation(f"http://127.0.0.1:{server.server_port}", "kd_x", 0)
    server.shutdown()
    server.server_close()


def test_a_caller_comes_back_when_it_is_told_to_and_its_wait_counts(
    busy: TemporaryInstallation, tmp_path: Path
) -> None:
    receipt = tmp_path / "receipt.jpg"
    receipt.write_bytes(b"\xff\xd8 a picture")
    call = api.call(busy, receipt)
    assert call.busy == 2
    assert call.seconds >= 0.1
    assert call.timing["ocr"] == 1.0
    assert len(set(Busy.seen)) == 3  # a boundary of its own each
    assert all(b'filename="receipt.jpg"' in body and b"\xff\xd8 a picture" in body for body in Busy.seen)


def test_memory_is_told_of_each_process_below_the_supervisor() -> None:
    sleep = "import subprocess, sys, time; {}print(1, flush=True); time.sleep(30)"
    inner = sleep.format("")
    outer = sleep.format(f"subprocess.Popen([sys.executable, '-c', {inner!r}], stdout=subprocess.PIPE).stdout.read(1);")
    with subprocess.Popen([sys.executable, "-c", outer], stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.read(1)
        found = temporary_installation.peaks(process.pid)
        assert [part for part, _ in found.values()] == ["gunicorn"]
        assert all(peak > 1 for _, peak in found.values())
        subprocess.run(["kill", str(process.pid), *map(str, found)], check=True)
    assert temporary_installation.peaks(process.pid) == {}


def test_the_server_gets_a_data_folder_and_no_server_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://elsewhere/kdweb")
    monkeypatch.setenv("CELERY_BROKER_URL_FILE", "/run/secret")
    monkeypatch.setenv("KD_THREADS", "2")
    environment = temporary_installation.environment("/tmp/somewhere")
    assert environment["KD_DATA_DIR"] == "/tmp/somewhere"
    assert environment["KD_THREADS"] == "2"
    assert not {"DATABASE_URL", "CELERY_BROKER_URL_FILE"} & set(environment)
