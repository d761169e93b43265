"""The learning curve of a project, against labels, minutes of review or dollars."""

from __future__ import annotations

from enum import StrEnum
from typing import TypedDict

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from extraction.models import Project
from extraction.services.reports.trust import learning, outlook_messages
from extraction.services.reports.trust.learning import LearningCurve
from extraction.web.access import ProjectRequest, project_view
from extraction.web.reports.trust import plots


class Against(StrEnum):
    """What quality is drawn against."""

    LABELS = "labels"
    MINUTES = "minutes"
    USD = "usd"


class LearningPage(TypedDict):
    curve: LearningCurve
    plot: plots.Plot
    against: Against
    choices: list[tuple[str, str]]
    outlook: str
    price: str


@require_safe
@project_view()
def page(request: ProjectRequest, project: Project) -> HttpResponse:
    asked = request.GET.get("by", "")
    against = Against(asked) if asked in list(Against) else Against.LABELS
    titles = {
        Against.LABELS: gettext("Labels"),
        Against.MINUTES: gettext("Minutes of review"),
        Against.USD: gettext("Dollars for teachers"),
    }
    curve = learning.of(project)
    context = LearningPage(
        curve=curve,
        plot=plots.learning(curve.points, [getattr(point, against) for point in curve.points], titles[against]),
        against=against,
        choices=[(each.value, title) for each, title in titles.items()],
        outlook=outlook_messages.of_outlook(curve),
        price=outlook_messages.of_price(curve),
    )
    return render(request, "reports/trust/learning.html", context)
