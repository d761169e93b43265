"""PostgreSQL, Redis and RabbitMQ of the tests' own: on free loopback ports, in memory as far as possible, gone with
the tests."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import redis
from amqp import Connection as AmqpConnection
from amqp.exceptions import AMQPError
from celery.platforms import set_pdeathsig

# Of a server that was told to end.
PATIENCE = 20
SECONDS = 60
RABBITMQ = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
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


@dataclass
class RabbitMQ:
    """A broker of one node that `start` and `stop` take away and bring back, with the messages that it keeps."""

    url: str
    start: Callable[[], None]
    stop: Callable[[], None]


def rabbitmq_missing() -> str:
    """Why RabbitMQ cannot be started here; empty where it can."""
    return "" if RABBITMQ.exists() and binary("epmd") else "RabbitMQ: not installed; `make test` installs it."


@contextmanager
def rabbitmq_server(consumer_timeout: float = 1800.0) -> Iterator[RabbitMQ]:
    """A started broker that closes the channel of a consumer who leaves a message unacknowledged for so many seconds.

    Its node is `kdweb@localhost`, which needs no name of this machine, and is known to an epmd of its own alone.
    """
    with _folder() as folder, _port() as port, _port() as nodes, _port() as names:
        (folder / "plugins").write_text("[].\n")
        milliseconds = round(consumer_timeout * 1000)
        looks = min(milliseconds, 60_000)
        (folder / "advanced.config").write_text(
            f"[{{rabbit, [{{consumer_timeout, {milliseconds}}}, {{channel_tick_interval, {looks}}}]}}].\n"
        )
        environment = {
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_EPMD_PORT": str(names),
            "HOME": str(folder),
            "RABBITMQ_ADVANCED_CONFIG_FILE": str(folder / "advanced.config"),
            "RABBITMQ_CONF_ENV_FILE": "/dev/null",
            "RABBITMQ_DIST_PORT": str(nodes),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
            "ERL_CRASH_DUMP": "/dev/null",
            "RABBITMQ_LOG_BASE": str(folder),
            "RABBITMQ_LOGS": "-",
            "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODENAME": "kdweb@localhost",
            "RABBITMQ_NODE_PORT": str(port),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+S 1:1 +sbwt none -kernel inet_dist_use_interface {127,0,0,1}",
            # The script then becomes the server, whose end the signals reach.
            "RUNNING_UNDER_SYSTEMD": "1",
        }

        def ask() -> None:
            with AmqpConnection(f"127.0.0.1:{port}", "guest", "guest", connect_timeout=5, read_timeout=5) as asked:
                asked.connect()

        with ExitStack() as all_of_it:
            epmd = [str(binary("epmd")), "-port", str(names), "-address", "127.0.0.1"]
            all_of_it.enter_context(
                _running(epmd, folder, lambda: socket.create_connection(("127.0.0.1", names)).close())
            )
            server = all_of_it.enter_context(ExitStack())

            def start() -> None:
                server.enter_context(_running([str(RABBITMQ)], folder, ask, environment, stop=signal.SIGTERM))

            start()
            yield RabbitMQ(f"amqp://guest:guest@127.0.0.1:{port}//", start, server.close)


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
def _running(
    command: Sequence[str],
    folder: Path,
    ask: Callable[[], object],
    environment: Mapping[str, str] | None = None,
    stop: signal.Signals = signal.SIGINT,
) -> Iterator[None]:
    """A server until the block ends; `stop` is the signal that ends it soon, whoever is connected."""
    log = folder / f"{Path(command[0]).name}.log"
    with log.open("w") as output:
        server = subprocess.Popen(
            [*_unprivileged(), *command],
            cwd=folder,
            env={**os.environ, **(environment or {})},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=lambda: set_pdeathsig("SIGKILL"),
        )
    try:
        _wait(server, ask, log)
        yield
    finally:
        server.send_signal(stop)
        try:
            server.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            # A broker that has served a whole run may never come to its end.
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def _wait(server: subprocess.Popen[bytes], ask: Callable[[], object], log: Path) -> None:
    deadline = time.monotonic() + SECONDS
    while True:
        try:
            ask()
        except (OSError, AMQPError, psycopg.OperationalError, redis.ConnectionError):
            assert server.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.05)
        else:
            return
