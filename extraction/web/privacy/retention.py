"""The page of a project's retention: how long what is kept, what goes next, and the legal hold."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from extraction.domain.errors import gettext_noop
from extraction.models import Project, Role
from extraction.services import errors
from extraction.services.privacy import messages as sentences
from extraction.services.privacy import retention, settings
from extraction.services.sentences import translated
from extraction.web.access import ProjectRequest, project_view
from extraction.web.privacy.forms import RetentionForm


@require_http_methods(["GET", "HEAD", "POST"])
@project_view(post=Role.OWNER)
def page(request: ProjectRequest, project: Project) -> HttpResponse:
    plan = retention.plan(project)
    form = RetentionForm(plan.settings, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            settings.change(project, form.settings())
        except errors.Invalid as error:
            form.add_error(None, translated(error))
        else:
            messages.success(request, gettext("Saved."))
            return redirect("retention", project.slug)
    context = {"form": form, "plan": plan, "rules": [(rule, sentences.RULES[rule.rule]) for rule in plan.rules]}
    return render(request, "privacy/retention.html", context, status=400 if form.errors else 200)


@require_POST
@project_view(Role.OWNER)
def hold(request: ProjectRequest, project: Project) -> HttpResponse:
    """`held`, which is yes or no, for the project."""
    settings.hold(project, _held(request))
    return redirect("retention", project.slug)


@require_POST
@project_view(Role.OWNER)
def hold_document(request: ProjectRequest, project: Project, pk: int) -> HttpResponse:
    """`held`, which is yes or no, for one document."""
    settings.hold_document(get_object_or_404(project.documents, pk=pk), _held(request))
    return redirect("document", project.slug, pk)


def _held(request: ProjectRequest) -> bool:
    held = request.POST.get("held", "")
    if held not in ("yes", "no"):
        raise errors.Invalid(gettext_noop("A legal hold is put on by yes and ended by no."))
    done = gettext("It is under a legal hold.") if held == "yes" else gettext("The legal hold is ended.")
    messages.success(request, done)
    return held == "yes"
