"""Two systems of a report side by side, document by document."""

from __future__ import annotations

from typing import TypedDict
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from extraction.domain.results.reports import ReportValue
from extraction.domain.trust.pairs import PairCounts
from extraction.models import Project, Report, ReportedDocument
from extraction.services.reports import reports
from extraction.services.reports.trust import comparing, messages
from extraction.services.reports.trust.comparing import PAGE, ComparedDocument, Pair, Shown
from extraction.web.access import ProjectRequest, project_view


class ComparePage(TypedDict):
    """`choices` say which documents are listed: value, words, how many there are."""

    report: Report
    value: ReportValue
    pair: Pair
    counts: PairCounts
    sentence: str
    shown: Shown
    choices: list[tuple[str, str, int]]
    part: Page[ReportedDocument]
    documents: list[ComparedDocument]
    kept: str


@require_safe
@project_view()
def page(request: ProjectRequest, project: Project, report: int) -> HttpResponse:
    """Documents on which the two differ come first. Parameters of the list that mean nothing are none."""
    row, value = reports.find_written(project, report)
    pair = Pair.choose(value, *(request.GET.get(name, "") for name in ("left", "right", "field")))
    asked = request.GET.get("show", "")
    shown = Shown(asked) if asked in list(Shown) else Shown.ALL
    counts = comparing.counts(row, pair)
    listed = comparing.rows(row, pair, shown).select_related("document")
    part = Paginator(listed, PAGE).get_page(request.GET.get("page", "1"))
    chosen = {"left": pair.left, "right": pair.right, "field": pair.field, "show": shown}
    context = ComparePage(
        report=row,
        value=value,
        pair=pair,
        counts=counts,
        sentence=messages.of_pair(pair, counts),
        shown=shown,
        choices=_choices(pair, counts),
        part=part,
        documents=comparing.compared(row, pair, list(part)),
        kept=urlencode({name: text for name, text in chosen.items() if text}),
    )
    return render(request, "reports/trust/compare.html", context)


def _choices(pair: Pair, counts: PairCounts) -> list[tuple[str, str, int]]:
    names = {"left": pair.left, "right": pair.right}
    titles = {
        Shown.ALL: (gettext("All documents, differences first"), counts.documents),
        Shown.DIFFERENT: (gettext("One alone is right"), counts.only_left + counts.only_right),
        Shown.ONLY_LEFT: (gettext("Only %(left)s is right") % names, counts.only_left),
        Shown.ONLY_RIGHT: (gettext("Only %(right)s is right") % names, counts.only_right),
        Shown.BOTH_WRONG: (gettext("Both are wrong"), counts.both_wrong),
    }
    return [(shown.value, title, count) for shown, (title, count) in titles.items()]
