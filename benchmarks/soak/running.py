"""kdweb as it is run, with all its processes, any of which may be killed at any time."""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.speed.temporary_installation import BASE, children

# Seconds in which the application answers again after its supervisor was killed.
START = 120.0


class Running:
    """`manage.py run` on one port; started again where its supervisor is killed."""

    def __init__(self, log: Path) -> None:
        self._log, self._port = log.open("a"), 0
        self._process = self._start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def kill(self, drawn: random.Random) -> str:
        """Kill one process with SIGKILL, each as probably as another; its command's last words."""
        chosen = drawn.choice([self._process.pid, *_descendants(self._process.pid)])
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
            process = subprocess.Popen(command, cwd=BASE, stdout=subprocess.PIPE, stderr=self._log, text=True)
            for line in process.stdout or ():
                if match := re.match(r"http://[^:]+:(\d+)", line):
                    self._port = int(match[1])
                    return process
            # The port of the one before is not free yet.
            process.wait()
            time.sleep(0.5)
        raise RuntimeError("kdweb did not start.")


def _descendants(process: int) -> list[int]:
    found = []
    for child in children(process):
        found += [child, *_descendants(child)]
    return found


def _about(process: int) -> str:
    try:
        words = Path(f"/proc/{process}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").split()
    except OSError:
        return "gone"
    return " ".join(words[-4:])
