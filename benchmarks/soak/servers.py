"""Servers of this machine that are taken away for a while: found by the port that they listen on."""

from __future__ import annotations

import os
import pwd
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from celery.platforms import set_pdeathsig

from benchmarks.speed.temporary_installation import children

LISTENING = "0A"
STOP_SECONDS = 20.0


class Server:
    """The process that listens on the port of a URL. `silent` and `stopped` are undone by `back`."""

    def __init__(self, url: str) -> None:
        self._port = urlsplit(url).port or 0
        self._process = _listener(self._port)
        self._command = [part.decode() for part in Path(f"/proc/{self._process}/cmdline").read_bytes().split(b"\0")]
        place = Path(f"/proc/{self._process}")
        self._folder, self._uid = (place / "cwd").readlink(), place.stat().st_uid
        self._frozen: list[int] = []

    def silent(self) -> None:
        """Let it answer nothing, though its connections stay."""
        self._frozen = [self._process, *descendants(self._process)]
        for process in self._frozen:
            _signal(process, signal.SIGSTOP)

    def stopped(self) -> None:
        """End it in its own way; its port refuses connections. Raises `TimeoutError`."""
        _signal(self._process, signal.SIGINT)
        until = time.monotonic() + STOP_SECONDS
        while _listener(self._port):
            if time.monotonic() > until:
                raise TimeoutError(f"What listens on port {self._port} does not stop.")
            time.sleep(0.1)
        self._process = 0

    def back(self) -> None:
        for process in self._frozen:
            _signal(process, signal.SIGCONT)
        self._frozen = []
        if not self._process:
            self._start()

    def _start(self) -> None:
        """As its own user, until this process ends."""
        other: dict[str, Any] = {}
        if self._uid != os.geteuid():
            other = {"user": self._uid, "group": pwd.getpwuid(self._uid).pw_gid, "extra_groups": ()}
        started = subprocess.Popen(
            [part for part in self._command if part],
            cwd=self._folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=lambda: set_pdeathsig("SIGKILL"),
            **other,
        )
        self._process = started.pid


def descendants(process: int) -> list[int]:
    """The processes that one has started, and those that these have."""
    found = []
    for child in children(process):
        found += [child, *descendants(child)]
    return found


def _signal(process: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(process, number)


def _listener(port: int) -> int:
    """The process that listens on a port of 127.0.0.1; 0 for none."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    sockets = {f"socket:[{row[9]}]" for row in rows if row[3] == LISTENING and int(row[1].split(":")[1], 16) == port}
    if not sockets:
        return 0
    owners = [int(folder.name) for folder in Path("/proc").glob("[0-9]*") if sockets & _open(folder / "fd")]
    # Processes that a server forks may hold its socket, too.
    return min(owners, default=0)


def _open(folder: Path) -> set[str]:
    try:
        return {str(descriptor.readlink()) for descriptor in folder.iterdir()}
    except OSError:
        return set()
