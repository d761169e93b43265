"""Several web processes answer as one, and the processes of `manage.py run` yield to them."""

import errno
import json
import os
import shutil
import signal
import sys
import tempfile
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from unittest.mock import Mock

import psutil
import pytest
from django.core.management import call_command
from prometheus_client import CollectorRegistry, Counter, values
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.parser import text_string_to_metric_families

from kdweb.management.commands import run
from kdweb.processes import shared_metrics
from kdweb.processes.supervisor import Child, Program
from tests.support.servers.workers import Serve, wait

GROUP = Path("/proc/self/autogroup")
CALLS = 24
# What a file of `prometheus_client` takes before anything is counted.
EMPTY = 8


def logins_counted(port: int) -> float:
    """Requests for the page to log in, as one of the processes counts them."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=120) as answer:
        text = answer.read().decode()
    return sum(
        sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == "kdweb_http_requests_total" and sample.labels["view"] == "login"
    )


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_their_requests_are_counted_together(serve: Serve) -> None:
    process, port = serve("--only=web", KD_WEB_PROCESSES="2")

    def call(_: int) -> int:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/login/", timeout=120) as answer:
            status: int = answer.status
            return status

    def folders() -> list[Path]:
        return list(shared_metrics.MEMORY.glob(f"{shared_metrics.PREFIX}{process.pid}-*"))

    def answering() -> int:
        """The number of processes that have counted something."""
        with ThreadPoolExecutor(CALLS) as callers:
            assert set(callers.map(call, range(CALLS))) == {200}
        nonlocal called
        called += CALLS
        return sum(int.from_bytes(place.read_bytes()[:4], sys.byteorder) > EMPTY for place in counters())

    def counters() -> list[Path]:
        return list(folders()[0].glob("counter_*.db"))

    def processes() -> set[int]:
        """Those that answer: the children of gunicorn's own."""
        return {each.pid for child in psutil.Process(process.pid).children() for each in child.children()}

    called = 0
    wait(lambda: answering() == 2)
    with ThreadPoolExecutor(CALLS) as callers:
        assert set(callers.map(lambda _: logins_counted(port), range(CALLS))) == {called}

    def replace(process_id: int) -> None:
        before = processes()
        os.kill(process_id, signal.SIGKILL)
        wait(lambda: len(processes() - before) == 1 and len(processes()) == 2)

    for process_id in sorted(processes()):
        replace(process_id)
    assert logins_counted(port) == called
    assert answering() == len(counters()) == 2
    assert logins_counted(port) == called
    # As systemd-logind does when the user logs out.
    shutil.rmtree(folders()[0])
    assert call(0) == 200
    # Each tells what it has counted itself, which for one that has just begun may be nothing.
    wait(lambda: logins_counted(port) > 0)
    for process_id in sorted(processes()):
        replace(process_id)
    assert call(0) == 200
    wait(lambda: logins_counted(port) > 0)
    process.terminate()
    assert process.wait(timeout=60) == 0
    assert folders() == []


def test_counters_of_killed_installations_are_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    memory = tmp_path / "memory"
    monkeypatch.setattr(shared_metrics, "MEMORY", memory)
    gone, other = memory / f"{shared_metrics.PREFIX}{2**22 + 1}-x", memory / "something-else"
    # A process of another container, or one that came later, has its number.
    reused = memory / f"{shared_metrics.PREFIX}{os.getpid()}-x"
    for folder in (gone, reused, other):
        folder.mkdir(parents=True)
        (folder / "counter_1.db").touch()
    first = Path(shared_metrics.environment()[shared_metrics.VARIABLE])
    second = Path(shared_metrics.environment()[shared_metrics.VARIABLE])
    assert sorted(memory.iterdir()) == sorted([first, second, other])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where this process would count as a web process does."""
    monkeypatch.setattr(values, "ValueClass", values.ValueClass)
    monkeypatch.setenv(shared_metrics.VARIABLE, str(tmp_path))
    return tmp_path


def count() -> float:
    """What a new counter tells after it was raised once."""
    registry = CollectorRegistry()
    Counter("calls", "Calls.", registry=registry).inc()
    return registry.get_sample_value("calls_total") or 0.0


def test_a_process_has_room_for_its_counters_before_it_counts(folder: Path) -> None:
    shared_metrics.take_files()
    assert {place.name for place in folder.glob("*.db")} == {"counter_0.db", "histogram_0.db"}
    assert all(place.stat().st_blocks * 512 >= shared_metrics.ROOM for place in folder.glob("*.db"))
    assert list(MultiProcessCollector(None, str(folder)).collect()) == []
    assert count() == 1


@pytest.mark.parametrize("trouble", ["full", "gone", "of another user"])
def test_a_process_without_files_counts_in_its_own_memory(
    folder: Path, monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    def full(*_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    match trouble:
        case "full":
            monkeypatch.setattr(os, "posix_fallocate", full)
        case "gone":
            monkeypatch.setenv(shared_metrics.VARIABLE, str(folder / "gone"))
        case _:
            monkeypatch.setenv(shared_metrics.VARIABLE, "/proc/1/fdinfo")
    shared_metrics.take_files()
    assert shared_metrics.VARIABLE not in os.environ
    assert count() == 1


def test_where_no_folder_can_be_made_each_process_counts_for_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared_metrics, "MEMORY", tmp_path / "gone")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert Path(shared_metrics.environment()[shared_metrics.VARIABLE]).parent == tmp_path
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    assert shared_metrics.environment() == {}


@pytest.mark.parametrize("niceness", [0, 7])
def test_a_program_and_its_session_get_their_priority(tmp_path: Path, niceness: int) -> None:
    told = tmp_path / "told"
    code = (
        "import json, os, pathlib, sys; group = pathlib.Path(sys.argv[2]);"
        "text = json.dumps([os.nice(0), group.read_text().split()[-1] if group.exists() else None]);"
        "pathlib.Path(sys.argv[1]).write_text(text)"
    )
    child = Child(Program("child", [sys.executable, "-c", code, str(told), str(GROUP)], {}, niceness=niceness))
    child.start()
    try:
        assert child.process
        assert child.process.wait(60) == 0
        assert json.loads(told.read_text()) == [os.nice(0) + niceness, str(niceness) if GROUP.exists() else None]
    finally:
        child.kill()


@pytest.mark.django_db
@pytest.mark.parametrize(("part", "niceness"), [("default", 5), ("training", 15)])
def test_a_worker_yields_to_the_web_and_a_training_to_both(
    monkeypatch: pytest.MonkeyPatch, part: str, niceness: int
) -> None:
    supervisor = Mock()
    monkeypatch.setattr(run, "Supervisor", supervisor)
    call_command("run", f"--only={part}")
    programs = {program.name: program.niceness for program in supervisor.call_args.args[0]}
    assert programs[f"{part} worker"] == niceness
    with run.listen("127.0.0.1", 0) as listener:
        assert run.web(listener).niceness == 0
