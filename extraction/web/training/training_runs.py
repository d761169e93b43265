"""Training runs: the list, starting one, and one run while it learns and after."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from extraction.domain.evaluation.scoring import Evaluation
from extraction.domain.learning.training import Part
from extraction.models import ModelVersion, Project, Role, RunState, Snapshot, TrainingRun
from extraction.services import errors
from extraction.services.sentences import translated
from extraction.services.training import students
from extraction.services.training import training_runs as service
from extraction.web import charts
from extraction.web.access import Access, ProjectRequest, project_view
from extraction.web.training import label_audit
from extraction.web.training.forms import TrainingForm
from extraction.web.training.label_audit import LabelAuditView

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

LISTED = 100
# While a run is under way its page shows the end of the log: what is replaced every two seconds cannot be scrolled.
TAIL = 12


@dataclass(frozen=True, slots=True)
class Badge:
    """State of a run; `css` is the modifier of the badge."""

    title: _StrOrPromise
    css: str


BADGES = {
    RunState.QUEUED: Badge(gettext_lazy("Waiting"), "accent"),
    RunState.RUNNING: Badge(gettext_lazy("Running"), "accent"),
    RunState.DONE: Badge(gettext_lazy("Done"), "good"),
    RunState.FAILED: Badge(gettext_lazy("Failed"), "bad"),
    RunState.CANCELLED: Badge(gettext_lazy("Cancelled"), "warn"),
}


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run in the list."""

    run: TrainingRun
    badge: Badge


@dataclass(frozen=True, slots=True)
class SnapshotCounts:
    """What a run is trained on: documents of each part, and labels of each field."""

    row: Snapshot
    train: int
    validation: int
    fields: list[tuple[str, int]]


def counts(snapshot: Snapshot) -> SnapshotCounts:
    documents = snapshot.documents
    parts = Counter(item.part for item in documents)
    fields = Counter(name for item in documents for name in item.labels)
    return SnapshotCounts(snapshot, parts[Part.TRAIN], parts[Part.VALIDATION], sorted(fields.items()))


@dataclass(frozen=True, slots=True)
class RunView:
    """The part of a run's page that changes while it is under way."""

    run: TrainingRun
    state: RunState
    badge: Badge
    loss: charts.LineChart
    anls: charts.LineChart
    log: str
    evaluation: Evaluation | None
    audit: LabelAuditView | None


def run_view(run: TrainingRun, project: Project, access: Access) -> RunView:
    state, points = run.state, run.points
    return RunView(
        run=run,
        state=state,
        badge=BADGES[state],
        loss=charts.loss_chart(points),
        anls=charts.anls_chart(points),
        log="\n".join(map(translated, run.log.splitlines()[-TAIL if state.active else 0 :])),
        evaluation=run.evaluation,
        audit=None if state.active else label_audit.view(run, project, access),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@project_view(post=Role.OWNER)
def listing(request: ProjectRequest, project: Project) -> HttpResponse:
    form = TrainingForm(project, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            run = service.start(project, **form.cleaned_data, actor=request.user)
        except (errors.Invalid, errors.Conflict) as error:
            form.add_error(None, translated(error))
        else:
            return redirect("training_run", project.slug, run.pk)
    rows = project.training_runs.select_related("job", "model_version").defer("curve", "log", "label_audit")[:LISTED]
    runs = [RunRow(row, BADGES[row.state]) for row in rows]
    status = 400 if form.errors else 200
    return render(request, "training/listing.html", {"form": form, "runs": runs}, status=status)


@require_safe
@project_view()
def run(request: ProjectRequest, project: Project, run: int) -> HttpResponse:
    """The page, or for htmx only what changes while the run is under way."""
    rows = project.training_runs.select_related("job", "model_version", "author")
    row = get_object_or_404(rows, pk=run)
    live = {
        "view": run_view(row, project, request.access),
        "run": row,
        "model": getattr(row, "model_version", None),
        "serving": ModelVersion.Stage.PRODUCTION,
    }
    if request.htmx:
        return render(request, "training/training_run.html#live", live)
    rest = {
        "encoder": row.encoder_info or students.encoder(row.kind, row.base),
        "snapshot": row.snapshot and counts(row.snapshot),
        "audit": row.audit,
    }
    return render(request, "training/training_run.html", {**live, **rest})


@require_POST
@project_view(Role.OWNER)
def again(request: ProjectRequest, project: Project, run: int) -> HttpResponse:
    row = get_object_or_404(project.training_runs.select_related("job"), pk=run)
    service.again(row, actor=request.user)
    messages.success(request, gettext("The run goes on from its last checkpoint."))
    return redirect("training_run", project.slug, row.pk)
