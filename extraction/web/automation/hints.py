"""The page of hints: corrections that are alike, and what became of the hints that were made from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from extraction.domain.errors import gettext_noop
from extraction.domain.learning.corrections import FEWEST_ALIKE, Alike, Correction, Difference
from extraction.models import Hint, Project, Role
from extraction.services import errors
from extraction.services.automation import messages as sentences
from extraction.services.automation import settings
from extraction.services.automation.hints import corrections
from extraction.services.automation.hints import hints as service
from extraction.services.sentences import translated
from extraction.web.access import ProjectRequest, project_view

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

LISTED, EXAMPLES = 30, 3
BADGES = {
    Hint.State.FAILED: "bad",
    Hint.State.PROPOSED: "accent",
    Hint.State.TRIED: "accent",
    Hint.State.ADOPTED: "good",
}


@dataclass(frozen=True, slots=True)
class GroupRow:
    """Corrections that are alike, with some of them."""

    group: Alike
    words: _StrOrPromise
    examples: Sequence[Correction]


@dataclass(frozen=True, slots=True)
class HintRow:
    """A hint; `open`: a person has to decide about it."""

    hint: Hint
    css: str
    words: _StrOrPromise
    rule: str
    open: bool


@require_http_methods(["GET", "HEAD", "POST"])
@project_view(post=Role.OWNER)
def page(request: ProjectRequest, project: Project) -> HttpResponse:
    """What is posted asks for a hint from a group."""
    if request.method == "POST":
        sent = request.POST
        service.request(
            project,
            field=sent.get("field", ""),
            vendor=sent.get("vendor", ""),
            difference=sent.get("difference", ""),
            consent=sent.get("consent", ""),
            actor=request.user,
        )
        messages.success(request, gettext("The teacher writes a hint; it appears here in a moment."))
        return redirect("hints", project.slug)
    groups = corrections.groups(project)
    rows = project.hints.select_related("before", "after", "decided_by", "tried_as", "project__schema_version")
    context = {
        "groups": [GroupRow(each, _words(each.difference), each.corrections[:EXAMPLES]) for each in groups],
        "hints": [_row(hint) for hint in rows[:LISTED]],
        "writing": project.hints.filter(state=Hint.State.REQUESTED).exists(),
        "writer": service.writer(project),
        "fewest": FEWEST_ALIKE,
        "spent": service.spent(project),
        "budget": settings.of(project).monthly_usd,
    }
    return render(request, "automation/hints.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@project_view(post=Role.OWNER)
def hint(request: ProjectRequest, project: Project, pk: int) -> HttpResponse:
    """A fragment, the estimate of its trial; what is posted decides: `do` is try, adopt or reject."""
    found = service.find(project, pk)
    if request.method != "POST":
        return _estimate(request, found)
    match request.POST.get("do", ""):
        case "try":
            service.attempt(found, consent=request.POST.get("consent", ""), actor=request.user)
            messages.success(request, gettext("Both prompts are tried on the corrected documents and as many others."))
        case "adopt":
            version = service.adopt(found, actor=request.user)
            messages.success(request, gettext("In force now: version %(number)s.") % {"number": version.number})
        case "reject":
            service.reject(found, actor=request.user)
            messages.success(request, gettext("The hint was rejected; these corrections make no other one."))
        case _:
            raise errors.Invalid(gettext_noop("A hint is tried, adopted or rejected."))
    return redirect("hints", project.slug)


def _estimate(request: ProjectRequest, found: Hint) -> HttpResponse:
    context: dict[str, object] = {}
    try:
        context["estimate"] = service.estimate(found)
    except errors.Invalid as error:
        context["problem"] = translated(error)
    return render(request, "automation/_hint_estimate.html", context)


def _row(hint: Hint) -> HintRow:
    css, words = BADGES.get(Hint.State(hint.state), ""), _words(Difference(hint.difference))
    return HintRow(hint, css, words, service.rule(hint), hint.state in service.OPEN)


def _words(difference: Difference) -> _StrOrPromise:
    return sentences.DIFFERENCES[difference]
