"""Login, logout and change of password."""

import math
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash, views
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django_htmx.http import HttpResponseClientRefresh

from extraction.services.identity import login_limits, second_factor
from extraction.services.projects import accounts
from extraction.web.identity import code
from extraction.web.identity.addresses import client_address
from extraction.web.sessions import Method, enter


@method_decorator(login_not_required, name="dispatch")
class Login(views.LoginView):
    template_name = "identity/login.html"
    redirect_authenticated_user = True

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if request.headers.get("HX-Request") == "true":
            # A fragment's request whose session has ended: the whole page must go to the login, not the fragment.
            return HttpResponseClientRefresh()
        if request.method == "GET" and not accounts.exist():
            return redirect("first_account")
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Somebody who set up codes goes on to the page that asks for one, and is not logged in before."""
        user, next = form.get_user(), self.get_success_url()
        if second_factor.active(user):
            code.wait_for(self.request, user, next)
            return redirect("login_code")
        enter(self.request, user, Method.PASSWORD)
        return redirect(next)


class Password(views.PasswordChangeView):
    """A new password; other sessions of the account end with the old one."""

    template_name = "identity/password.html"
    success_url = reverse_lazy("projects")

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        accounts.change_password(form)
        update_session_auth_hash(self.request, form.user)
        messages.success(self.request, gettext("The password is changed."))
        return redirect(self.get_success_url())


def attempted_name(request: HttpRequest, credentials: Mapping[str, Any] | None) -> str:
    """The name that somebody tries to log in with."""
    return str((credentials or {}).get("username") or request.POST.get("username", ""))


def locked(request: HttpRequest, response: HttpResponse | None, credentials: Mapping[str, Any] | None) -> HttpResponse:
    """The login page after too many failures: it says how long to wait, and nothing of whether there is such a user."""
    name = attempted_name(request, credentials)
    seconds = login_limits.seconds_locked(name, client_address(request))
    context = {"next": request.POST.get("next", ""), "name": name, "minutes": math.ceil(seconds / 60)}
    page = render(request, "identity/login.html", context, status=429)
    page.headers["Retry-After"] = str(seconds)
    return page


login = Login.as_view()
logout = views.LogoutView.as_view()
password = Password.as_view()
