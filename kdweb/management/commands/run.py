"""The processes of an installation: web, default worker with scheduler, training worker; together, or one of them."""

import errno
import logging
import os
import socket
import sys
import time
from argparse import ArgumentParser
from contextlib import ExitStack
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection

from extraction.management.base import Error
from extraction.services import object_store
from extraction.services.errors import Conflict
from extraction.services.operation import installation
from kdweb.processes import shared_metrics, welcome
from kdweb.processes.supervisor import Program, Supervisor
from kdweb.webserver import graceful_timeout

logger = logging.getLogger(__name__)

PARTS = ("web", "default", "training")
# The scheduler comes with the default worker, unless it is a process of its own.
SCHEDULER = "scheduler"
# Seconds in which a port that is taken may become free.
RELEASE_SECONDS = 5.0

PYTHON = (sys.executable, "-W", "ignore:You're running the worker with superuser privileges")


class Command(BaseCommand):
    # `manage.py check` lists issues; a server that is away for a moment must not keep this from starting.
    requires_system_checks = []
    help = "Serves the application and does its background work until it is interrupted."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
        parser.add_argument("--port", type=int, default=8000, help="0 takes a free one")
        parser.add_argument(
            "--only", choices=(*PARTS, SCHEDULER), help="one of the processes, where each has its own service"
        )
        parser.add_argument(
            "--without-scheduler",
            action="store_true",
            help="no scheduler beside the default worker, as it runs elsewhere",
        )

    def handle(
        self, *args: object, host: str, port: int, only: str | None, without_scheduler: bool, **options: Any
    ) -> None:
        try:
            # Kept as an attribute: the installation is in use for as long.
            self.occupied = ExitStack()
            self.occupied.enter_context(installation.prepared())
        except Conflict as error:
            raise Error(str(error)) from None
        connection.close()
        make = {
            "web": lambda: [web(self._listen(host, port))],
            "default": lambda: [worker("default", niceness=5), *([] if without_scheduler else [scheduler()])],
            "training": lambda: [worker("training", "--max-tasks-per-child=1", niceness=15)],
            SCHEDULER: lambda: [scheduler()],
        }
        programs = [program for part in ([only] if only else PARTS) for program in make[part]()]
        if object_store.configured() and not any(program.name == SCHEDULER for program in programs):
            programs.append(housekeeper())
        Supervisor(programs, logger.warning).run()

    def _listen(self, host: str, port: int) -> socket.socket:
        # Kept as an attribute: a socket without references is closed.
        self.listener = listen(host, port)
        # Cheap where nothing changed, and each data folder has its own.
        call_command("collectstatic", interactive=False, verbosity=0)
        shown = f"[{host}]" if ":" in host else host
        welcome.show(self.stdout, f"http://{shown}:{self.listener.getsockname()[1]}")
        self.stdout.flush()
        return self.listener


def listen(host: str, port: int) -> socket.socket:
    """The web's listening socket, opened in this process so that a restart of the web loses no connection."""
    if not 0 <= port < 2**16:
        raise Error(f"There is no port {port}: the highest is 65535.")
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return _bind(family, address)
    except OSError as error:
        number = not isinstance(error, socket.gaierror) and error.errno
        reason = (os.strerror(number) if number else str(error.args[-1])).lower()
        message = f"Port {port} of {host} cannot be used: {reason}; choose another one with --port."
        raise Error(message) from None


def _bind(family: int, address: Any) -> socket.socket:
    """A listening socket; waits a moment for the processes of a killed supervisor to release the port."""
    deadline = time.monotonic() + RELEASE_SECONDS
    while True:
        try:
            listener = socket.create_server(address, family=family, backlog=128)
        except OSError as error:
            if error.errno != errno.EADDRINUSE or time.monotonic() > deadline:
                raise
        else:
            # Those who connect before gunicorn has started would wait for acknowledgements in each answer.
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return listener
        time.sleep(0.1)


def one_thread() -> dict[str, str]:
    """Environment that limits web and default worker to one thread each (`KD_THREADS` overrides)."""
    threads = os.environ.get("KD_THREADS", "").strip() or "1"
    return {"KD_THREADS": threads, "OMP_NUM_THREADS": threads, "OPENBLAS_NUM_THREADS": threads}


def web(listener: socket.socket) -> Program:
    options = ["--config=python:kdweb.webserver", f"--bind=fd://{listener.fileno()}"]
    command = [*PYTHON, "-m", "gunicorn", *options, "kdweb.wsgi"]
    # Each thread would keep free memory of its own, 150 MB in all, although one alone reads a file at a time.
    environment = {**one_thread(), "MALLOC_ARENA_MAX": "1"}
    if settings.KD_WEB_PROCESSES > 1:
        environment |= shared_metrics.environment()
    return Program("web server", command, environment, descriptors=[listener.fileno()], grace=graceful_timeout + 2)


def worker(queue: str, *options: str, niceness: int = 0) -> Program:
    quiet = ["--without-mingle", "--without-gossip", "--without-heartbeat"]
    command = [
        *PYTHON,
        "-m",
        "celery",
        "--quiet",
        "--app=kdweb",
        "worker",
        f"--queues={queue}",
        f"--hostname={queue}@%h",
    ]
    # The trainer takes every core that is idle; threads that wait must not spin on one that OCR could use.
    environment = {"OMP_WAIT_POLICY": "PASSIVE"} if queue == "training" else one_thread()
    # Celery would load all pages and the API to check them, and pass over what is wrong.
    environment["CELERY_SKIP_CHECKS"] = "1"
    return Program(f"{queue} worker", [*command, *quiet, *options], environment, niceness=niceness)


def scheduler() -> Program:
    return Program("scheduler", [*PYTHON, "-m", "kdweb.processes.scheduler"], one_thread())


def housekeeper() -> Program:
    """What the scheduler of another machine cannot do: this one has a data folder of its own."""
    return Program("housekeeper", [*PYTHON, "-m", "kdweb.processes.scheduler", "--own-files"], one_thread())
