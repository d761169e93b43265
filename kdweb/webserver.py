"""Configuration of gunicorn (`gunicorn --config=python:kdweb.webserver kdweb.wsgi`)."""

import os
from typing import Any

from celery.platforms import set_pdeathsig
from django.conf import settings

from kdweb import logs
from kdweb.processes import shared_metrics, temporary
from kdweb.processes.buffering import bound

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kdweb.settings")

# Few processes, each with threads: each loads the student, and a request that waits for it costs only a thread.
workers = settings.KD_WEB_PROCESSES
threads = 8
# Requests are read by the main thread, which many connections may keep waiting.
worker_class = "kdweb.processes.buffering.BufferingWorker"
worker_connections = 1000
pre_request = bound
# Seconds. Longer than a request may wait for a slot and then for a large file; only a process that hangs is killed.
timeout = 120
# Seconds that requests under way may take at a stop. The supervisor and compose.yaml wait a little longer than this.
graceful_timeout = 20
keepalive = 5
# OCR engines keep the memory that they once needed, so the process is replaced now and then; the port stays open.
max_requests = 20_000
max_requests_jitter = 2_000
control_socket_disable = True
# Nothing but a header of Django's own settings is believed, from whatever address it comes.
forwarder_headers = ""
secure_scheme_headers: dict[str, str] = {}
logconfig_dict = logs.configuration()


def post_fork(arbiter: Any, worker: Any) -> None:
    """Let the kernel end this process with gunicorn's own: it would keep the port for a second."""
    set_pdeathsig("SIGKILL")
    if os.getppid() != arbiter.pid:
        os._exit(1)
    shared_metrics.take_files()


def post_worker_init(worker: Any) -> None:
    """Called once the application is loaded."""
    temporary.use_own_folder()
