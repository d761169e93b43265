"""All that an installation on one machine needs: web, default worker with beat, training worker."""

import os
import socket
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection

from extraction.management.base import Error
from extraction.services import installation
from extraction.services.errors import Conflict
from kdweb.supervisor import Program, Supervisor

PYTHON = (sys.executable, "-W", "ignore:You're running the worker with superuser privileges")


class Command(BaseCommand):
    help = "Serves the application and does its background work until it is interrupted."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
        parser.add_argument("--port", type=int, default=8000, help="0 takes a free one")
        parser.add_argument("--no-web", action="store_true", help="the workers alone")

    def handle(self, *args: object, host: str, port: int, no_web: bool, **options: Any) -> None:
        try:
            installation.prepare()
        except Conflict as error:
            raise Error(str(error)) from None
        connection.close()
        programs = [worker("default", "--beat"), worker("training", "--max-tasks-per-child=1", niceness=10)]
        if not no_web:
            listener = listen(host, port)
            # Cheap where nothing changed, and each data folder has its own.
            call_command("collectstatic", interactive=False, verbosity=0)
            programs.insert(0, web(listener))
            shown = f"[{host}]" if ":" in host else host
            self.stdout.write(f"http://{shown}:{listener.getsockname()[1]}")
            self.stdout.flush()
        Supervisor(programs, self.stderr.write).run()


def listen(host: str, port: int) -> socket.socket:
    """The web's socket. It is opened here and kept, so that a restart of the web loses neither port nor visitors."""
    if not 0 <= port < 2**16:
        raise Error(f"There is no port {port}: the highest is 65535.")
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(address, family=family, backlog=128)
    except OSError as error:
        known = not isinstance(error, socket.gaierror) and error.errno
        reason = (os.strerror(known) if known else str(error.args[-1])).lower()
        message = f"Port {port} of {host} cannot be used: {reason}; choose another one with --port."
        raise Error(message) from None


def one_thread() -> dict[str, str]:
    """Web and default worker leave the other cores to each other and to the trainer (`KD_THREADS` overrules)."""
    threads = os.environ.get("KD_THREADS", "").strip() or "1"
    return {"KD_THREADS": threads, "OMP_NUM_THREADS": threads, "OPENBLAS_NUM_THREADS": threads}


def web(listener: socket.socket) -> Program:
    # One process with threads: the student is loaded once.
    options = ["--threads=8", "--graceful-timeout=5", "--log-level=warning", "--no-control-socket"]
    command = [*PYTHON, "-m", "gunicorn", "kdweb.wsgi", f"--bind=fd://{listener.fileno()}", *options]
    return Program("web server", command, one_thread(), descriptors=[listener.fileno()])


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
    return Program(f"{queue} worker", [*command, *quiet, *options], environment, niceness=niceness)
