"""Keeps a handful of programs running together: starts them, restarts what dies, stops all of them."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from celery.platforms import set_pdeathsig

# Seconds: how often children are looked at, the longest pause before a restart.
LOOK = 0.2
LONGEST_PAUSE = 30.0


@dataclass(frozen=True)
class Program:
    """`grace`: seconds that it may take to stop."""

    name: str
    arguments: Sequence[str]
    environment: Mapping[str, str]
    descriptors: Sequence[int] = ()
    niceness: int = 0
    grace: float = 3.0


@dataclass
class Child:
    program: Program
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    due: float = 0.0
    deaths: int = field(default=0)

    def start(self) -> None:
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            self.program.arguments,
            env={**os.environ, **self.program.environment},
            pass_fds=self.program.descriptors,
            # A session of its own: Ctrl-C reaches the supervisor alone, and what is left over can be killed as a group.
            start_new_session=True,
            preexec_fn=partial(self._before_exec, os.getpid()),
        )

    def _before_exec(self, supervisor: int) -> None:
        # However the supervisor ends, nobody stays behind and holds the port or a job.
        set_pdeathsig("SIGKILL")
        if os.getppid() != supervisor:
            os._exit(1)
        os.nice(self.program.niceness)

    def ended(self) -> int | None:
        """The exit status of a process that has just ended, once."""
        status = self.process.poll() if self.process else None
        if status is not None:
            self.kill()
            self.process = None
            lived = time.monotonic() - self.started
            self.deaths = 1 if lived > LONGEST_PAUSE else self.deaths + 1
            self.due = time.monotonic() + min(2.0 ** (self.deaths - 1), LONGEST_PAUSE)
        return status

    def signal(self, number: signal.Signals) -> None:
        """To the process and all that it started: a worker's child gives its job back, whatever its parent does."""
        if self.process:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)

    def kill(self) -> None:
        if self.process:
            self.signal(signal.SIGKILL)
            self.process.wait()


class Supervisor:
    """Runs until it gets SIGINT or SIGTERM. `tell` is called with a sentence about each child that dies."""

    def __init__(self, programs: Sequence[Program], tell: Callable[[str], object]) -> None:
        self._children = [Child(program) for program in programs]
        self._tell = tell
        self._stopping = False

    def run(self) -> None:
        handlers = {number: signal.signal(number, self._stop) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            while not self._stopping:
                for child in self._children:
                    self._look_after(child)
                time.sleep(LOOK)
        finally:
            self._stop_all()
            for number, handler in handlers.items():
                signal.signal(number, handler)

    def _stop(self, *_: object) -> None:
        self._stopping = True

    def _look_after(self, child: Child) -> None:
        status = child.ended()
        if status is not None:
            pause = child.due - time.monotonic()
            self._tell(f"The {child.program.name} ended with status {status}; it starts again in {pause:.0f} s.")
        if child.process is None and time.monotonic() >= child.due:
            child.start()

    def _stop_all(self) -> None:
        for child in self._children:
            child.signal(signal.SIGTERM)
        asked = time.monotonic()
        for child in sorted(self._children, key=lambda child: child.program.grace):
            if child.process:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    child.process.wait(max(0.0, asked + child.program.grace - time.monotonic()))
            child.kill()
