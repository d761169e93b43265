"""The page of a project's canary: both versions on the same documents, what people should check, and the ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from extraction.domain.canaries.verdicts import FieldFigures, Verdict
from extraction.models import Canary, ModelVersion, Project, Role, User
from extraction.services import errors
from extraction.services.sentences import translated
from extraction.services.serving import registry
from extraction.services.serving.canaries import lifecycle, state
from extraction.services.serving.canaries import messages as sentences
from extraction.services.serving.canaries.state import State
from extraction.web.access import ProjectRequest, project_view
from extraction.web.serving.canary_form import CanaryForm

# Candidates to choose from, the newest first.
LISTED = 50
BADGES = {Verdict.OPEN: "", Verdict.NOT_WORSE: "good", Verdict.WORSE: "bad"}
ENDED = {
    Canary.State.RUNNING: "",
    Canary.State.PROMOTED: "good",
    Canary.State.ROLLED_BACK: "bad",
    Canary.State.STOPPED: "",
}


@dataclass(frozen=True, slots=True)
class FieldRow:
    """A field of the table."""

    title: str
    figures: FieldFigures
    worse: bool


@dataclass(frozen=True, slots=True)
class Past:
    """A canary that ended."""

    canary: Canary
    css: str
    sentence: str


@require_http_methods(["GET", "HEAD", "POST"])
@project_view(post=Role.OWNER)
def page(request: ProjectRequest, project: Project) -> HttpResponse:
    """The page; POST starts a canary."""
    form = CanaryForm(
        _candidates(project), request.POST if request.method == "POST" else None, request.GET.get("model", "")
    )
    if request.method == "POST" and form.is_valid():
        try:
            lifecycle.start(registry.find(project, form.cleaned_data["model"]), form.wanted(), request.user)
        except errors.Conflict as error:
            form.add_error(None, translated(error))
        else:
            messages.success(request, gettext("The canary runs."))
            return redirect("canary", project.slug)
    now = state.of(project)
    context = {
        "form": form,
        "state": now,
        "sentence": sentences.of_state(now),
        "ending": sentences.of_ending(now.canary) if now.canary and not now.canary.running else "",
        "verdict": sentences.of_verdict(now),
        "css": BADGES[now.verdict],
        "doubts": sentences.of_doubts(now),
        "figures": [
            sentences.of_documents(now.figures),
            sentences.of_lead(now.figures),
            sentences.of_expected(now.figures),
            sentences.of_times(now.figures),
        ],
        "rows": _rows(project, now),
        "past": [Past(row, ENDED[Canary.State(row.state)], sentences.of_ending(row)) for row in state.history(project)],
        "serving": registry.serving(project),
    }
    return render(request, "serving/canary.html", context, status=400 if form.errors else 200)


@require_POST
@project_view(Role.OWNER)
def promote(request: ProjectRequest, project: Project) -> HttpResponse:
    return _ended(request, project, lifecycle.promote)


@require_POST
@project_view(Role.OWNER)
def roll_back(request: ProjectRequest, project: Project) -> HttpResponse:
    return _ended(request, project, lifecycle.roll_back)


@require_POST
@project_view(Role.OWNER)
def stop(request: ProjectRequest, project: Project) -> HttpResponse:
    return _ended(request, project, lifecycle.stop)


def _ended(request: ProjectRequest, project: Project, end: Callable[[Project, User], Canary]) -> HttpResponse:
    end(project, request.user)
    messages.success(request, gettext("%(model)s answers all documents.") % {"model": registry.serving(project)})
    return redirect("canary", project.slug)


def _candidates(project: Project) -> list[ModelVersion]:
    return list(project.model_versions.exclude(stage=ModelVersion.Stage.PRODUCTION)[:LISTED])


def _rows(project: Project, now: State) -> list[FieldRow]:
    """The fields that differ in any document."""
    if project.schema_version is None:
        return []
    titles = {field.name: field.title for field in project.schema.fields}
    return [
        FieldRow(titles.get(name, name), figures, name in now.worse)
        for name, figures in now.figures.fields.items()
        if figures.differing
    ]
