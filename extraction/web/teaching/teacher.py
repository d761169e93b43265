"""The teacher's page: which one, what labelling would take, label runs while they go on and after."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import trigger_client_event

from extraction.models import Document, LabelRun, Project, Role
from extraction.services import errors
from extraction.services.teaching import label_runs, responses, teachers
from extraction.web.access import ProjectRequest, project_view
from extraction.web.teaching.forms import LabelForm, TrialForm

LISTED = 50
# Answers of a trial are all shown; of a run those that are refused or off the format, as many as can be looked at.
SHOWN = 100


@require_http_methods(["GET", "HEAD", "POST"])
@project_view(post=Role.OWNER)
def page(request: ProjectRequest, project: Project) -> HttpResponse:
    if request.htmx and request.method != "POST":
        return _runs_fragment(request, project)
    form = LabelForm(project, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            label_runs.start(project, **form.cleaned_data, actor=request.user)
        except (errors.Invalid, errors.Conflict) as error:
            form.add_error(None, str(error))
        else:
            return redirect("teacher", project.slug)
    return shown(request, project, form, TrialForm(project))


def shown(request: ProjectRequest, project: Project, form: LabelForm, trial: TrialForm) -> HttpResponse:
    """The page with both of its forms, one of which may say what is wrong with it."""
    known = [*teachers.offered(), *project.label_runs.values_list("teacher", flat=True).distinct().order_by("teacher")]
    context = {
        **_runs(project),
        "form": form,
        "trial": trial,
        "teachers": teachers.present(project),
        "names": list(dict.fromkeys(known)),
    }
    return render(request, "teaching/teacher.html", context, status=400 if form.errors or trial.errors else 200)


def _runs_fragment(request: ProjectRequest, project: Project) -> HttpResponse:
    """Asked for while a run goes on. It may know of the end before the job's own fragment, which it replaces: so it
    tells the rest of the page."""
    context = _runs(project)
    response = render(request, "teaching/teacher.html#runs", context)
    return response if context["active"] else trigger_client_event(response, "job-ended", after="swap")


def _runs(project: Project) -> dict[str, Any]:
    runs = list(project.label_runs.select_related("job", "prompt_version")[:LISTED])
    return {
        "runs": runs,
        "active": [run for run in runs if run.active],
        "waiting": project.documents.filter(review=Document.Review.WAITING).count(),
    }


@require_safe
@project_view()
def estimate(request: ProjectRequest, project: Project) -> HttpResponse:
    """A fragment: what a run would take, before anything is spent, and what must be agreed to."""
    form = LabelForm(project, request.GET)
    context: dict[str, Any] = {"form": form, "agreed": request.GET.get("consent", "")}
    if form.is_valid():
        asked = form.cleaned_data
        try:
            context["estimate"] = label_runs.estimate(project, asked["teacher"], asked["limit"], prompt=asked["prompt"])
        except errors.Invalid as error:
            form.add_error(None, str(error))
    return render(request, "teaching/_estimate.html", context)


@require_POST
@project_view(Role.OWNER)
def choose(request: ProjectRequest, project: Project) -> HttpResponse:
    name = request.POST.get("teacher", "")
    teachers.choose(project, name)
    messages.success(request, f"The labels of {name} now come before those of other teachers.")
    return redirect("teacher", project.slug)


@require_safe
@project_view()
def run(request: ProjectRequest, project: Project, run: int) -> HttpResponse:
    """One run: what it brought and cost, and the answers that somebody should look at."""
    rows = project.label_runs.select_related("job", "prompt_version", "author", "schema_version")
    row = get_object_or_404(rows, pk=run)
    answers = row.responses.select_related("document")
    if not row.trial:
        answers = answers.exclude(responses.USABLE)
    context = {
        "run": row,
        "answers": [(answer, _fields(row, answer)) for answer in answers[:SHOWN]],
        "others": _comparable(row) if row.trial else [],
    }
    return render(request, "teaching/label_run.html#live" if request.htmx else "teaching/label_run.html", context)


def _fields(held: LabelRun, answer: Any) -> list[tuple[str, dict[str, Any]]]:
    """What was answered, in the order of the fields."""
    return [(name, answer.answers[name]) for name in held.schema_version.as_domain().names if name in answer.answers]


def _comparable(row: LabelRun) -> list[LabelRun]:
    """Other trials of documents that this one asked for, too."""
    wanted = set(row.sample or ())
    others = row.project.label_runs.filter(sample__isnull=False).exclude(pk=row.pk).select_related("prompt_version")
    return [other for other in others[:LISTED] if wanted & set(other.sample or ())]
