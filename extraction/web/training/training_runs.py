"""Training runs: the list, starting one, and one run while it learns and after."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from extraction.models import Job, ModelVersion, Project, Role, Snapshot, TrainingRun
from extraction.services import errors
from extraction.services.training import training_runs as service
from extraction.web import charts
from extraction.web.access import ProjectRequest, project_view
from extraction.web.training import label_audit
from extraction.web.training.forms import TITLES, TrainingForm

LISTED = 100
# While a run is under way its page shows the end of the log: what is replaced every two seconds cannot be scrolled.
TAIL = 12


@dataclass(frozen=True, slots=True)
class State:
    """How a run stands; `css` is the modifier of a badge."""

    title: str
    css: str
    active: bool = False
    resumable: bool = False


def state_of(run: TrainingRun) -> State:
    """Runs that commands of older versions left unfinished have no job."""
    if hasattr(run, "model_version"):
        return State("Done", "good")
    if run.job is None or run.job.state == Job.State.CANCELLED:
        return State("Cancelled", "warn", resumable=True)
    if run.job.state == Job.State.FAILED:
        return State("Failed", "bad", resumable=True)
    return State("Running" if run.job.state == Job.State.RUNNING else "Waiting", "accent", active=True)


def contents(snapshot: Snapshot) -> dict[str, Any]:
    """What a run learned from, counted: documents of each part and labels of each field."""
    parts = Counter(item["part"] for item in snapshot.items)
    fields = Counter(name for item in snapshot.items for name in item["labels"])
    return {
        "row": snapshot,
        "train": parts["train"],
        "validation": parts["validation"],
        "fields": sorted(fields.items()),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@project_view(post=Role.OWNER)
def listing(request: ProjectRequest, project: Project) -> HttpResponse:
    form = TrainingForm(project, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            run = service.start(project, **form.cleaned_data, actor=request.user)
        except (errors.Invalid, errors.Conflict) as error:
            form.add_error(None, str(error))
        else:
            return redirect("training_run", project.slug, run.pk)
    runs = project.training_runs.select_related("job", "model_version").defer("curve", "log", "account")[:LISTED]
    context = {"form": form, "runs": [(run, state_of(run)) for run in runs], "titles": TITLES}
    return render(request, "training/listing.html", context, status=400 if form.errors else 200)


@require_safe
@project_view()
def run(request: ProjectRequest, project: Project, run: int) -> HttpResponse:
    """The page, or for htmx only what changes while the run is under way."""
    rows = project.training_runs.select_related("job", "model_version", "author")
    row = get_object_or_404(rows, pk=run)
    state = state_of(row)
    context = {
        "run": row,
        "state": state,
        "loss": charts.loss_chart(row.curve),
        "anls": charts.anls_chart(row.curve),
        "log": "\n".join(row.log.splitlines()[-TAIL:]) if state.active else row.log,
        "model": getattr(row, "model_version", None),
        "serving": ModelVersion.Stage.PRODUCTION,
        **({} if state.active else label_audit.context(row, project, request.access)),
    }
    if request.htmx:
        return render(request, "training/training_run.html#live", context)
    context["encoder"] = (row.account or {}).get("encoder") or service.encoder(row.base)
    context["snapshot"] = row.snapshot and contents(row.snapshot)
    return render(request, "training/training_run.html", context)


@require_POST
@project_view(Role.OWNER)
def again(request: ProjectRequest, project: Project, run: int) -> HttpResponse:
    row = get_object_or_404(project.training_runs.select_related("job"), pk=run)
    service.again(row, actor=request.user)
    messages.success(request, "The run goes on from its last checkpoint.")
    return redirect("training_run", project.slug, row.pk)
