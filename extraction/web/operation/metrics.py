"""`/metrics` for Prometheus, and the requests that this process has answered.

One web process a machine answers requests, so its counters stand in its memory; those of a new process start at 0,
which Prometheus expects of counters.
"""

from __future__ import annotations

import time
from collections.abc import Callable

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

from extraction.services.operation.metrics.collecting import Rows
from extraction.web.operation.first_account import is_local

SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
# Views of static files, and addresses that lead nowhere.
NO_VIEW = "none"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

# A time for each counter, which Prometheus does not ask for.
disable_created_metrics()  # type: ignore[no-untyped-call]
registry = CollectorRegistry()
registry.register(Rows())
requests = Counter(
    "kdweb_http_requests", "Requests by view, method and status.", ["view", "method", "status"], registry=registry
)
seconds = Histogram(
    "kdweb_http_request_seconds",
    "Seconds until the answer, by view.",
    ["view"],
    buckets=SECONDS,
    registry=registry,
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
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _is_local(request: HttpRequest) -> bool:
    try:
        return is_local(request)
    except DisallowedHost:
        return False


def _refused(status: int, sentence: str, headers: dict[str, str] | None = None) -> HttpResponse:
    return HttpResponse(f"{sentence}\n", status=status, content_type="text/plain; charset=utf-8", headers=headers)
