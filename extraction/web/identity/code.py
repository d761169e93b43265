"""The second step of a login with a password: the code of an app, or a recovery code."""

from __future__ import annotations

import time

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from extraction.models import User
from extraction.services.identity import messages, second_factor
from extraction.web.identity import failures
from extraction.web.sessions import Method, enter

# Seconds for which the password that was given counts.
PATIENCE = 300
_KEY = "awaits_code"


def wait_for(request: HttpRequest, user: User, next: str) -> None:
    """Keep that the user gave the right password."""
    request.session[_KEY] = {
        "user": user.pk,
        "password": user.get_session_auth_hash(),
        "until": time.time() + PATIENCE,
        "next": next,
    }


@login_not_required
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    user = _waiting(request)
    if user is None:
        return redirect("login")
    if request.method == "GET":
        return _page(request)
    if minutes := failures.minutes_locked(request, user):
        return _page(request, minutes=minutes, status=429)
    if not second_factor.check(user, request.POST.get("code", "")):
        failures.count(request, user)
        return _page(request, gettext(messages.WRONG_CODE), status=400)
    next = request.session.pop(_KEY)["next"]
    enter(request, user, Method.CODE)
    return redirect(next)


def _waiting(request: HttpRequest) -> User | None:
    """Whose password was given a short time ago, and is still the same."""
    kept = request.session.get(_KEY)
    if not kept or kept["until"] < time.time():
        return None
    user = User.objects.filter(pk=kept["user"], is_active=True).first()
    if user is None or not constant_time_compare(kept["password"], user.get_session_auth_hash()):
        return None
    return user


def _page(request: HttpRequest, error: str = "", *, minutes: int = 0, status: int = 200) -> HttpResponse:
    return render(request, "identity/code.html", {"error": error, "minutes": minutes}, status=status)
