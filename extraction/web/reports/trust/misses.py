"""The gallery of misses of a report, and the mending of a label from there."""

from __future__ import annotations

from typing import TypedDict
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from extraction.domain.results.reports import ReportValue
from extraction.domain.trust.causes import CAUSES
from extraction.models import Project, Report, ReportedMiss, Role
from extraction.services import errors
from extraction.services.reports import reports
from extraction.services.reports.trust import mending, misses
from extraction.services.reports.trust.misses import Condition, Gallery, ShownMiss
from extraction.services.sentences import translated
from extraction.web.access import ProjectRequest, project_view
from extraction.web.numbers import whole


class MissesPage(TypedDict):
    report: Report
    value: ReportValue
    gallery: Gallery
    causes: list[tuple[str, str, int]]
    fields: list[tuple[str, int]]
    kept: str


class MissCard(TypedDict):
    """`refusal` says why nothing was written of what was `typed`; empty and `None` where something was."""

    report: Report
    miss: ShownMiss
    refusal: str
    typed: str | None


@require_safe
@project_view()
def page(request: ProjectRequest, project: Project, report: int) -> HttpResponse:
    row, value = reports.find_written(project, report)
    condition = Condition.parse(value, *(request.GET.get(name, "") for name in ("system", "field", "cause")))
    gallery = misses.gallery(project, row, condition, request.GET.get("page", "1"))
    context = MissesPage(
        report=row,
        value=value,
        gallery=gallery,
        causes=[(cause.value, translated(CAUSES[cause]), count) for cause, count in gallery.causes.items()],
        fields=list(gallery.fields.items()),
        kept=_query(condition),
    )
    return render(request, "reports/trust/misses.html", context)


@require_POST
@project_view(Role.REVIEWER)
def mend(request: ProjectRequest, project: Project, report: int, miss: int) -> HttpResponse:
    """Takes `what`: `answer`, `absent` or `typed` with a `value`; answers htmx with the card as it is now, on which a
    refusal and what was typed stand too."""
    row, value = reports.find_written(project, report)
    found = mending.find(row, miss)
    try:
        _mend(request, found)
    except (errors.Invalid, errors.Conflict) as error:
        if not request.htmx:
            raise
        return _card(request, project, found, translated(error))
    if request.htmx:
        return _card(request, project, found)
    condition = Condition.parse(value, found.system, "", "")
    return redirect(f"{reverse('report_misses', args=[project.slug, row.pk])}?{_query(condition)}#miss-{found.pk}")


def _mend(request: ProjectRequest, miss: ReportedMiss) -> None:
    known = whole(request.POST.get("known", "")) or 0
    what = request.POST.get("what", "typed")
    if what == "answer":
        mending.take_answer(miss, known=known, actor=request.user)
    else:
        typed = None if what == "absent" else request.POST.get("value", "")
        mending.write(miss, typed, known=known, actor=request.user)


def _card(request: ProjectRequest, project: Project, found: ReportedMiss, refusal: str = "") -> HttpResponse:
    [card] = misses.shown(project, [found])
    context = MissCard(
        report=found.report, miss=card, refusal=refusal, typed=request.POST.get("value", "") if refusal else None
    )
    return render(request, "reports/trust/_miss.html", context)


def _query(condition: Condition) -> str:
    """The condition as a page's query, without the number of the part."""
    chosen = {"system": condition.system, "field": condition.field, "cause": condition.cause or ""}
    return urlencode({name: text for name, text in chosen.items() if text})
