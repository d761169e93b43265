"""Trying prompts on a sample, and setting two trials side by side."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from extraction.models import LabelRun, Project, Role
from extraction.services import errors
from extraction.services.teaching import prompt_comparison, trials
from extraction.web.access import ProjectRequest, project_view
from extraction.web.teaching.forms import LabelForm, TrialForm
from extraction.web.teaching.teacher import shown


@require_POST
@project_view(Role.OWNER)
def start(request: ProjectRequest, project: Project) -> HttpResponse:
    form = TrialForm(project, request.POST)
    if form.is_valid():
        try:
            runs = _started(request, project, form)
        except (errors.Invalid, errors.Conflict) as error:
            form.add_error(None, str(error))
        else:
            if len(runs) == 1:
                return redirect("label_run", project.slug, runs[0].pk)
            url = reverse("trial_compare", args=[project.slug])
            return redirect(f"{url}?first={runs[0].pk}&second={runs[1].pk}")
    return shown(request, project, LabelForm(project), form)


def _started(request: ProjectRequest, project: Project, form: TrialForm) -> list[LabelRun]:
    asked = form.cleaned_data
    return trials.start_all(
        project,
        teacher=asked["teacher"],
        documents=trials.sample(project, asked["documents"]),
        numbers=form.numbers(),
        budget=asked["budget"],
        consent=asked["consent"],
        actor=request.user,
    )


@require_safe
@project_view()
def estimate(request: ProjectRequest, project: Project) -> HttpResponse:
    """A fragment: what the trials would take, before anything is spent, and what must be agreed to."""
    form = TrialForm(project, request.GET)
    context: dict[str, Any] = {"form": form, "agreed": request.GET.get("consent", ""), "trial": True}
    if form.is_valid():
        asked = form.cleaned_data
        sample = trials.sample(project, asked["documents"])
        try:
            context["estimate"] = trials.estimate(project, asked["teacher"], sample, form.numbers())
        except errors.Invalid as error:
            form.add_error(None, str(error))
    return render(request, "teaching/_estimate.html", context)


@require_safe
@project_view()
def compare(request: ProjectRequest, project: Project) -> HttpResponse:
    """Two trials on the same documents; for htmx only what changes while they go on."""
    first, second = (_trial(request, project, name) for name in ("first", "second"))
    found = prompt_comparison.compare(project, first, second)
    active = [run for run in (first, second) if run.active]
    context = {"first": first, "second": second, "comparison": found, "active": active, "fields": _fields(found)}
    return render(request, "teaching/trials.html#live" if request.htmx else "teaching/trials.html", context)


def _trial(request: ProjectRequest, project: Project, name: str) -> LabelRun:
    number = request.GET.get(name, "")
    if not number.isdecimal():
        raise errors.Invalid("Choose two trials to compare.")
    rows = project.label_runs.filter(sample__isnull=False).select_related("job", "prompt_version")
    return get_object_or_404(rows, pk=int(number))


def _fields(found: prompt_comparison.Comparison) -> list[dict[str, Any]]:
    """By field: how often both agree, and how near each comes to people's labels and to claims."""
    return [
        {
            "name": name,
            "agreement": share,
            "reviewed": [_score(side.reviewed, name) for side in found.sides],
            "claimed": [_score(side.claimed, name) for side in found.sides],
        }
        for name, share in found.agreement.items()
    ]


def _score(evaluation: Any, name: str) -> float | None:
    return evaluation.fields[name].anls if evaluation is not None and name in evaluation.fields else None
