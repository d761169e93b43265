"""PostgreSQL and Redis of the tests' own: on free loopback ports, in memory as far as possible, gone with the tests."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg
import redis
from celery.platforms import set_pdeathsig

SECONDS = 60
# Nothing here has to survive a power cut.
QUICK = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "autovacuum=off")


def binary(name: str) -> str | None:
    """Where a program is; Debian keeps PostgreSQL's servers off the PATH."""
    installed = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    return str(installed[-1]) if installed else shutil.which(name)


def missing() -> str:
    """Why the servers cannot be started here; empty where they can."""
    lacking = [name for name in ("initdb", "postgres", "redis-server") if not binary(name)]
    return f"{', '.join(lacking)}: not installed; `make test` installs postgresql and redis-server." if lacking else ""


@contextmanager
def postgresql() -> Iterator[str]:
    """A server with the superuser `kdweb`, who needs no password; the URL of its maintenance database."""
    with _folder() as folder, _port() as port:
        options = [f"--pgdata={folder}/data", "--username=kdweb", "--auth=trust", "--encoding=UTF8", "--no-sync"]
        subprocess.run([*_unprivileged(), str(binary("initdb")), *options], check=True, capture_output=True, cwd=folder)
        settings = [part for setting in QUICK for part in ("-c", setting)]
        command = [
            str(binary("postgres")),
            "-D",
            f"{folder}/data",
            "-h",
            "127.0.0.1",
            "-p",
            str(port),
            "-k",
            "",
            *settings,
        ]
        url = f"postgresql://kdweb@127.0.0.1:{port}/postgres"
        with _running(command, folder, lambda: psycopg.connect(url, connect_timeout=2).close()):
            yield url


@contextmanager
def redis_server() -> Iterator[str]:
    """A server that writes nothing to the disk; its URL without a database number."""
    with _folder() as folder, _port() as port:
        command = [str(binary("redis-server")), "--port", str(port), "--bind", "127.0.0.1", "--save", ""]
        url = f"redis://127.0.0.1:{port}"
        with _running(command, folder, lambda: redis.Redis.from_url(url).ping()):
            yield url


@contextmanager
def _port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        number = int(probe.getsockname()[1])
    yield number


@contextmanager
def _folder() -> Iterator[Path]:
    """For the server's user alone. pytest's own folders are closed to anybody but who runs the tests."""
    folder = Path(tempfile.mkdtemp(prefix="kdweb-server-"))
    if os.geteuid() == 0:
        os.chown(folder, _nobody().pw_uid, _nobody().pw_gid)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _nobody() -> pwd.struct_passwd:
    return pwd.getpwnam("nobody")


def _unprivileged() -> Sequence[str]:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return ()
    user = _nobody()
    ids = (f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups")
    # A change of user takes the death signal away, so it is set after that.
    return ("setpriv", *ids, "--pdeathsig=KILL", "--")


@contextmanager
def _running(command: Sequence[str], folder: Path, ask: Callable[[], object]) -> Iterator[None]:
    log = folder / "log"
    with log.open("w") as output:
        server = subprocess.Popen(
            [*_unprivileged(), *command],
            cwd=folder,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=lambda: set_pdeathsig("SIGKILL"),
        )
    try:
        _wait(server, ask, log)
        yield
    finally:
        # To both: end soon, whoever is connected.
        server.send_signal(signal.SIGINT)
        server.wait(SECONDS)


def _wait(server: subprocess.Popen[bytes], ask: Callable[[], object], log: Path) -> None:
    deadline = time.monotonic() + SECONDS
    while True:
        try:
            ask()
        except (OSError, psycopg.OperationalError, redis.ConnectionError):
            assert server.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.05)
        else:
            return
