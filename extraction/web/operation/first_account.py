"""The page that an empty installation opens with: the first account."""

from __future__ import annotations

import ipaddress
from typing import cast

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from extraction.services.errors import Conflict, Invalid
from extraction.services.operation import first_account
from extraction.web.sessions import Method, enter

# What proxies add. Any of them means that the browser may be on another machine.
PROXY_HEADERS = ("Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP")
LOCAL_NAMES = ("localhost", "127.0.0.1", "[::1]")


class FirstAccountForm(forms.Form):
    name = forms.CharField(max_length=150, error_messages={"required": gettext_lazy("Choose a user name.")})
    password = forms.CharField(strip=False, error_messages={"required": gettext_lazy("Choose a password.")})
    again = forms.CharField(strip=False, error_messages={"required": gettext_lazy("Type the password once more.")})
    code = forms.CharField(required=False, max_length=100)

    def clean_again(self) -> str:
        again = str(self.cleaned_data["again"])
        if again != self.cleaned_data.get("password", again):
            raise forms.ValidationError(gettext("The two passwords differ."))
        return again


@login_not_required
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def first(request: HttpRequest) -> HttpResponse:
    if not first_account.needed():
        return redirect("login")
    form = FirstAccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _made(request, form)
        except Conflict as error:
            messages.error(request, str(error))
            return redirect("login")
        except Invalid as error:
            form.add_error(None, str(error))
    context = {"form": form, "local": is_local(request)}
    return render(request, "operation/first_account.html", context, status=400 if form.errors else 200)


def _made(request: HttpRequest, form: FirstAccountForm) -> HttpResponse:
    code = None if is_local(request) else form.cleaned_data["code"]
    user = first_account.create(form.cleaned_data["name"], form.cleaned_data["password"], code=code)
    enter(request, user, Method.PASSWORD)
    messages.success(request, gettext("The account %(user)s is made, and you are logged in with it.") % {"user": user})
    return redirect("projects")


def is_local(request: HttpRequest) -> bool:
    """Whether the browser runs on this machine, as far as address, host name and headers can tell."""
    proxy = settings.KD_PROXIES or settings.SECURE_PROXY_SSL_HEADER
    if proxy or any(name in request.headers for name in PROXY_HEADERS):
        return False
    host = request.get_host()
    name = host if host.endswith("]") else host.rpartition(":")[0] or host
    return name in LOCAL_NAMES and _is_loopback(cast(str, request.META.get("REMOTE_ADDR", "")))


def _is_loopback(address: str) -> bool:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return (mapped or found).is_loopback
