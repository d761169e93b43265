"""The calls as URLs. Programs come without a session: no login page and no CSRF token stands before them here."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import URLPattern, re_path
from django.views.decorators.csrf import csrf_exempt

from extraction.api import limits
from extraction.api.api import api
from extraction.api.errors import problem
from extraction.api.idempotency import once
from extraction.api.throttling import quota_headers

app_name = "api"
View = Callable[..., HttpResponseBase]


def for_programs(view: View) -> View:
    """Open to requests without a session, and whatever goes wrong is told as a problem."""

    guarded = once(view)

    @wraps(view, updated=())
    def wrapped(request: HttpRequest, *positional: object, **named: object) -> HttpResponseBase:
        try:
            limits.check(request)
            response = guarded(request, *positional, **named)
        except Http404:
            return nothing_here(request)
        except Exception as error:
            return api.on_exception(request, error)
        if response.status_code == 405:
            allowed = response.headers.get("Allow", "")
            return problem(405, f"This address takes {allowed} only.", headers={"Allow": allowed})
        # What a document says must not lie in the cache of a proxy.
        response.headers.setdefault("Cache-Control", "no-store")
        for name, value in quota_headers(request).items():
            response.headers[name] = value
        return response

    return csrf_exempt(login_not_required(wrapped))


def nothing_here(request: HttpRequest) -> HttpResponseBase:
    return problem(404, "There is nothing at this address; /api/v1/docs lists the calls.")


urlpatterns: list[URLPattern] = []
for pattern in api.urls[0]:
    assert isinstance(pattern, URLPattern)  # noqa: S101
    pattern.callback = for_programs(pattern.callback)
    urlpatterns.append(pattern)
urlpatterns.append(re_path("", for_programs(nothing_here)))
