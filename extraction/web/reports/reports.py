"""Reports: systems side by side on this project, in the shape of the paper's Table 3."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRefresh

from extraction.domain.costs import Lineage, usage_of, yearly
from extraction.models import Project, Report, Role, Split
from extraction.services import errors
from extraction.services.reports import reporting
from extraction.web import charts, csv_files
from extraction.web.access import ProjectRequest, project_view
from extraction.web.reports.prices import PricesForm

LISTED = 100


class ReportForm(forms.Form):
    split = forms.ChoiceField(label="Documents of the split", choices=Split, initial=Split.TEST)
    against = forms.ChoiceField(
        label="Compared with",
        choices=[("truth", "Truth"), ("best", "The best label: truth, else reviewed, else the teacher's")],
    )


@require_http_methods(["GET", "HEAD", "POST"])
@project_view(post=Role.OWNER)
def listing(request: ProjectRequest, project: Project) -> HttpResponse:
    form = ReportForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            report = reporting.start(project, **form.cleaned_data, actor=request.user)
        except (errors.Invalid, errors.NotFound) as error:
            form.add_error(None, str(error))
        else:
            return redirect("report", project.slug, report.pk)
    rows = project.reports.select_related("job", "author")[:LISTED]
    context = {"form": form, "reports": [(row, best_of(row.value)) for row in rows]}
    return render(request, "reports/listing.html", context, status=400 if form.errors else 200)


def best_of(value: Mapping[str, Any]) -> str:
    """The systems with their mean ANLS, for a line of the list."""
    systems = value.get("systems", [])
    return ", ".join(f"{system['name']} {100 * system['mean_anls']:.1f} %" for system in systems)


@require_safe
@project_view()
def report(request: ProjectRequest, project: Project, report: int) -> HttpResponse:
    row = get_object_or_404(project.reports.select_related("job", "author"), pk=report)
    if not row.value:
        if request.htmx:
            return HttpResponseClientRefresh()
        return render(request, "reports/report.html", {"report": row})
    form = PricesForm(request.GET)
    systems = row.value["systems"]
    names = _fields(systems)
    context = {
        "report": row,
        "form": form,
        "fields": names,
        "systems": priced(project, row, form),
        "chart": charts.interval_chart(systems, names),
        "usage": row.value.get("teacher_usage", {}),
        **gallery(project, systems, request.GET.get("system", "")),
    }
    return render(request, "reports/report.html", context, status=400 if form.errors else 200)


def _fields(systems: Sequence[Mapping[str, Any]]) -> list[str]:
    """Every field that any system was scored on, in the order of the first."""
    return list(dict.fromkeys(name for system in systems for name in system["fields"]))


def priced(project: Project, report: Report, form: PricesForm) -> list[dict[str, Any]]:
    """The systems with their scores in the order of the fields and what each costs a year."""
    prices, usage = form.prices(), usage_of(report.value.get("teacher_usage", {}))
    names = _fields(report.value["systems"])
    return [
        {
            **system,
            "scores": [system["fields"].get(name) for name in names],
            "cost": prices and yearly(system, prices, usage, lineage_of(project, system)),
        }
        for system in report.value["systems"]
    ]


def lineage_of(project: Project, system: Mapping[str, Any]) -> Lineage:
    """What a student's labels and training took; nothing for other systems and for a student that is gone."""
    if system["kind"] != "student":
        return Lineage()
    model = project.model_versions.select_related("run__snapshot").filter(name=system["name"]).first()
    if model is None:
        return Lineage()
    labelled = len(model.run.snapshot.items) if model.run.snapshot else 0
    return Lineage(labelled, model.run.seconds or 0.0)


def gallery(project: Project, systems: Sequence[Mapping[str, Any]], wanted: str) -> dict[str, Any]:
    """The worst answers of one system (the student, unless another is asked for), by field, with their documents."""
    by_name = {system["name"]: system for system in systems}
    students = [system["name"] for system in systems if system["kind"] == "student"]
    shown = wanted if wanted in by_name else next(iter([*students, *by_name]), "")
    mistakes = by_name[shown]["errors"] if shown else []
    there = set(project.documents.filter(pk__in={row["document"] for row in mistakes}).values_list("pk", flat=True))
    rows = [{**row, "there": row["document"] in there} for row in mistakes]
    return {"shown": shown, "mistakes": sorted(rows, key=lambda row: (row["field"], row["nls"]))}


@require_safe
@project_view()
def table(request: ProjectRequest, project: Project, report: int) -> HttpResponse:
    """One row a system and field, with the prices of the query."""
    row = _written(project, report)
    header = ["system", "kind", "field", "labels", "anls", "anls_low", "anls_high", "exact", "normalized_exact"]
    header += ["all_fields", "documents_per_second", "usd_a_year"]
    systems = priced(project, row, PricesForm(request.GET))
    rows = (cells for system in systems for cells in _table_rows(system))
    return csv_files.response(f"{project.slug}-report-{row.pk}.csv", header, rows)


def _table_rows(system: Mapping[str, Any]) -> list[list[object]]:
    low, high = system.get("mean_anls_ci95") or (None, None)
    cost = round(system["cost"].total, 2) if system["cost"] else None
    mean = [system["name"], system["kind"], "mean", system["documents"], system["mean_anls"], low, high, None, None]
    rows = [[*mean, system["all_fields"], system["documents_per_second"], cost]]
    for name, score in system["fields"].items():
        low, high = score.get("anls_ci95") or (None, None)
        cells = [score["n"], score["anls"], low, high, score["exact"], score["normalized_exact"]]
        rows.append([system["name"], system["kind"], name, *cells, None, None, None])
    return rows


@require_safe
@project_view()
def mistakes(request: ProjectRequest, project: Project, report: int) -> HttpResponse:
    row = _written(project, report)
    header = ["system", "document", "name", "field", "truth", "answer", "nls"]
    rows = (
        [system["name"], *(error[key] for key in header[1:])]
        for system in row.value["systems"]
        for error in system["errors"]
    )
    return csv_files.response(f"{project.slug}-report-{row.pk}-errors.csv", header, rows)


@require_safe
@project_view()
def values(request: ProjectRequest, project: Project, report: int) -> HttpResponse:
    row = _written(project, report)
    response = JsonResponse(row.value, json_dumps_params={"indent": 2, "ensure_ascii": False})
    response.headers["Content-Disposition"] = f'attachment; filename="{project.slug}-report-{row.pk}.json"'
    return response


def _written(project: Project, report: int) -> Report:
    return get_object_or_404(project.reports.exclude(value={}), pk=report)
