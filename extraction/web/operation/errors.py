"""The answer to an error that nothing else answered: a page, or a problem for programs."""

import sys

from django.http import HttpRequest, HttpResponse, HttpResponseServerError, JsonResponse
from django.template.loader import render_to_string

from extraction import problems
from extraction.problems import Problem
from extraction.services import outages
from extraction.services.outages import Outage


def server_error(request: HttpRequest) -> HttpResponse:
    """503 or 507 with a sentence while database or disk are away, else 500. Asks neither, and no session."""
    outage = outages.find(sys.exc_info()[1])
    if outage is None:
        return HttpResponseServerError(render_to_string("500.html"))
    response = _answer(request, outage)
    response["Retry-After"] = str(outage.seconds)
    return response


def _answer(request: HttpRequest, outage: Outage) -> HttpResponse:
    if request.path.startswith("/api/"):
        body = Problem(outage.status, outage.sentence).to_json()
        return JsonResponse(body, status=outage.status, content_type=problems.MEDIA_TYPE)
    return HttpResponse(render_to_string("outage.html", {"outage": outage}), status=outage.status)
