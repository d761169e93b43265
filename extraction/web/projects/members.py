"""Members of a project and their roles."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from extraction.models import Membership, Project, Role, User
from extraction.services.errors import Invalid
from extraction.services.identity import groups
from extraction.services.projects import accounts, memberships, projects, roles
from extraction.services.sentences import translated
from extraction.web.access import ProjectRequest, project_view


class MemberForm(forms.Form):
    name = forms.CharField(max_length=150, error_messages={"required": gettext_lazy("Name the user to add.")})
    role = forms.ChoiceField(choices=Role.choices, initial=Role.REVIEWER)


@require_http_methods(["GET", "POST"])
@project_view(post=Role.OWNER)
def members(request: ProjectRequest, project: Project) -> HttpResponse:
    form = MemberForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _add(request, project, form):
        return redirect("members", project.slug)
    context = {
        "form": form,
        "memberships": project.memberships.select_related("user").order_by("user__username"),
        "group_roles": groups.of_project(project),
        "roles": Role.choices,
    }
    return render(request, "projects/members.html", context, status=400 if form.errors else 200)


def _add(request: HttpRequest, project: Project, form: MemberForm) -> bool:
    try:
        user = accounts.find_user(form.cleaned_data["name"])
    except Invalid as error:
        form.add_error("name", translated(error))
        return False
    if project.memberships.filter(user=user).exists():
        form.add_error("name", gettext("%(user)s is a member already.") % {"user": user})
        return False
    membership = projects.add_member(project, user, form.cleaned_data["role"])
    messages.success(request, _now(membership))
    return True


@require_POST
@project_view(Role.OWNER)
def change(request: HttpRequest, project: Project, pk: int) -> HttpResponse:
    membership = get_object_or_404(project.memberships.select_related("user"), pk=pk)
    changed = projects.add_member(project, membership.user, request.POST.get("role", ""))
    messages.success(request, _now(changed))
    return _after(request, project)


@require_POST
@project_view(Role.OWNER)
def remove(request: HttpRequest, project: Project, pk: int) -> HttpResponse:
    membership = get_object_or_404(project.memberships.select_related("user"), pk=pk)
    projects.remove_member(project, membership.user)
    sentence = gettext("%(user)s is no longer a member of %(project)s.")
    messages.success(request, sentence % {"user": membership.user, "project": project.name})
    return _after(request, project)


def _now(membership: Membership) -> str:
    sentence = gettext("%(user)s is now %(role)s of the project.")
    return sentence % {"user": membership.user, "role": roles.name(membership.role)}


def _after(request: HttpRequest, project: Project) -> HttpResponse:
    """Back to the members; to the projects for somebody who has just left this one."""
    still = isinstance(request.user, User) and memberships.roles_in(project, request.user)
    return redirect("members", project.slug) if still else redirect("projects")
