"""The second factor that an operator requires (`KD_REQUIRE_TOTP`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from extraction.web.sessions import Method, method_of

# What is reached before the codes are set up.
OPEN = frozenset(("second_factor", "login", "logout", "language"))


class SecondFactorRequired:
    """Middleware: whoever came in by a password alone sets up codes first; sessions of before it was required end."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, *_: Any) -> HttpResponseBase | None:
        match = request.resolver_match
        if not settings.KD_REQUIRE_TOTP or match is None or "api" in match.namespaces:
            return None
        if not request.user.is_authenticated or match.url_name in OPEN:
            return None
        match method_of(request):
            case Method.CODE | Method.PROVIDER:
                return None
            case Method.PASSWORD:
                address = reverse("second_factor")
            case None:
                logout(request)
                address = reverse("login")
        if request.headers.get("HX-Request") == "true":
            return HttpResponseClientRedirect(address)
        return redirect(address)
