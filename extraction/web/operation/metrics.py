"""`/metrics` for Prometheus, and the requests that the web processes of this machine have answered.

The counters of one process stand in its memory, those of several in files that all of them read. They start at 0 with
`manage.py run`, which Prometheus expects of counters.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

from extraction.services.operation.metrics.collecting import Rows
from extraction.web.operation.first_account import is_local

SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
# Views of static files, and addresses that lead nowhere.
NO_VIEW = "none"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

# A time for each counter, which Prometheus does not ask for.
disable_created_metrics()  # type: ignore[no-untyped-call]
rows = CollectorRegistry()
rows.register(Rows())
of_process = CollectorRegistry()
requests = Counter(
    "kdweb_http_requests", "Requests by view, method and status.", ["view", "method", "status"], registry=of_process
)
seconds = Histogram(
    "kdweb_http_request_seconds",
    "Seconds until the answer, by view.",
    ["view"],
    buckets=SECONDS,
    registry=of_process,
)


class RequestMetrics:
    """Middleware that counts requests and measures their time."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        response = self.get_response(request)
        view = request.resolver_match.view_name if request.resolver_match else NO_VIEW
        # Anybody may make methods up.
        method = request.method if request.method in METHODS else "other"
        requests.labels(view or NO_VIEW, method, str(response.status_code)).inc()
        seconds.labels(view or NO_VIEW).observe(time.perf_counter() - started)
        return response


def metrics(request: HttpRequest) -> HttpResponse:
    """For whoever brings `KD_METRICS_TOKEN`; without one, for this machine alone."""
    if settings.KD_METRICS_TOKEN:
        given = request.headers.get("Authorization", "")
        if not constant_time_compare(given, f"Bearer {settings.KD_METRICS_TOKEN}"):
            return _refused(401, "Metrics are for whoever brings the token.", {"WWW-Authenticate": "Bearer"})
    elif not _is_local(request):
        return _refused(403, "Without KD_METRICS_TOKEN metrics are for this machine alone.")
    text = generate_latest(rows) + generate_latest(_of_all_processes())
    return HttpResponse(text, content_type=CONTENT_TYPE_LATEST)


def _of_all_processes() -> CollectorRegistry:
    """The counters of all web processes of this machine (`kdweb.processes.shared_metrics` says where they are)."""
    folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    # systemd-logind removes what a user has in /dev/shm when they log out.
    if not folder or not Path(folder).is_dir():
        return of_process
    together = CollectorRegistry()
    MultiProcessCollector(together)  # type: ignore[no-untyped-call]
    return together


def _is_local(request: HttpRequest) -> bool:
    try:
        return is_local(request)
    except DisallowedHost:
        return False


def _refused(status: int, sentence: str, headers: dict[str, str] | None = None) -> HttpResponse:
    return HttpResponse(f"{sentence}\n", status=status, content_type="text/plain; charset=utf-8", headers=headers)
