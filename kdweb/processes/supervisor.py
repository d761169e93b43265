"""Process supervisor: starts programs, restarts those that end, stops all of them together."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from celery.platforms import set_pdeathsig

# Seconds between two checks of the children, and the longest pause before a restart.
POLL_INTERVAL = 0.2
LONGEST_PAUSE = 30.0
AUTOGROUP_ATTEMPTS = 10


@dataclass(frozen=True)
class Program:
    """A command. `descriptors`: open files that it inherits. `grace`: seconds that it may take to stop."""

    name: str
    arguments: Sequence[str]
    environment: Mapping[str, str]
    descriptors: Sequence[int] = ()
    niceness: int = 0
    grace: float = 3.0


@dataclass
class Child:
    """A program and the process that runs it now, if any. `due`: when it may start again, on the monotonic clock."""

    program: Program
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    due: float = 0.0
    crashes: int = 0

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
        # However the supervisor ends, no child stays behind and holds the port or a job.
        set_pdeathsig("SIGKILL")
        if os.getppid() != supervisor:
            os._exit(1)
        if self.program.niceness:
            lower_priority(self.program.niceness)

    def ended(self) -> int | None:
        """The exit status of a process that has just ended, once."""
        status = self.process.poll() if self.process else None
        if status is not None:
            self.kill()
            self.process = None
            uptime = time.monotonic() - self.started
            self.crashes = 1 if uptime > LONGEST_PAUSE else self.crashes + 1
            self.due = time.monotonic() + min(2.0 ** (self.crashes - 1), LONGEST_PAUSE)
        return status

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the process and all that it started: a worker's child releases its job by itself."""
        if self.process:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)

    def kill(self) -> None:
        if self.process:
            self.signal(signal.SIGKILL)
            self.process.wait()


def lower_priority(niceness: int) -> None:
    """Lower the priority of this process and of its session: where the kernel schedules sessions as groups (sched(7),
    "The autogroup feature"), a process's own niceness counts only within its group."""
    os.nice(niceness)
    for _ in range(AUTOGROUP_ATTEMPTS):
        try:
            Path("/proc/self/autogroup").write_text(str(niceness))
        except BlockingIOError:
            # The kernel takes one such change in a tenth of a second from all users without privileges.
            time.sleep(0.1)
        except OSError:
            return
        else:
            return


class Supervisor:
    """Runs until it gets SIGINT or SIGTERM. `log` is called with a sentence about each child that ends."""

    def __init__(self, programs: Sequence[Program], log: Callable[[str], object]) -> None:
        self._children = [Child(program) for program in programs]
        self._log = log
        self._stopping = False

    def run(self) -> None:
        handlers = {number: signal.signal(number, self._stop) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            while not self._stopping:
                for child in self._children:
                    self._restart_if_ended(child)
                time.sleep(POLL_INTERVAL)
        finally:
            self._stop_all()
            for number, handler in handlers.items():
                signal.signal(number, handler)

    def _stop(self, *_: object) -> None:
        self._stopping = True

    def _restart_if_ended(self, child: Child) -> None:
        status = child.ended()
        if status is not None:
            pause = child.due - time.monotonic()
            self._log(f"The {child.program.name} ended with status {status}; it starts again in {pause:.0f} s.")
        if child.process is None and time.monotonic() >= child.due:
            child.start()

    def _stop_all(self) -> None:
        for child in self._children:
            child.signal(signal.SIGTERM)
        stopping = time.monotonic()
        for child in sorted(self._children, key=lambda child: child.program.grace):
            if child.process:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    child.process.wait(max(0.0, stopping + child.program.grace - time.monotonic()))
            child.kill()
