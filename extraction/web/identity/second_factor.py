"""The page on which somebody sets up codes of an app for the own account, and takes them off."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from extraction.models import User
from extraction.services.errors import Invalid
from extraction.services.identity import messages as sentences
from extraction.services.identity import second_factor
from extraction.services.sentences import translated
from extraction.web.access import answers
from extraction.web.identity import failures
from extraction.web.sessions import Method, method_of, strengthen

# Until it is confirmed, the proposed secret is in the session.
_KEY = "proposed_totp"


class AccountRequest(HttpRequest):
    """The request of somebody who is logged in."""

    user: User


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
@answers
def page(request: AccountRequest) -> HttpResponse:
    if request.method == "GET":
        return _page(request)
    wanted, code = request.POST.get("do", ""), request.POST.get("code", "")
    if failures.minutes_locked(request, request.user):
        return _page(request, error=gettext("There were too many wrong codes; try again later."), status=429)
    try:
        if wanted == "activate" and (secret := request.session.get(_KEY)):
            codes = second_factor.activate(request.user, secret, code)
            del request.session[_KEY]
            strengthen(request)
            return _page(request, codes=codes)
        if wanted == "renew":
            return _page(request, codes=second_factor.renew_recovery_codes(request.user, code))
        if wanted == "deactivate":
            _check_optional()
            second_factor.deactivate(request.user, code)
            messages.success(request, gettext("Logging in asks for no code any more."))
            return redirect("second_factor")
    except second_factor.WrongCode as error:
        failures.count(request, request.user)
        return _page(request, error=translated(error), status=400)
    return _page(request, status=400)


def _check_optional() -> None:
    if settings.KD_REQUIRE_TOTP:
        raise Invalid(sentences.REQUIRED)


def _page(
    request: AccountRequest, *, codes: list[str] | None = None, error: str = "", status: int = 200
) -> HttpResponse:
    """`codes` are new recovery codes, and are shown this one time only."""
    active, proposal = second_factor.active(request.user), None
    if not active:
        proposal = second_factor.propose(request.user, request.session.get(_KEY, ""))
        request.session[_KEY] = proposal.secret
    context = {
        "active": active,
        "proposal": proposal,
        "codes": codes,
        "left": second_factor.recovery_codes_left(request.user) if active else 0,
        "error": error,
        "required": settings.KD_REQUIRE_TOTP,
        "due": settings.KD_REQUIRE_TOTP and method_of(request) == Method.PASSWORD,
    }
    return render(request, "identity/second_factor.html", context, status=status)
