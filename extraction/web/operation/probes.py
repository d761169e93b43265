"""What other programs watch: `/healthz` and `/readyz` for supervisors, containers and load balancers, `/metrics`."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse

from extraction.services.operation import readiness
from extraction.web.operation.metrics import metrics


class Probes:
    """Middleware that answers probes before any other: they have no login, come by any host name, over plain HTTP, and
    must be answered while the database is away.

    `/healthz` says that the process is alive. `/readyz` answers 503 and names what is missing where requests cannot be
    served. `/metrics` says who may read it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.probes = {"/healthz": healthz, "/readyz": readyz, "/metrics": metrics}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        probe = self.probes.get(request.path)
        if probe is None:
            return self.get_response(request)
        if request.method not in ("GET", "HEAD"):
            return HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
        response = probe(request)
        response.headers["Cache-Control"] = "no-store"
        return response


def healthz(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"alive": True})


def readyz(request: HttpRequest) -> JsonResponse:
    checks = readiness.check_all()
    ready = readiness.is_ready(checks)
    rows = {check.part: {"ok": check.ready, "sentence": check.sentence} for check in checks}
    return JsonResponse({"ready": ready, "checks": rows}, status=200 if ready else 503)
