"""The page of a project's automation: what is next, the open question, settings and history."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from extraction.domain.errors import gettext_noop
from extraction.domain.evaluation.leads import Lead
from extraction.models import Automation, AutomationStep, Project, Role, TrainingRun
from extraction.services import errors
from extraction.services.automation import decisions, settings, upcoming
from extraction.services.automation import messages as sentences
from extraction.services.automation.decisions import Question
from extraction.services.sentences import translated
from extraction.web.access import ProjectRequest, project_view
from extraction.web.automation.forms import SettingsForm
from extraction.web.numbers import whole

LISTED = 50
Kind = AutomationStep.Kind
BY_PERSONS = (Kind.SWITCHED_ON, Kind.SWITCHED_OFF, Kind.ACCEPTED, Kind.DECLINED)
BADGES = {
    Kind.PROMOTED: "good",
    Kind.ACCEPTED: "good",
    Kind.ASKED: "accent",
    Kind.STARTED: "accent",
    Kind.CANARY: "accent",
    Kind.HELD_BACK: "warn",
    Kind.BUDGET_USED: "warn",
    Kind.NOT_TRAINED: "bad",
}


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step of the history."""

    step: AutomationStep
    css: str
    sentence: str
    reasons: list[str]
    by: str


@dataclass(frozen=True, slots=True)
class LeadRow:
    """A figure of both models; the name of the mean is empty. `worse`: it lost more than its margin."""

    name: str
    lead: Lead
    worse: bool


@dataclass(frozen=True, slots=True)
class QuestionView:
    question: Question
    reasons: list[str]
    rows: list[LeadRow]
    error: str


@require_http_methods(["GET", "HEAD", "POST"])
@project_view(post=Role.OWNER)
def page(request: ProjectRequest, project: Project) -> HttpResponse:
    row = settings.of(project)
    form = SettingsForm.of(row, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            row = settings.change(project, form.settings(), actor=request.user)
        except errors.Invalid as error:
            form.add_error(None, translated(error))
        else:
            messages.success(request, gettext("Saved."))
            return redirect("automation", project.slug)
    row.project = project
    following = upcoming.of(row)
    steps = project.automation_steps.select_related("run__model_version", "author")[:LISTED]
    context = {
        "form": form,
        "active": row.active,
        "upcoming": following,
        "sentence": sentences.of_next(following),
        "left_over": None if row.active else _left_over(project),
        "asked": _question(project, row),
        "steps": [_step(step, row) for step in steps],
    }
    return render(request, "automation/automation.html", context, status=400 if form.errors else 200)


@require_POST
@project_view(Role.OWNER)
def answer(request: ProjectRequest, project: Project) -> HttpResponse:
    """`run` and `promote`, which is yes or no."""
    run, promote = whole(request.POST.get("run", "")), request.POST.get("promote", "")
    if run is None or promote not in ("yes", "no"):
        raise errors.Invalid(gettext_noop("An answer names a run, and says yes or no."))
    step = decisions.answer(project, run, promote=promote == "yes", actor=request.user)
    if step.kind == Kind.ACCEPTED:
        done = gettext("%(model)s now serves, and reads the documents that nobody has labelled.") % {"model": step.run}
    else:
        done = gettext("%(model)s was not promoted. It stays among the models.") % {"model": step.run}
    messages.success(request, done)
    return redirect("automation", project.slug)


def _left_over(project: Project) -> TrainingRun | None:
    """A training that was started before the automation was switched off, and goes on."""
    run = upcoming.under_way(project)
    return run if run and upcoming.started(project).filter(pk=run.pk).exists() else None


def _question(project: Project, row: Automation) -> QuestionView | None:
    asked = decisions.question(project)
    if asked is None:
        return None
    found = asked.comparison
    return QuestionView(asked, sentences.of_reasons(found, row), list(_leads(asked)), translated(asked.step.detail))


def _leads(asked: Question) -> Iterator[LeadRow]:
    found = asked.comparison
    if found.leads is None:
        return
    yield LeadRow("", found.leads.mean, False)
    for name, lead in found.leads.parts.items():
        yield LeadRow(name, lead, name in found.worse)


def _step(step: AutomationStep, row: Automation) -> StepRow:
    found = step.comparison
    reasons = sentences.of_reasons(found, row) if found else []
    return StepRow(step, BADGES.get(Kind(step.kind), ""), sentences.of_step(step), reasons, _by(step))


def _by(step: AutomationStep) -> str:
    if step.author:
        return step.author.username
    return gettext("a command") if step.kind in BY_PERSONS else gettext("the automation")
