"""Reports: systems side by side on this project, in the shape of the paper's Table 3."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from operator import attrgetter
from typing import TypedDict

from django import forms
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from extraction.domain.evaluation.scoring import Evaluation, FieldScore, PairedDifference
from extraction.domain.results.costs import Prices, Usage, YearlyCost
from extraction.domain.results.reports import ReportedSystem, ReportValue, WrongAnswer
from extraction.domain.results.system_facts import SystemFacts
from extraction.models import Project, Report, Role, Split
from extraction.services import errors, figures
from extraction.services.reports import corpus, messages, reports, systems, verdict
from extraction.services.reports.costs import PricedSystem, priced
from extraction.services.reports.export.registry import REPORT_EXPORTERS
from extraction.services.reports.tables import again as recounting
from extraction.services.sentences import translated
from extraction.web import charts
from extraction.web.access import ProjectRequest, project_view
from extraction.web.downloads import Download, downloads
from extraction.web.reports import tables as paper_tables
from extraction.web.reports.prices import PricesForm
from extraction.web.reports.rows import GroupFigures, ShownTable, group_figures, wrong_tables

LISTED = 100


class ReportForm(forms.Form):
    split = forms.ChoiceField(label=_("Documents of the split"), choices=Split, initial=Split.TEST)
    against = forms.ChoiceField(
        label=_("Compared with"),
        choices=[("truth", _("Truth")), ("best", _("The best label: truth, else reviewed, else the teacher's"))],
    )
    systems = forms.MultipleChoiceField(label=_("Systems"), required=False, widget=forms.CheckboxSelectMultiple)
    stored = forms.BooleanField(label=_("Take answers that students gave before, where there are any"), required=False)

    def __init__(self, project: Project, data: QueryDict | None = None) -> None:
        truth = corpus.has_truth(project)
        initial = {"against": "truth" if truth else "best", "systems": systems.usual(project)}
        super().__init__(data, initial=initial)
        self.fields["systems"].choices = systems.choices(project)  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class SystemRow:
    """A system in the tables: `fields` are its scores in the order of the columns, `None` where it has none."""

    name: str
    kind: str
    scores: Evaluation
    fields: list[FieldScore | None]
    documents_per_second: float | None
    cost: YearlyCost | None
    usd_a_document: Decimal | None
    facts: SystemFacts | None


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A report in the list; `agreement`: its figures say how far systems agree with the teacher."""

    report: Report
    scores: str
    agreement: bool


@dataclass(frozen=True, slots=True)
class ErrorRow:
    """A wrong answer, and whether its document still exists."""

    answer: WrongAnswer
    exists: bool

    @property
    def field(self) -> str:
        return self.answer.field


@dataclass(frozen=True, slots=True)
class Gallery:
    """The worst answers of the system called `system`, by field, and the documents whose rows are wrong."""

    system: str
    errors: list[ErrorRow]
    tables: list[ShownTable]


class ReportPage(TypedDict):
    report: Report
    value: ReportValue
    form: PricesForm
    systems: list[SystemRow]
    tables: list[GroupFigures]
    chart: charts.IntervalChart
    usage: Usage
    gallery: Gallery
    downloads: list[Download]
    verdicts: list[str]
    differences: Sequence[PairedDifference]
    paper: paper_tables.Shown
    documents_a_year: int


@require_http_methods(["GET", "HEAD", "POST"])
@project_view(post=Role.OWNER)
def listing(request: ProjectRequest, project: Project) -> HttpResponse:
    form = ReportForm(project, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            report = reports.start(project, **form.cleaned_data, actor=request.user)
        except (errors.Invalid, errors.NotFound) as error:
            form.add_error(None, translated(error))
        else:
            return redirect("report", project.slug, report.pk)
    rows = project.reports.select_related("job", "author")[:LISTED]
    listed = [_listed(row, row.as_domain()) for row in rows]
    return render(
        request, "reports/listing.html", {"form": form, "reports": listed}, status=400 if form.errors else 200
    )


def _listed(row: Report, value: ReportValue | None) -> ReportRow:
    return ReportRow(row, scores_line(value), bool(value and value.agreement))


def scores_line(value: ReportValue | None) -> str:
    """The systems with their mean ANLS, for a line of the list."""
    systems = value.systems if value else ()
    return ", ".join(f"{system.name} {figures.percent(system.scores.mean_anls)}" for system in systems)


@require_safe
@project_view()
def report(request: ProjectRequest, project: Project, report: int) -> HttpResponse:
    row = reports.find(project, report)
    value = row.as_domain()
    if request.htmx:  # a job of the report has ended
        return HttpResponseClientRefresh()
    if value is None:
        return render(request, "reports/report.html", {"report": row})
    form = PricesForm(request.GET)
    prices = form.prices()
    costs = list(priced(project, value, prices))
    context = ReportPage(
        report=row,
        value=value,
        form=form,
        systems=[_row(system, value.fields, prices) for system in costs],
        tables=group_figures(value),
        chart=charts.interval_chart(value.systems, value.fields),
        usage=value.teacher_usage,
        gallery=gallery(project, value, request.GET.get("system", "")),
        verdicts=[messages.of_verdict(one) for one in verdict.verdicts(value)],
        differences=value.differences,
        paper=paper_tables.shown(project, row, value, costs, prices),
        documents_a_year=prices.documents_a_year if prices else 0,
        downloads=downloads(REPORT_EXPORTERS, "report_export", project.slug, row.pk),
    )
    return render(request, "reports/report.html", context, status=400 if form.errors else 200)


@require_POST
@project_view(Role.OWNER)
def again(request: ProjectRequest, project: Project, report: int) -> HttpResponse:
    """Compute a report again from what was frozen with it."""
    row = recounting.start(reports.find(project, report), actor=request.user)
    return redirect(reverse("report", args=[project.slug, row.pk]) + "#frozen")


def _row(priced_system: PricedSystem, fields: Sequence[str], prices: Prices | None) -> SystemRow:
    system, cost = priced_system.system, priced_system.cost
    return SystemRow(
        name=system.name,
        kind=system.kind,
        scores=system.scores,
        fields=[system.score(name) for name in fields],
        documents_per_second=system.documents_per_second,
        cost=cost,
        usd_a_document=cost.of_document(prices.documents_a_year) if cost and prices else None,
        facts=system.facts,
    )


def gallery(project: Project, value: ReportValue, name: str) -> Gallery:
    """The worst answers of the system of that name, else of the student, else of the first system."""
    system = value.system(name) or value.first("student") or next(iter(value.systems), None)
    if system is None:
        return Gallery("", [], [])
    return Gallery(system.name, _errors(project, system), wrong_tables(project, system))


def _errors(project: Project, system: ReportedSystem) -> list[ErrorRow]:
    keys = {error.document for error in system.errors}
    existing = set(project.documents.filter(pk__in=keys).values_list("pk", flat=True))
    errors = sorted(system.errors, key=attrgetter("field", "nls"))
    return [ErrorRow(error, error.document in existing) for error in errors]
