"""Trust in the answers of a report's systems: reliability, accuracy at coverage, the threshold for an error rate."""

from __future__ import annotations

from typing import TypedDict

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from extraction.domain.errors import gettext_noop
from extraction.domain.results.reports import ReportValue
from extraction.domain.trust.confidences import Bin, CoveragePoint
from extraction.models import Project, Report
from extraction.services.errors import Invalid
from extraction.services.reports import reports
from extraction.services.reports.trust import curves, messages
from extraction.services.reports.trust.curves import USUAL, Trust
from extraction.services.serving import messages as serving_messages
from extraction.services.serving.guarantees import FieldGuarantee
from extraction.web.access import ProjectRequest, project_view
from extraction.web.reports.trust import plots


class TrustPage(TypedDict):
    """`targets` are shares of wrong answers to choose from: value, words, whether it is chosen."""

    report: Report
    value: ReportValue
    trust: Trust
    sentence: str
    threshold: str
    bins: list[Bin]
    points: list[CoveragePoint]
    reliability: plots.Plot
    coverage: plots.Plot
    targets: list[tuple[str, str, bool]]


TARGETS = (0.005, 0.01, 0.02, 0.05, 0.1)


@require_safe
@project_view()
def page(request: ProjectRequest, project: Project, report: int) -> HttpResponse:
    row, value = reports.find_written(project, report)
    target = _target(request.GET.get("target", ""))
    trust = curves.of(row, value, request.GET.get("system", ""), request.GET.get("field", ""), target)
    known = trust.confidences
    bins = known.bins() if known else []
    accepted = trust.threshold.share if trust.threshold and trust.threshold.threshold is not None else None
    context = TrustPage(
        report=row,
        value=value,
        trust=trust,
        sentence=messages.of_confidences(trust),
        threshold=_threshold(trust),
        bins=bins,
        points=trust.table,
        reliability=plots.reliability(bins),
        coverage=plots.coverage(trust.curve, accepted),
        targets=[
            (f"{share:g}", serving_messages.of_share(share), share == target) for share in sorted({*TARGETS, target})
        ],
    )
    return render(request, "reports/trust/curves.html", context)


def _target(text: str) -> float:
    try:
        return float(text) if text else USUAL
    except ValueError:
        raise Invalid(gettext_noop("The share of wrong answers is from 0.1 % to 50 %.")) from None


def _threshold(trust: Trust) -> str:
    """In the words of the page of guarantees; empty where no answer has a confidence."""
    if trust.threshold is None:
        return ""
    title = trust.field or gettext("All fields")
    return serving_messages.of_guarantee(FieldGuarantee(trust.field, title, trust.target, trust.threshold))
