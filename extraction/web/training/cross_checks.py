"""The cross-check of a project's labels: starting it, how it stands, what students contradict."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from extraction.domain.errors import gettext_noop
from extraction.domain.label_quality.evidence import StudentAnswer
from extraction.models import CrossCheck, Label, Project, Role, RunState
from extraction.services import errors
from extraction.services.sentences import translated
from extraction.services.training import sufficiency
from extraction.services.training.cross_checks import checks, results
from extraction.services.training.cross_checks.results import FieldResult
from extraction.web.access import ProjectRequest, project_view
from extraction.web.training.forms import CrossCheckForm
from extraction.web.training.training_runs import BADGES, Badge

LISTED = 50


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A label that counts, and what a student reads instead."""

    label: Label
    answer: StudentAnswer


@dataclass(frozen=True, slots=True)
class CheckView:
    """The newest cross-check; `documents` were read in `seconds`."""

    row: CrossCheck
    state: RunState
    badge: Badge
    documents: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Live:
    """What changes while one is under way. `waits`: labels are still to be assessed by what was read."""

    check: CheckView | None
    waits: bool
    fields: list[FieldResult]
    contradictions: list[Contradiction]

    @property
    def changes(self) -> bool:
        return self.waits or (self.check is not None and self.check.state.active)


@require_http_methods(["GET", "HEAD", "POST"])
@project_view(post=Role.OWNER)
def page(request: ProjectRequest, project: Project) -> HttpResponse:
    """The page, or for htmx only what changes."""
    if request.htmx and request.method != "POST":
        return render(request, "training/cross_check.html#live", {"live": _live(project)})
    form = CrossCheckForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            checks.start(project, **form.cleaned_data, actor=request.user)
        except (errors.Invalid, errors.Conflict) as error:
            form.add_error(None, translated(error))
        else:
            return redirect("cross_check", project.slug)
    documents = sufficiency.of_project(project).documents
    context = {
        "form": form,
        "live": _live(project),
        "documents": documents,
        "needed": checks.needed(checks.FOLDS),
        "expected": checks.expected_seconds(documents),
    }
    return render(request, "training/cross_check.html", context, status=400 if form.errors else 200)


@require_POST
@project_view(Role.OWNER)
def again(request: ProjectRequest, project: Project) -> HttpResponse:
    """Go on with the newest one."""
    row = checks.latest(project)
    if row is None:
        raise errors.Conflict(gettext_noop("There is no cross-check to go on with."))
    checks.again(row, actor=request.user)
    messages.success(request, gettext("The cross-check goes on where it stood."))
    return redirect("cross_check", project.slug)


def _live(project: Project) -> Live:
    row = checks.latest(project)
    listed = results.contradicted(project)[:LISTED]
    return Live(
        check=_check(row) if row else None,
        waits=results.waits(project),
        fields=results.of_fields(project),
        contradictions=[
            Contradiction(each.label, StudentAnswer.from_json(each.student)) for each in listed if each.student
        ],
    )


def _check(row: CrossCheck) -> CheckView:
    read = row.read.values()
    state = row.state
    return CheckView(
        row, state, BADGES[state], sum(each.documents for each in read), sum(each.seconds for each in read)
    )
