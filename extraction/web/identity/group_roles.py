"""Roles of groups in a project; the page of members shows them."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_POST

from extraction.models import GroupRole, Project, Role
from extraction.services.errors import Invalid
from extraction.services.identity import groups
from extraction.services.projects import memberships, roles
from extraction.web.access import ProjectRequest, project_view


class GroupRoleForm(forms.Form):
    group = forms.CharField(max_length=150, error_messages={"required": gettext_lazy("Name the group to add.")})
    role = forms.ChoiceField(choices=Role.choices)


@require_POST
@project_view(Role.OWNER)
def add(request: ProjectRequest, project: Project) -> HttpResponse:
    form = GroupRoleForm(request.POST)
    if not form.is_valid():
        raise Invalid(" ".join(str(error) for errors in form.errors.values() for error in errors))
    row = groups.give(project, groups.find(form.cleaned_data["group"]), form.cleaned_data["role"])
    return _after(request, project, row)


@require_POST
@project_view(Role.OWNER)
def change(request: ProjectRequest, project: Project, pk: int) -> HttpResponse:
    row = get_object_or_404(groups.of_project(project), pk=pk)
    return _after(request, project, groups.give(project, row.group, request.POST.get("role", "")))


@require_POST
@project_view(Role.OWNER)
def remove(request: ProjectRequest, project: Project, pk: int) -> HttpResponse:
    row = get_object_or_404(groups.of_project(project), pk=pk)
    groups.take(row)
    sentence = gettext("The group %(group)s has no role in %(project)s any more.")
    messages.success(request, sentence % {"group": row.group, "project": project.name})
    return _back(request, project)


def _after(request: ProjectRequest, project: Project, row: GroupRole) -> HttpResponse:
    sentence = gettext("Whoever is in the group %(group)s is now %(role)s of the project.")
    messages.success(request, sentence % {"group": row.group, "role": roles.name(row.role)})
    return _back(request, project)


def _back(request: ProjectRequest, project: Project) -> HttpResponse:
    """To the members; to the projects for somebody who has just left this one."""
    return redirect("members", project.slug) if memberships.roles_in(project, request.user) else redirect("projects")
