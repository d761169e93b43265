"""What probes of supervisors, containers and load balancers ask for: `/healthz` and `/readyz`."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse

from extraction.services.operation import health


class Probes:
    """Answers before anything else looks at the request: a probe has no login, comes by any host name, over plain
    HTTP, and must be answered while the database is away.

    `/healthz` says that the process is alive. `/readyz` answers 503 and names what is missing where requests cannot be
    served.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.answers = {"/healthz": healthz, "/readyz": readyz}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.answers.get(request.path)
        if answer is None:
            return self.get_response(request)
        if request.method not in ("GET", "HEAD"):
            return HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
        response = answer()
        response.headers["Cache-Control"] = "no-store"
        return response


def healthz() -> JsonResponse:
    return JsonResponse({"alive": True})


def readyz() -> JsonResponse:
    checks = health.readiness()
    ready = all(check.well for check in checks)
    told = {check.name: {"ok": check.well, "sentence": check.sentence} for check in checks}
    return JsonResponse({"ready": ready, "checks": told}, status=200 if ready else 503)
