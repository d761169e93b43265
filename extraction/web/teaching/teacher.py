"""The page of the teacher: choice, estimate, start of label runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypedDict
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import trigger_client_event

from extraction.models import Document, LabelRun, Project, Role
from extraction.services import errors
from extraction.services.documents.bulk.selection import Selection
from extraction.services.sentences import translated
from extraction.services.teaching import label_runs, teachers
from extraction.services.teaching import messages as sentences
from extraction.services.teaching.results import doubts, scorecards
from extraction.web.access import ProjectRequest, project_view
from extraction.web.teaching.forms import LabelForm, TrialForm

LISTED = 50
# Seconds between two looks at runs that go on, and at those that wait for a provider.
OFTEN, SELDOM = 2, 20


@dataclass(frozen=True, slots=True)
class Selected:
    """Documents that were chosen in their list, as they are now: `query` selects them, `seal` stands for them."""

    query: str
    seal: str
    number: int

    @classmethod
    def of(cls, project: Project, query: QueryDict) -> Selected | None:
        """`None` where the query selects nothing."""
        try:
            selection = Selection.parse(query, project.schema)
            chosen = selection.chosen(project)
        except errors.Invalid:
            return None
        return cls(urlencode(selection.to_query()), chosen.seal, len(chosen.keys))


@require_http_methods(["GET", "HEAD", "POST"])
@project_view(post=Role.OWNER)
def page(request: ProjectRequest, project: Project) -> HttpResponse:
    if request.htmx and request.method != "POST":
        return _part(request, project)
    form = LabelForm(project, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            label_runs.start(project, **form.cleaned_data, actor=request.user)
        except (errors.Invalid, errors.Conflict) as error:
            form.add_error(None, translated(error))
        else:
            return redirect("teacher", project.slug)
    return shown(request, project, form, TrialForm(project))


def _part(request: ProjectRequest, project: Project) -> HttpResponse:
    """A part of the page for htmx: its runs, unless another one is named."""
    match request.GET.get("part"):
        case "teachers":
            return render(request, "teaching/teacher.html#teachers", {"teachers": teachers.present(project)})
        case "scorecards":
            return render(request, "teaching/_scorecards.html", {"scorecards": scorecards.scorecards(project)})
        case _:
            return _runs_fragment(request, project)


def shown(request: ProjectRequest, project: Project, form: LabelForm, trial: TrialForm) -> HttpResponse:
    """The page with both of its forms, one of which may say what is wrong with it."""
    known = [*teachers.offered(), *project.label_runs.values_list("teacher", flat=True).distinct().order_by("teacher")]
    context = {
        **_runs(project),
        "form": form,
        **_about(project, str(form["teacher"].value() or "")),
        "idle": not project.documents.filter(state=Document.State.READY).exists(),
        "doubtful": doubts.documents(project),
        "trial": trial,
        "selected": Selected.of(project, QueryDict(request.POST.get("selection", "")) if request.POST else request.GET),
        "teachers": teachers.present(project),
        "names": list(dict.fromkeys(known)),
    }
    return render(request, "teaching/teacher.html", context, status=400 if form.errors or trial.errors else 200)


def _about(project: Project, teacher: str) -> Mapping[str, str]:
    return {
        "description": teachers.description(teacher),
        "unknown_words": teachers.unknown_words(teacher, project),
    }


def _runs_fragment(request: ProjectRequest, project: Project) -> HttpResponse:
    """Asked for while a run goes on. It may know of the end before the job's own fragment, which it replaces: so it
    tells the rest of the page."""
    context = _runs(project)
    response = render(request, "teaching/teacher.html#runs", context)
    return response if context["active"] else trigger_client_event(response, "job-ended", after="swap")


class RunsContext(TypedDict):
    """Context of the list of runs; `waiting` counts documents that wait for review, `seconds` is when to look again."""

    runs: list[LabelRun]
    active: list[LabelRun]
    waiting: int
    seconds: int


def _runs(project: Project) -> RunsContext:
    runs = list(project.label_runs.select_related("job", "prompt_version")[:LISTED])
    active = [run for run in runs if run.active]
    return {
        "runs": runs,
        "active": active,
        "seconds": OFTEN if any(run.state != LabelRun.State.AWAITING for run in active) else SELDOM,
        "waiting": project.documents.filter(review=Document.Review.WAITING).count(),
    }


@require_safe
@project_view()
def estimate(request: ProjectRequest, project: Project) -> HttpResponse:
    """A fragment: the estimate of a run, and the box for consent."""
    form = LabelForm(project, request.GET)
    estimate = None
    if form.is_valid():
        typed = form.cleaned_data
        try:
            estimate = label_runs.estimate(
                project,
                typed["teacher"],
                typed["limit"],
                prompt=typed["prompt"],
                chosen=typed["chosen"],
                doubtful=typed["doubtful"],
                selection=typed["selection"],
                delivery=typed["delivery"],
            )
        except errors.Invalid as error:
            form.add_error(None, translated(error))
    idle = estimate is not None and not estimate.documents
    context = {
        "form": form,
        "estimate": estimate,
        "informative": form.cleaned_data.get("selection") == LabelRun.Selection.INFORMATIVE,
        "picked": sentences.picked(estimate.reasons) if estimate else [],
        "agreed": request.GET.get("consent", ""),
        "budget": form.cleaned_data.get("budget") is not None,
        **_about(project, form.cleaned_data.get("teacher", request.GET.get("teacher", ""))),
        "idle": idle,
        "nothing": label_runs.nothing_to_label(
            project, form.cleaned_data["teacher"], doubtful=form.cleaned_data["doubtful"]
        )
        if idle
        else "",
        "delivery": form.cleaned_data.get("delivery", ""),
    }
    return render(request, "teaching/_estimate.html", context)


@require_POST
@project_view(Role.OWNER)
def choose(request: ProjectRequest, project: Project) -> HttpResponse:
    name = request.POST.get("teacher", "")
    teachers.choose(project, name)
    messages.success(
        request, gettext("The labels of %(name)s now come before those of other teachers.") % {"name": name}
    )
    return redirect("teacher", project.slug)
