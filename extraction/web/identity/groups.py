"""Groups of the installation and their members, for its administrators."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.auth.models import Group
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from extraction.models import User
from extraction.services.errors import Conflict, Invalid
from extraction.services.identity import groups
from extraction.services.projects import accounts
from extraction.services.sentences import translated
from extraction.web.superusers import SuperuserRequest, superuser_view


class GroupForm(forms.Form):
    name = forms.CharField(max_length=150, error_messages={"required": gettext_lazy("Name the group.")})


@require_http_methods(["GET", "POST"])
@superuser_view
def listing(request: SuperuserRequest) -> HttpResponse:
    form = GroupForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            groups.create(form.cleaned_data["name"])
            return redirect("groups")
        except (Conflict, Invalid) as error:
            form.add_error("name", translated(error))
    context = {"form": form, "groups": groups.listed()}
    return render(request, "identity/groups.html", context, status=400 if form.errors else 200)


@require_POST
@superuser_view
def add(request: SuperuserRequest, pk: int) -> HttpResponse:
    group, user = get_object_or_404(Group, pk=pk), accounts.find_user(request.POST.get("name", ""))
    groups.add(group, user)
    messages.success(request, gettext("%(user)s is in the group %(group)s.") % {"user": user, "group": group})
    return redirect("groups")


@require_POST
@superuser_view
def remove(request: SuperuserRequest, pk: int, user: int) -> HttpResponse:
    group, member = get_object_or_404(Group, pk=pk), get_object_or_404(User, pk=user)
    groups.remove(group, member)
    sentence = gettext("%(user)s is no longer in the group %(group)s.")
    messages.success(request, sentence % {"user": member, "group": group})
    return redirect("groups")


@require_POST
@superuser_view
def delete(request: SuperuserRequest, pk: int) -> HttpResponse:
    group = get_object_or_404(Group, pk=pk)
    groups.delete(group)
    messages.success(request, gettext("The group %(group)s is deleted.") % {"group": group.name})
    return redirect("groups")
