"""Pages of trials: estimate, start, and the comparison of two."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from extraction.domain.errors import gettext_noop
from extraction.domain.evaluation.scoring import Evaluation
from extraction.models import LabelRun, Project, Role
from extraction.services import errors
from extraction.services.sentences import translated
from extraction.services.teaching import label_runs, prompt_comparison, trials
from extraction.web.access import ProjectRequest, project_view
from extraction.web.numbers import whole
from extraction.web.row_figures import RowFigure, row_figures
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
            form.add_error(None, translated(error))
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
        documents=trials.sample(project, asked["documents"]),
        tries=form.tries(),
        budget=asked["budget"],
        consent=asked["consent"],
        actor=request.user,
    )


@require_safe
@project_view()
def estimate(request: ProjectRequest, project: Project) -> HttpResponse:
    """A fragment: the estimate of the trials, and the box for consent."""
    form = TrialForm(project, request.GET)
    estimate = None
    if form.is_valid():
        typed = form.cleaned_data
        sample = trials.sample(project, typed["documents"])
        try:
            estimate = trials.estimate(project, sample, form.tries())
        except errors.Invalid as error:
            form.add_error(None, translated(error))
    context = {
        "form": form,
        "estimate": estimate,
        "agreed": request.GET.get("consent", ""),
        "budget": form.cleaned_data.get("budget") is not None,
        "nothing": label_runs.nothing_to_label(project),
        "trial": True,
    }
    return render(request, "teaching/_estimate.html", context)


@require_safe
@project_view()
def compare(request: ProjectRequest, project: Project) -> HttpResponse:
    """Two trials on the same documents; for htmx only what changes while they go on."""
    first, second = (_trial(request, project, name) for name in ("first", "second"))
    comparison = prompt_comparison.compare(project, first, second)
    active = [run for run in (first, second) if run.active]
    context = {
        "first": first,
        "second": second,
        "comparison": comparison,
        "active": active,
        "fields": _fields(comparison),
        "rows": _rows(comparison),
    }
    return render(request, "teaching/trials.html#live" if request.htmx else "teaching/trials.html", context)


def _trial(request: ProjectRequest, project: Project, name: str) -> LabelRun:
    number = whole(request.GET.get(name, ""))
    if number is None:
        raise errors.Invalid(gettext_noop("Choose two trials to compare."))
    rows = project.label_runs.filter(sample__isnull=False).select_related("job", "prompt_version")
    return get_object_or_404(rows, pk=number)


@dataclass(frozen=True, slots=True)
class ComparedField:
    """A field in both trials: fraction of equal answers, and mean ANLS of each side against people and claims."""

    name: str
    agreement: float
    reviewed: list[float | None]
    claimed: list[float | None]


def _fields(comparison: prompt_comparison.Comparison) -> list[ComparedField]:
    return [
        ComparedField(
            name,
            share,
            reviewed=[_score(side.reviewed, name) for side in comparison.sides],
            claimed=[_score(side.claimed, name) for side in comparison.sides],
        )
        for name, share in comparison.agreement.items()
    ]


@dataclass(frozen=True, slots=True)
class ComparedRows:
    """A group in both trials: F1 of cells and of rows of each side against people."""

    name: str
    sides: list[list[RowFigure]]


def _rows(comparison: prompt_comparison.Comparison) -> list[ComparedRows]:
    groups = [side.reviewed.groups for side in comparison.sides if side.reviewed]
    names = groups[0] if len(groups) == len(comparison.sides) else ()
    return [ComparedRows(name, [row_figures(side.get(name), "cell_f1", "row_f1") for side in groups]) for name in names]


def _score(evaluation: Evaluation | None, name: str) -> float | None:
    """ANLS of a flat field, ANLS* of a group."""
    if evaluation is None:
        return None
    if name in evaluation.groups:
        return evaluation.groups[name].anls_star.value
    return evaluation.fields[name].anls if name in evaluation.fields else None
