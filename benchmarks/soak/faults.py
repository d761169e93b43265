"""Faults: what happens to an installation under load, each for a while."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import subprocess
import time
from abc import ABC, abstractmethod
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from benchmarks.soak.clock import JumpingClock, compiler
from benchmarks.soak.running import Running
from benchmarks.soak.servers import Server

# Seconds for which something is away.
AWAY = 30.0
# Longer than SQLite waits for a lock (`kdweb.servers`).
LOCKED = 40.0
# Bytes of the data folder's file system while the disk fills up.
ROOM = 3 * 2**30
# Seconds by which the clock jumps.
JUMPS = (7200, -7200, 600, -600)


@dataclass(frozen=True, slots=True)
class Place:
    """What faults happen to: the application, its data folder and, if it may jump, its clock; `drawn` chooses."""

    running: Running
    data: Path
    clock: JumpingClock | None
    drawn: random.Random


class Fault(ABC):
    """One kind of fault. `seconds`: how long it lasts."""

    seconds = AWAY

    def __init__(self, place: Place) -> None:
        self._running, self._data, self._clock, self._drawn = place.running, place.data, place.clock, place.drawn

    def happen(self) -> str:
        """Let it happen and end; what it was."""
        about = self.begin()
        until = time.monotonic() + self.seconds
        try:
            while time.monotonic() < until:
                time.sleep(1.0)
                self.go_on()
        finally:
            self.end()
        return about

    @abstractmethod
    def begin(self) -> str: ...

    def go_on(self) -> None:  # noqa: B027
        """Called every second meanwhile."""

    def end(self) -> None:  # noqa: B027
        """Undo it."""


class Kill(Fault):
    """Any process of the application, the supervisor too, ends by SIGKILL."""

    seconds = 0.0

    def begin(self) -> str:
        return self._running.kill(self._drawn)


class DiskFull(Fault):
    """Not a byte is left in the data folder."""

    def begin(self) -> str:
        self._ballast = (self._data / "ballast").open("wb")
        self._size = 0
        self.go_on()
        return "disk full"

    def go_on(self) -> None:
        piece = shutil.disk_usage(self._data).free
        while piece >= 1:
            try:
                os.posix_fallocate(self._ballast.fileno(), self._size, piece)
            except OSError:
                piece //= 2
            else:
                self._size += piece

    def end(self) -> None:
        self._ballast.close()
        Path(self._ballast.name).unlink()


class ReadOnly(Fault):
    """The data folder takes no writes: what is opened from now on is of a mount of it that only reads."""

    def begin(self) -> str:
        mount("--bind", str(self._data), str(self._data))
        mount("-o", "remount,bind,ro", str(self._data))
        return "disk read-only"

    def end(self) -> None:
        subprocess.run(["/usr/bin/umount", "--lazy", str(self._data)], check=True)


class ServerAway(Fault):
    """The server of a variable stops, or answers nothing."""

    variable: str

    def begin(self) -> str:
        self._server = Server(os.environ[self.variable])
        how = self._drawn.choice(("stopped", "silent"))
        getattr(self._server, how)()
        return f"{self.variable} {how}"

    def end(self) -> None:
        self._server.back()


class DatabaseServerAway(ServerAway):
    variable = "DATABASE_URL"


class BrokerServerAway(ServerAway):
    variable = "CELERY_BROKER_URL"


class DatabaseLocked(Fault):
    """Somebody else holds SQLite's lock, longer than anybody waits for it."""

    seconds = LOCKED

    def begin(self) -> str:
        self._held = sqlite3.connect(self._data / "db.sqlite3", timeout=30.0, isolation_level=None)
        while True:
            with suppress(sqlite3.OperationalError):
                self._held.execute("BEGIN IMMEDIATE")
                return "database locked"

    def end(self) -> None:
        self._held.execute("ROLLBACK")
        self._held.close()


class BrokerFolderAway(Fault):
    """A file is where the messages' folder was."""

    def begin(self) -> str:
        self._folder = self._data / "broker"
        self._folder.rename(self._data / "broker-away")
        self._folder.touch()
        return "broker's folder away"

    def end(self) -> None:
        self._folder.unlink()
        (self._data / "broker-away").rename(self._folder)


class Clock(Fault):
    """The clock of all processes jumps, and jumps back; the monotonic one goes on."""

    def begin(self) -> str:
        seconds = self._drawn.choice(JUMPS)
        self._jump(seconds)
        return f"clock {seconds:+} s"

    def end(self) -> None:
        self._jump(0)

    def _jump(self, seconds: int) -> None:
        if self._clock is None:
            raise RuntimeError("The application was started with a clock that does not jump.")
        self._clock.jump(seconds)


NAMES = ("kill", "disk-full", "read-only", "database-away", "broker-away", "clock")
# Of these the data folder is a mount of its own.
MOUNTED = frozenset(("disk-full", "read-only"))


def kinds(database: str) -> dict[str, type[Fault]]:
    """Each name's fault, where `database` is `sqlite` or `postgresql`."""
    embedded = database == "sqlite"
    return {
        "kill": Kill,
        "disk-full": DiskFull,
        "read-only": ReadOnly,
        "database-away": DatabaseLocked if embedded else DatabaseServerAway,
        "broker-away": BrokerFolderAway if embedded else BrokerServerAway,
        "clock": Clock,
    }


def impossible(name: str) -> str:
    """Why a fault cannot be made on this machine; empty where it can."""
    if name in MOUNTED and os.geteuid() != 0:
        return f"{name} mounts a file system, which only root may."
    if name == "clock" and not compiler():
        return "clock needs a C compiler (Debian's package gcc)."
    return ""


def mount(*arguments: str) -> None:
    subprocess.run(["/usr/bin/mount", *arguments], check=True)
