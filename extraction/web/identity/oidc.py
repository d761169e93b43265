"""Logging in with the OpenID provider: to it, and back."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from extraction.models import Door
from extraction.services.audit_log import logins
from extraction.services.audit_log.actors import Actor, become
from extraction.services.errors import Invalid
from extraction.services.identity import groups, joining, messages, oidc
from extraction.services.identity.oidc import Attempt
from extraction.services.identity.provider import provider
from extraction.services.sentences import translated
from extraction.web.access import answers
from extraction.web.sessions import Method, enter

# Attempts of a browser that are kept: more windows than anybody opens.
MOST = 5
_KEY = "oidc"


@login_not_required
@never_cache
@require_safe
@answers
def begin(request: HttpRequest) -> HttpResponse:
    """Send the browser to the provider."""
    provider()
    next = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(next, {request.get_host()}, require_https=request.is_secure()):
        next = reverse("projects")
    try:
        address, attempt = oidc.begin(_callback(request), next)
    except oidc.Unreachable as error:
        return _refused(request, error, 502)
    kept = request.session.get(_KEY, [])
    request.session[_KEY] = [*kept[-(MOST - 1) :], attempt.to_json()]
    return redirect(address)


@login_not_required
@never_cache
@require_safe
@answers
def callback(request: HttpRequest) -> HttpResponse:
    """The browser comes back from the provider, with a code or a refusal."""
    name = provider().name
    attempt = _taken(request, request.GET.get("state", ""))
    become(Actor(Door.PAGE, name))
    if attempt is None:
        # Nobody began this here, or it was used: it says nothing about anybody.
        return _refused(request, Invalid(messages.NOT_PROVEN, provider=name), 400)
    if "code" not in request.GET:
        return _refused(request, Invalid(messages.CANCELLED, provider=name), 403)
    try:
        identity = oidc.finish(attempt, request.GET["code"], _callback(request))
        user = joining.account_of(identity)
    except oidc.Unreachable as error:
        return _refused(request, error, 502)
    except oidc.NotProven as error:
        return _refused(request, error, 403)
    except joining.NotWelcome as error:
        logins.failed("")
        return _refused(request, error, 403)
    groups.synchronise(user, identity)
    enter(request, user, Method.PROVIDER)
    return redirect(attempt.next)


def _callback(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("oidc_callback"))


def _taken(request: HttpRequest, state: str) -> Attempt | None:
    """The attempt of this browser with the state, which is good for one time."""
    kept = [Attempt.from_json(value) for value in request.session.get(_KEY, [])]
    found = next((attempt for attempt in kept if attempt.state == state), None)
    if found is not None:
        request.session[_KEY] = [attempt.to_json() for attempt in kept if attempt is not found]
        # Two requests with the same answer: the second one finds it used.
        request.session.save()
    return found


def _refused(request: HttpRequest, error: Invalid, status: int) -> HttpResponse:
    return render(request, "identity/login.html", {"refusal": translated(error)}, status=status)
