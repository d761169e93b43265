"""Worker machines: network namespaces of their own, which reach the tests' servers through a cable that can be cut.

    with machine({"CELERY_BROKER_URL": "redis://127.0.0.1:6379/0"}) as other:
        subprocess.run([*other.prefix, "env"], env={**os.environ, **other.environment})
        other.cut()

All share the disk of this machine, as worker machines share a network file system.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from urllib.parse import urlsplit

_numbers = count()


def missing() -> str:
    """Why there can be no such machines here; empty where there can."""
    if os.geteuid() != 0 or not shutil.which("ip"):
        return "Network namespaces need root and the package iproute2."
    name = f"kdweb-probe-{os.getpid()}"
    if _ip("netns", "add", name, check=False):
        return "This system allows no network namespaces."
    _ip("netns", "delete", name)
    return ""


@dataclass(frozen=True)
class Machine:
    """`prefix` comes before a command that is to run there; `environment` names the servers as they are seen there."""

    prefix: tuple[str, ...]
    environment: Mapping[str, str]
    cable: str

    def cut(self) -> None:
        """Lose every packet from now on; no connection is closed."""
        _ip("link", "set", self.cable, "down")

    def join(self) -> None:
        _ip("link", "set", self.cable, "up")


@contextmanager
def machine(urls: Mapping[str, str]) -> Iterator[Machine]:
    """A machine that reaches the servers of these variables, which listen on this machine alone."""
    number = next(_numbers)
    name, cable, far = f"kdweb-{os.getpid()}-{number}", f"kd{os.getpid()}n{number}", f"kd{os.getpid()}f{number}"
    # Of the range that is set aside for measurements between networks (RFC 2544).
    network = f"198.18.{os.getpid() % 256}.{4 * number}".rsplit(".", 1)
    here, there = (f"{network[0]}.{int(network[1]) + host}" for host in (1, 2))
    with ExitStack() as undo:
        _ip("netns", "add", name)
        undo.callback(_ip, "netns", "delete", name)
        _ip("link", "add", cable, "type", "veth", "peer", "name", far, "netns", name)
        _ip("address", "add", f"{here}/30", "dev", cable)
        _ip("link", "set", cable, "up")
        for command in (
            ("address", "add", f"{there}/30", "dev", far),
            ("link", "set", far, "up"),
            ("link", "set", "lo", "up"),
        ):
            _ip("-netns", name, *command)
        environment = {}
        for variable, url in urls.items():
            parts = urlsplit(url)
            assert parts.port
            port = undo.enter_context(_relay(here, parts.port))
            environment[variable] = url.replace(f"{parts.hostname}:{parts.port}", f"{here}:{port}")
        yield Machine(("ip", "netns", "exec", name), environment, cable)


@contextmanager
def _relay(address: str, port: int) -> Iterator[int]:
    """A port of `address` that leads to the same server as this machine's own `port`."""
    with socket.create_server((address, 0)) as listener:

        def accept() -> None:
            with suppress(OSError):  # the listener is closed
                while True:
                    near, far = listener.accept()[0], socket.create_connection(("127.0.0.1", port))
                    for pair in ((near, far), (far, near)):
                        threading.Thread(target=_pump, args=pair, daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        yield int(listener.getsockname()[1])
        # Wakes the thread that waits for a caller; closing alone does not.
        listener.shutdown(socket.SHUT_RDWR)


def _pump(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    for end in (source, target):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()


def _ip(*arguments: str, check: bool = True) -> int:
    return subprocess.run(["ip", *arguments], check=check, capture_output=not check).returncode
