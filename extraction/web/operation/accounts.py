"""Accounts of the installation: list, creation, rights, forgotten passwords."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from extraction.models import User
from extraction.services.errors import Conflict, Invalid
from extraction.services.projects import accounts
from extraction.services.projects.accounts import Rights
from extraction.services.sentences import translated
from extraction.web.superusers import SuperuserRequest, superuser_view


class AccountForm(forms.Form):
    name = forms.CharField(max_length=150, error_messages={"required": gettext_lazy("Choose a user name.")})
    superuser = forms.BooleanField(required=False)


@never_cache
@require_http_methods(["GET", "POST"])
@superuser_view
def listing(request: SuperuserRequest) -> HttpResponse:
    form = AccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user, password = accounts.create_user(form.cleaned_data["name"], superuser=form.cleaned_data["superuser"])
        except (Conflict, Invalid) as error:
            form.add_error("name", translated(error))
        else:
            return _page(request, AccountForm(), user, password)
    return _page(request, form)


@never_cache
@require_POST
@superuser_view
def reset(request: SuperuserRequest, pk: int) -> HttpResponse:
    user = get_object_or_404(User, pk=pk)
    if user == request.user:
        return redirect("password")
    return _page(request, AccountForm(), user, accounts.reset_password(user))


@require_POST
@superuser_view
def change(request: SuperuserRequest, pk: int) -> HttpResponse:
    user = get_object_or_404(User, pk=pk)
    rights = Rights(**{name: name in request.POST for name in ("active", "superuser", "creator")})
    accounts.change_rights(user, by=request.user, rights=rights)
    messages.success(request, gettext("The rights of %(user)s are changed.") % {"user": user})
    return redirect("accounts")


def _page(
    request: SuperuserRequest, form: AccountForm, shown: User | None = None, password: str | None = None
) -> HttpResponse:
    """`password` is that of `shown`, and is shown this one time only."""
    rows = [(user, accounts.may_create_projects(user)) for user in accounts.listed()]
    context = {"form": form, "rows": rows, "shown": shown, "password": password}
    return render(request, "operation/accounts.html", context, status=400 if form.errors else 200)
