"""The page of a project's escalation: the cost–quality curve with its working point, this month, settings, history."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from extraction.domain.errors import gettext_noop
from extraction.domain.escalation.curve import STEPS, Curve
from extraction.domain.escalation.outcomes import Outcome
from extraction.models import Project, Role
from extraction.services import errors
from extraction.services.sentences import translated
from extraction.services.serving.escalation import curves, settings, state
from extraction.services.serving.escalation import messages as sentences
from extraction.services.serving.escalation.settings import Settings
from extraction.services.serving.escalation.state import State
from extraction.web.access import ProjectRequest, project_view
from extraction.web.charts import CostChart, cost_chart
from extraction.web.numbers import whole
from extraction.web.serving.escalation_form import EscalationForm

# The working point that is shown before there is a budget: a tenth.
USUAL = 10
STEP = 100 // STEPS
CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class PointView:
    """A point of the curve; `percent` is its share, `budget` the dollars that it costs a month (`None`: not known)."""

    percent: int
    chart: CostChart
    sentence: str
    cost: str
    budget: Decimal | None


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """How many of this month's extractions ended so."""

    outcome: Outcome
    title: str
    count: int


@require_http_methods(["GET", "HEAD", "POST"])
@project_view(post=Role.OWNER)
def page(request: ProjectRequest, project: Project) -> HttpResponse:
    row = settings.of(project)
    form = EscalationForm(project, row, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            settings.change(project, form.settings(), consent=form.cleaned_data["consent"], actor=request.user)
        except errors.Invalid as error:
            form.add_error(None, translated(error))
        else:
            messages.success(request, gettext("Saved."))
            return redirect("escalation", project.slug)
    now = state.of(project)
    context = {
        "form": form,
        "state": now,
        "outcomes": [OutcomeRow(each, str(sentences.OUTCOMES[each]), count) for each, count in now.outcomes.items()],
        "point": _point(now.curve, _present(now), now.documents),
        "step": STEP,
        "evidence": sentences.of_evidence(now.curve) if now.curve else "",
        "accuracies": [(project.schema[name].title, share) for name, share in now.accuracies.items()],
        "changes": [(change, sentences.of_change(change)) for change in now.changes],
    }
    return render(request, "serving/escalation.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@project_view(post=Role.OWNER)
def point(request: ProjectRequest, project: Project) -> HttpResponse:
    """A fragment about the working point `share` (per cent); POST makes what it costs the budget of a month."""
    percent = whole((request.POST if request.method == "POST" else request.GET).get("share", ""))
    if percent is None or not 0 <= percent <= 100:
        raise errors.Invalid(gettext_noop("A share is from 0 to 100 per cent."))
    row = settings.of(project)
    shown = _point(state.curve_of(row), percent, state.traffic(row))
    if shown is None:
        raise errors.Conflict(gettext_noop("The curve was not measured yet."))
    if request.method != "POST":
        return render(request, "serving/escalation.html#point", {"point": shown})
    if shown.budget is None:
        raise errors.Conflict(gettext_noop("What this costs a month is not known yet."))
    wanted = replace(Settings.of(row), monthly_usd=shown.budget)
    settings.change(project, wanted, actor=request.user)
    messages.success(request, gettext("Saved."))
    return redirect("escalation", project.slug)


@require_POST
@project_view(Role.OWNER)
def measure(request: ProjectRequest, project: Project) -> HttpResponse:
    curves.request(project)
    messages.success(request, gettext("The curve is being measured."))
    return redirect("escalation", project.slug)


def _present(now: State) -> int:
    """The share in per cent that the budget pays for, to the next point of the curve."""
    return round(100 * now.pace.share / STEP) * STEP if now.pace else USUAL


def _point(curve: Curve | None, percent: int, documents: float) -> PointView | None:
    if curve is None or not curve.points:
        return None
    chosen = curve.at(percent / 100)
    return PointView(
        round(100 * chosen.share),
        cost_chart(curve, chosen.share),
        sentences.of_point(curve, chosen),
        sentences.of_cost(curve, chosen, documents),
        _budget(curve, chosen.share, documents),
    )


def _budget(curve: Curve, share: float, documents: float) -> Decimal | None:
    usd = curve.dollars(share, documents)
    if not usd or documents < 1:
        return None
    return min(Decimal(usd).quantize(CENT, ROUND_HALF_UP), settings.MOST_USD)
