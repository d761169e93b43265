"""Decoding in a separate process, so that a hostile file can take down nothing else.

There is one decoding process for each process of the product, started at its first use and kept. It handles one call at
a time, a page or a piece of a file, so that threads take turns and a long document delays nobody. Where it dies,
exceeds its limits or has responded `LIFETIME` times, the next call starts another: a request holds all that it needs.
"""

import atexit
import contextlib
import itertools
import logging
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import extraction
from extraction.domain.errors import gettext_noop
from extraction.engines.ingest.decoding import frames
from extraction.engines.ingest.decoding.frames import BadFrame, Header
from extraction.engines.ingest.decoding.messages import Call, Failure, Request
from extraction.engines.ingest.limits import Refused

TOO_MUCH_MEMORY = gettext_noop("The file takes too much memory to decode.")
TOO_LONG = gettext_noop("The file takes too long to decode.")
DAMAGED = gettext_noop("The file is damaged in a way that no decoder copes with.")

# Decoders leak a little memory: after so many responses the process is replaced.
LIFETIME = 500
# Seconds of wall clock to wait for each second of processor time, which a busy machine gives slowly.
WALL_CLOCK_FACTOR = 5
START_SECONDS = 60
_PIPE_BYTES = 2**20

R = TypeVar("R")
logger = logging.getLogger(__name__)
_numbers = itertools.count()


def new_token() -> str:
    """A name for a document about which several requests are made."""
    return f"{os.getpid()}-{next(_numbers)}"


@dataclass(frozen=True, slots=True)
class _Reply:
    """A response as it came; `header` is not checked yet unless it is a `failure`."""

    header: Header
    payload: bytearray
    failure: Failure | None


class Sandbox:
    """The decoding process of this process, started when needed. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: _DecoderProcess | None = None
        self._done: deque[str] = deque()

    def call(
        self, request: Request, parse: Callable[[Header], R], *, seconds: float, memory: int
    ) -> tuple[R, bytearray]:
        """The response, as `parse` makes it of the header, and its payload. Raises `Refused`.

        The response may take `seconds` of processor time and `memory` bytes.
        """
        with self._lock:
            reply = self._exchange(request, seconds, memory)
        if reply.failure is not None:
            if reply.failure.traceback:
                logger.error("A decoder met an error of its own:\n%s", reply.failure.traceback)
            raise Refused(reply.failure.reason)
        try:
            return parse(reply.header), reply.payload
        except (KeyError, TypeError, ValueError) as error:
            raise Refused(DAMAGED) from error

    def done(self, token: str) -> None:
        """Let the process close that document.

        Sent with the next call: garbage collection may come here while its own thread waits for a response.
        """
        self._done.append(token)

    def close(self) -> None:
        """End the process, if there is one."""
        with self._lock:
            self._end_process()

    def forget(self) -> None:
        """After a fork: the process belongs to the parent, whose end it must still notice."""
        self._lock = threading.Lock()
        if self._process is not None:
            self._process.detach()
        self._process = None

    @property
    def pid(self) -> int | None:
        """The decoding process, for measurements."""
        return self._process.process.pid if self._process else None

    def _exchange(self, request: Request, seconds: float, memory: int, killed_before: bool = False) -> _Reply:
        started = time.monotonic()
        process = self._ready()
        fresh, killed = process.responses == 0, False
        try:
            reply = process.call(Call(request, seconds, memory, self._take_done()), WALL_CLOCK_FACTOR * seconds)
        except (EOFError, BadFrame, TimeoutError, BrokenPipeError) as error:
            reason = TOO_LONG if isinstance(error, TimeoutError) else process.exit_reason()
            killed = process.process.returncode == -signal.SIGKILL
        except BaseException:
            # Ctrl-C, say: the response is still to come, and must not be taken for that of the next call.
            self._end_process()
            raise
        else:
            if reply.failure is None or not reply.failure.out_of_memory:
                return reply
            reason = TOO_MUCH_MEMORY
        self._end_process()
        # Earlier files may have left the process crippled, and somebody else may have killed it, such as the kernel for
        # the memory of another program: this file gets a fresh process for the time that is left.
        left = seconds - (time.monotonic() - started)
        if reason == TOO_LONG or left < seconds / 2 or (killed_before if killed else fresh):
            raise Refused(reason)
        return self._exchange(request, left, memory, killed)

    def _take_done(self) -> tuple[str, ...]:
        return tuple(self._done.popleft() for _ in range(len(self._done)))

    def _ready(self) -> "_DecoderProcess":
        if self._process is not None and (self._process.responses >= LIFETIME or not self._process.alive):
            self._end_process()
        if self._process is None:
            try:
                self._process = _DecoderProcess()
            except RuntimeError:
                # Killed as it started, for want of memory perhaps: once more, before that is told of the file.
                self._process = _DecoderProcess()
        return self._process

    def _end_process(self) -> None:
        if self._process is not None:
            self._process.kill()
        self._process = None


class _DecoderProcess:
    """A running `decoder` and the pipes to it. Raises `RuntimeError` where it does not start."""

    def __init__(self) -> None:
        self.responses = 0
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "extraction.engines.ingest.decoding.decoder"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            cwd="/",
            env=_environment(),
            # A group of its own, for `kill`; in a session of its own it would not have the priority of this process's.
            process_group=0,
        )
        assert self.process.stdin is not None and self.process.stdout is not None  # noqa: S101, PT018
        self._input, self._output = self.process.stdin, self.process.stdout
        _widen(self._output.fileno())
        try:
            self._receive(START_SECONDS)
        except (EOFError, BadFrame, TimeoutError):
            self.kill()
            raise RuntimeError("The process that decodes files does not start.") from None

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    def call(self, call: Call, timeout: float) -> _Reply:
        """Raises `EOFError` or `BrokenPipeError` where the process dies, `BadFrame`, and `TimeoutError`."""
        self._input.write(frames.start(call.to_json()))
        reply = self._receive(timeout)
        self.responses += 1
        return reply

    def kill(self) -> None:
        # The process leads a group: whatever it started is killed too.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self._input.close()
        self._output.close()

    def detach(self) -> None:
        """Close the pipes after a fork: the process is a child of the parent, so there is nothing to wait for."""
        self._input.close()
        self._output.close()
        self.process.returncode = 0

    def exit_reason(self) -> str:
        """Why the process ended, as a sentence about the file."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=5)
        code = -(self.process.returncode or 0)
        if code == signal.SIGPROF:
            return TOO_LONG
        # Decoders that get no memory abort; the kernel kills where the machine has none left.
        return TOO_MUCH_MEMORY if code in (signal.SIGABRT, signal.SIGILL, signal.SIGTRAP, signal.SIGKILL) else DAMAGED

    def _receive(self, timeout: float) -> _Reply:
        end = time.monotonic() + timeout
        header_size, payload_size = frames.lengths(self._read(frames.LENGTHS.size, end))
        header = frames.parse(self._read(header_size, end))
        payload = self._read(payload_size, end)
        try:
            return _Reply(header, payload, Failure.from_json(header))
        except (KeyError, TypeError) as error:
            raise BadFrame("The frame holds a malformed failure.") from error

    def _read(self, size: int, end: float) -> bytearray:
        """Exactly `size` bytes. Raises `EOFError`, and `TimeoutError` at the time `end`."""
        data = bytearray(size)
        rest = memoryview(data)
        poll = select.poll()
        poll.register(self._output, select.POLLIN)
        while rest:
            left = end - time.monotonic()
            if left <= 0 or not poll.poll(1000 * left):
                raise TimeoutError
            count = os.readv(self._output.fileno(), [rest])
            if count == 0:
                raise EOFError
            rest = rest[count:]
        return data


def _environment() -> dict[str, str]:
    """No settings and secrets of this process; one thread for libraries that would start one a core."""
    kept = {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}
    package = Path(extraction.__path__[0]).resolve().parent
    return {**kept, "PYTHONPATH": str(package), "OPENBLAS_NUM_THREADS": "1", "LC_ALL": "C.UTF-8"}


def _widen(pipe: int) -> None:
    """Enlarge a pipe from 64 KB: a page is megabytes, and so takes fewer turns between the two processes."""
    import fcntl

    with contextlib.suppress(OSError):
        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)


sandbox = Sandbox()
atexit.register(sandbox.close)
os.register_at_fork(after_in_child=sandbox.forget)
