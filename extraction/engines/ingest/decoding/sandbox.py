"""Decoding in a process of its own, so that a hostile file takes down nothing but that.

One `decoder` a process, started at its first use and kept. It is asked one thing at a time, a page or a piece of a
file, so that threads take turns and a long document keeps nobody waiting. Where it dies, exceeds its limits or has
given `LIFETIME` answers, the next request starts another: a request names all it needs.
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
from pathlib import Path

import extraction
from extraction.engines.ingest.decoding import frames
from extraction.engines.ingest.decoding.frames import BadFrame, Header
from extraction.engines.ingest.files.limits import Refused

TOO_MUCH_MEMORY = "The file takes too much memory to decode."
TOO_LONG = "The file takes too long to decode."
DAMAGED = "The file is damaged in a way that no decoder copes with."

# Decoders leak a little: so many answers, and a fresh process takes over.
LIFETIME = 500
# A busy machine gives a process its seconds of processor time slowly.
PATIENCE = 5
START_SECONDS = 60
_PIPE_BYTES = 2**20

logger = logging.getLogger(__name__)
_numbers = itertools.count()


def token() -> str:
    """A name for a document that is asked about more than once."""
    return f"{os.getpid()}-{next(_numbers)}"


class Sandbox:
    """Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._decoder: _Decoder | None = None
        self._done: deque[str] = deque()

    def ask(self, request: Header, *, seconds: float, memory: int) -> tuple[Header, bytearray]:
        """The answer and its bytes. Raises `Refused`.

        `seconds` of processor time and bytes of `memory` are what the answer may take.
        """
        with self._lock:
            header, payload = self._answer({**request, "memory": memory}, seconds)
        if "because" in header:
            logger.error("A decoder met an error of its own:\n%s", header["because"])
        if "refused" in header:
            raise Refused(str(header["refused"]))
        return header, payload

    def done(self, token: str) -> None:
        """Nothing more will be asked about that document.

        Told with the next request: garbage collection may come here while its own thread is being answered.
        """
        self._done.append(token)

    def close(self) -> None:
        """End the process, if there is one."""
        with self._lock:
            self._replace()

    def forget(self) -> None:
        """After a fork: the process belongs to the parent, whose end it must still notice."""
        self._lock = threading.Lock()
        if self._decoder is not None:
            self._decoder.detach()
        self._decoder = None

    @property
    def pid(self) -> int | None:
        """The process that decodes, for whoever measures it."""
        return self._decoder.process.pid if self._decoder else None

    def _answer(self, request: Header, seconds: float) -> tuple[Header, bytearray]:
        started = time.monotonic()
        decoder = self._ready()
        fresh = decoder.answered == 0
        try:
            header, payload = decoder.ask({**request, "seconds": seconds, "done": self._told()}, PATIENCE * seconds)
        except (EOFError, BadFrame, TimeoutError, BrokenPipeError) as error:
            reason = TOO_LONG if isinstance(error, TimeoutError) else decoder.exit_reason()
        except BaseException:
            # Ctrl-C, say: the answer is still to come, and must not be taken for the next one's.
            self._replace()
            raise
        else:
            if not header.get("memory"):
                return header, payload
            reason = TOO_MUCH_MEMORY
        self._replace()
        # Files before this one may have left the process crippled: it gets a fresh one for the time that is left.
        left = seconds - (time.monotonic() - started)
        if fresh or reason == TOO_LONG or left < seconds / 2:
            raise Refused(reason)
        return self._answer(request, left)

    def _told(self) -> list[str]:
        return [self._done.popleft() for _ in range(len(self._done))]

    def _ready(self) -> "_Decoder":
        if self._decoder is not None and (self._decoder.answered >= LIFETIME or not self._decoder.alive):
            self._replace()
        if self._decoder is None:
            self._decoder = _Decoder()
        return self._decoder

    def _replace(self) -> None:
        if self._decoder is not None:
            self._decoder.kill()
        self._decoder = None


class _Decoder:
    """A running `decoder` and the pipes to it."""

    def __init__(self) -> None:
        self.answered = 0
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "extraction.engines.ingest.decoding.decoder"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            cwd="/",
            env=_environment(),
            start_new_session=True,
        )
        assert self.process.stdin is not None and self.process.stdout is not None  # noqa: S101, PT018
        self._requests, self._answers = self.process.stdin, self.process.stdout
        _widen(self._answers.fileno())
        try:
            self._receive(START_SECONDS)
        except (EOFError, BadFrame, TimeoutError):
            self.kill()
            raise RuntimeError("The process that decodes files does not start.") from None

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    def ask(self, request: Header, patience: float) -> tuple[Header, bytearray]:
        """Raises `EOFError` or `BrokenPipeError` where it dies, `BadFrame`, `TimeoutError`."""
        self._requests.write(frames.start(request, b""))
        answer = self._receive(patience)
        self.answered += 1
        return answer

    def kill(self) -> None:
        # Its session is its own: whatever it started goes with it.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self._requests.close()
        self._answers.close()

    def detach(self) -> None:
        """Close the pipes after a fork: the process is a child of the parent, so there is nothing to wait for."""
        self._requests.close()
        self._answers.close()
        self.process.returncode = 0

    def exit_reason(self) -> str:
        """Why the process ended, as a sentence about the file."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=5)
        code = -(self.process.returncode or 0)
        if code == signal.SIGPROF:
            return TOO_LONG
        # What a decoder does that is given no memory, and what the system does that has none left.
        return TOO_MUCH_MEMORY if code in (signal.SIGABRT, signal.SIGILL, signal.SIGTRAP, signal.SIGKILL) else DAMAGED

    def _receive(self, patience: float) -> tuple[Header, bytearray]:
        end = time.monotonic() + patience
        header, payload = frames.lengths(self._exactly(frames.LENGTHS.size, end))
        return frames.parsed(self._exactly(header, end)), self._exactly(payload, end)

    def _exactly(self, size: int, end: float) -> bytearray:
        data = bytearray(size)
        rest = memoryview(data)
        poll = select.poll()
        poll.register(self._answers, select.POLLIN)
        while rest:
            left = end - time.monotonic()
            if left <= 0 or not poll.poll(1000 * left):
                raise TimeoutError
            count = os.readv(self._answers.fileno(), [rest])
            if count == 0:
                raise EOFError
            rest = rest[count:]
        return data


def _environment() -> dict[str, str]:
    """None of this process's settings and secrets; one thread for whatever would start as many as there are cores."""
    kept = {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}
    package = Path(extraction.__path__[0]).resolve().parent
    return {**kept, "PYTHONPATH": str(package), "OPENBLAS_NUM_THREADS": "1", "LC_ALL": "C.UTF-8"}


def _widen(pipe: int) -> None:
    """A page is megabytes, a pipe 64 KB: fewer turns between the two processes."""
    import fcntl

    with contextlib.suppress(OSError):
        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)


sandbox = Sandbox()
atexit.register(sandbox.close)
os.register_at_fork(after_in_child=sandbox.forget)
