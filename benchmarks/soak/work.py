"""The soak itself, in an installation that the environment names; `benchmarks.soak` prepares that."""

from __future__ import annotations

import random
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from queue import SimpleQueue

from benchmarks.soak import counts, faults
from benchmarks.soak.clock import JumpingClock
from benchmarks.soak.filling import OWNER, PASSWORD, fill
from benchmarks.soak.load import Caller, Program, Reviewer, Trainer
from benchmarks.soak.receiver import Receiver
from benchmarks.soak.running import Running

PROGRAMS = 3
# Seconds between two faults, once the application has read something since; for that it gets so many.
BETWEEN, READ = (0.5, 3.0), 30.0
# Seconds for what is left to do after the last fault, and in which the scheduler removes what killed processes left.
DRAIN, SWEEP = 900.0, 15.0


def soak(database: str, planned: Sequence[str], seed: int, folder: Path) -> bool:
    """Let the planned faults happen, each by its name, in an order drawn by `seed`; whether nothing was lost. The data
    folder is `folder`/data."""
    receiver = Receiver()
    filled = fill(receiver.url)
    _say("the project is filled")
    drawn, stopped = random.Random(seed), threading.Event()
    clock = JumpingClock(folder) if "clock" in planned else None
    running = Running(folder, clock.variables if clock else None)
    callers = _callers(running.url, filled.token, filled.pictures, stopped)
    for caller in callers:
        caller.start()
    kinds, place = faults.kinds(database), faults.Place(running, folder / "data", clock, drawn)
    happened, times = Counter[str](), Counter[str]()
    enough = _enough()
    for number, name in enumerate(drawn.sample(planned, len(planned)), 1):
        _load(callers)
        if enough.wait(drawn.uniform(*BETWEEN)):
            break
        about = kinds[name](place).happen()
        happened[about] += 1
        times[name] += 1
        if number % 10 == 0 or name != "kill":
            _say(f"{number} of {len(planned)}: {about}")
    stopped.set()
    for caller in callers:
        caller.join()
    _say("the load has ended")
    _wait()
    running.stop()
    receiver.stop()
    found = counts.count([caller.accepted for caller in callers], receiver.messages, filled.documents)
    _tell(happened, [line for caller in callers for line in caller.accepted.unclear])
    named = "  ".join(f"{name} {times[name]}" for name in faults.NAMES if times[name])
    sys.stdout.write(f"{database}  {named}  {found}\n")
    return found.sound


def _enough() -> threading.Event:
    """Set by SIGTERM and Ctrl-C: no fault follows, and what happened until then is counted."""
    enough = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: enough.set())
    return enough


def _callers(url: str, token: str, files: Sequence[bytes], stopped: threading.Event) -> list[Caller]:
    read = SimpleQueue[int]()
    programs = [Program(url, token, [*files[at:], *files[:at]], stopped, read) for at in range(PROGRAMS)]
    return [*programs, Reviewer(url, OWNER, PASSWORD, stopped, read), Trainer(url, token, stopped)]


def _load(callers: Sequence[Caller]) -> None:
    """Wait until the application works again."""
    before, until = sum(caller.done for caller in callers), time.monotonic() + READ
    while sum(caller.done for caller in callers) == before and time.monotonic() < until:
        time.sleep(0.1)


def _wait() -> None:
    """Until no job is under way, or the time is up."""
    from extraction.models import Job

    until = time.monotonic() + DRAIN
    while Job.objects.filter(state__in=Job.ACTIVE).exists() and time.monotonic() < until:
        time.sleep(1)
    time.sleep(SWEEP)


def _say(sentence: str) -> None:
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {sentence}\n")


def _tell(happened: Counter[str], unclear: Sequence[str]) -> None:
    for about, times in happened.most_common():
        sys.stderr.write(f"{times} x {about}\n")
    for line in unclear:
        sys.stderr.write(f"unclear: {line}\n")
