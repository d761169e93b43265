"""Several web processes answer as one, and the processes of `manage.py run` yield to them."""

import json
import os
import sys
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from unittest.mock import Mock

import pytest
from django.core.management import call_command
from prometheus_client.parser import text_string_to_metric_families

from kdweb.management.commands import run
from kdweb.processes import shared_metrics
from kdweb.processes.supervisor import Child, Program
from tests.support.servers.workers import Serve, wait

GROUP = Path("/proc/self/autogroup")
CALLS = 24


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
        return len(list(folders()[0].glob("counter_*.db")))

    called = 0
    wait(lambda: answering() == 2)
    with ThreadPoolExecutor(CALLS) as callers:
        assert set(callers.map(lambda _: logins_counted(port), range(CALLS))) == {called}
    process.terminate()
    assert process.wait(timeout=60) == 0
    assert folders() == []


def test_counters_of_killed_installations_are_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    memory = tmp_path / "memory"
    monkeypatch.setattr(shared_metrics, "MEMORY", memory)
    gone, other = memory / f"{shared_metrics.PREFIX}{2**22 + 1}-x", memory / "something-else"
    for folder in (gone, other):
        folder.mkdir(parents=True)
        (folder / "counter_1.db").touch()
    first = Path(shared_metrics.environment()[shared_metrics.VARIABLE])
    second = Path(shared_metrics.environment()[shared_metrics.VARIABLE])
    assert sorted(memory.iterdir()) == sorted([first, second, other])


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
