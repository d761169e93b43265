"""kdweb as it is run, with all its processes, any of which may be killed at any time."""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from benchmarks.soak.servers import descendants
from benchmarks.speed.temporary_installation import BASE

# Seconds in which the application answers again after its supervisor was killed.
START = 120.0


class Running:
    """`manage.py run` on one port; started again where its supervisor is killed."""

    def __init__(self, folder: Path, variables: Mapping[str, str] | None = None) -> None:
        """`variables` are added to the environment; `folder` gets the log."""
        self._log, self._port = (folder / "soak.log").open("a"), 0
        self._environment = {**os.environ, **(variables or {})}
        self._process = self._start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def supervisor(self) -> int:
        return self._process.pid

    def kill(self, drawn: random.Random) -> str:
        """Kill one process with SIGKILL, each as probably as another; its command's last words."""
        chosen = drawn.choice([self._process.pid, *descendants(self._process.pid)])
        about = _about(chosen)
        try:
            os.kill(chosen, signal.SIGKILL)
        except ProcessLookupError:
            return "gone"
        if chosen == self._process.pid:
            self._process.wait()
            self._process = self._start()
            return "supervisor"
        return about

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(60)
        self._log.close()

    def _start(self) -> subprocess.Popen[str]:
        command = [sys.executable, str(BASE / "manage.py"), "run", f"--port={self._port}"]
        until = time.monotonic() + START
        while time.monotonic() < until:
            process = subprocess.Popen(
                command, cwd=BASE, env=self._environment, stdout=subprocess.PIPE, stderr=self._log, text=True
            )
            for line in process.stdout or ():
                if match := re.match(r"http://[^:]+:(\d+)", line):
                    self._port = int(match[1])
                    return process
            # The port of the one before is not free yet.
            process.wait()
            time.sleep(0.5)
        raise RuntimeError("kdweb did not start.")


def _about(process: int) -> str:
    try:
        words = Path(f"/proc/{process}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").split()
    except OSError:
        return "gone"
    return " ".join(words[-4:])
