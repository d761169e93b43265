"""The teacher's page: which one, what labelling would take, label runs while they go on and after."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from extraction.models import Document, Project, Role
from extraction.services import errors, labelling, teachers
from extraction.web.access import ProjectRequest, project_view

LISTED = 50


class LabelForm(forms.Form):
    teacher = forms.ChoiceField(label="Teacher", choices=[(name, name) for name in teachers.offered()])
    limit = forms.IntegerField(
        label="Documents, at most",
        required=False,
        min_value=1,
        max_value=1_000_000,
        help_text="Empty: all that this teacher has not labelled yet.",
    )

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)


@require_http_methods(["GET", "HEAD", "POST"])
@project_view(post=Role.OWNER)
def page(request: ProjectRequest, project: Project) -> HttpResponse:
    form = LabelForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            labelling.start(project, **form.cleaned_data, actor=request.user)
        except (errors.Invalid, errors.Conflict) as error:
            form.add_error(None, str(error))
        else:
            return redirect("teacher", project.slug)
    if request.htmx:
        return render(request, "teacher.html#runs", _runs(project))
    context = {**_runs(project), "form": form, "teachers": teachers.present(project)}
    return render(request, "teacher.html", context, status=400 if form.errors else 200)


def _runs(project: Project) -> dict[str, Any]:
    runs = list(project.label_runs.select_related("job")[:LISTED])
    return {
        "runs": runs,
        "active": next((run for run in runs if run.job is not None and run.job.active), None),
        "waiting": project.documents.filter(review=Document.Review.WAITING).count(),
    }


@require_safe
@project_view()
def estimate(request: ProjectRequest, project: Project) -> HttpResponse:
    """A fragment: what a run would take, before anything is spent."""
    form = LabelForm(request.GET)
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        context["estimate"] = labelling.estimate(project, form.cleaned_data["teacher"], form.cleaned_data["limit"])
    return render(request, "teacher.html#estimate", context)


@require_POST
@project_view(Role.OWNER)
def choose(request: ProjectRequest, project: Project) -> HttpResponse:
    name = request.POST.get("teacher", "")
    teachers.choose(project, name)
    messages.success(request, f"The labels of {name} now come before those of other teachers.")
    return redirect("teacher", project.slug)
