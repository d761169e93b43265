"""Findings: what is at risk, one finding beside its receipt, decisions, export, and starting a run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from extraction.domain.auditing.finding import Finding as FoundValue
from extraction.models import DecisionKind, DismissalReason, Finding, FindingState, Page, Project, Role
from extraction.services.auditing.findings import decisions, export, listing, sentences, totals
from extraction.services.auditing.findings.listing import Filter
from extraction.services.auditing.runs import runs
from extraction.services.reports.export.registry import find
from extraction.web.access import ProjectRequest, project_view
from extraction.web.downloads import downloads, stream
from extraction.web.numbers import whole

LISTED, LARGEST = 50, 3
# What a query may hold of the filter.
PARAMETERS = ("check", "state", "employee", "month", "doubtful")


@dataclass(frozen=True, slots=True)
class Shown:
    """A finding with its words."""

    row: Finding
    title: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A marked place of a page, in thousandths."""

    role: str
    x: float
    y: float
    width: float
    height: float


@require_safe
@project_view(Role.AUDITOR)
def findings(request: ProjectRequest, project: Project) -> HttpResponse:
    """What is at risk today, and the findings by expected loss."""
    condition, whole_sum = _condition(request.GET), totals.totals(project)
    page = max(whole(request.GET.get("page", "")) or 1, 1)
    rows = listing.listing(project, condition)
    some = list(rows[(page - 1) * LISTED : page * LISTED + 1])
    run, job = runs.newest(project), runs.newest_job(project)
    context = {
        "totals": whole_sum,
        "amount": sentences.amount(whole_sum.at_risk, whole_sum.currency),
        "confirmed": sentences.amount(whole_sum.confirmed, whole_sum.currency),
        "largest": _shown(_largest(some)) if page == 1 and condition == Filter() else [],
        "findings": _shown(some[:LISTED]),
        "condition": condition,
        "query": _query(request.GET),
        "month": f"{condition.month:%Y-%m}" if condition.month else "",
        "next_page": str(page + 1) if len(some) > LISTED else "",
        "previous_page": str(page - 1) if page > 1 else "",
        "checks": [(part.name, sentences.title(part.name), part) for part in whole_sum.by_check],
        "states": FindingState.choices,
        "run": run,
        "job": job,
        "under_way": job is not None and job.active,
        "names": request.access.may_audit,
        "downloads": downloads(export.FINDING_EXPORTERS, "findings_export", project.slug),
        "decided": _decided(request, project),
    }
    return render(request, "auditing/findings.html", context)


@require_safe
@project_view(Role.AUDITOR)
def finding(request: ProjectRequest, project: Project, pk: int) -> HttpResponse:
    """One finding: the claim beside the marked receipt, why, and the buttons."""
    row = listing.find(project, pk)
    value = row.as_domain()
    condition = _condition(request.GET)
    history = decisions.history(row)
    context = {
        "finding": _shown([row])[0],
        "value": value,
        "risk": None if row.at_risk is None else sentences.amount(row.at_risk, row.currency),
        "claim": row.claim,
        "others": _others(project, value),
        "pages": _pages(row, value),
        "history": history,
        "reasons": DismissalReason.choices,
        "next": listing.after(project, row, condition),
        "query": _query(request.GET),
        "undecided": row.state in listing.UNDECIDED,
        "names": request.access.may_audit,
        "decided": _decided(request, project),
    }
    return render(request, "auditing/finding.html", context)


@require_POST
@project_view(Role.AUDITOR)
def decide(request: ProjectRequest, project: Project, pk: int) -> HttpResponseRedirect:
    """Decide, and go on with the next finding of the list that the query names."""
    condition = _condition(request.GET)
    row = decisions.decide(
        project,
        pk,
        request.POST.get("kind", ""),
        reason=request.POST.get("reason", ""),
        note=request.POST.get("note", ""),
        seen=whole(request.POST.get("seen", "")),
        actor=request.user,
    )
    label = DecisionKind(row.state).label if row.state in DecisionKind.values else row.state
    messages.success(request, gettext("%(decision)s: %(number)s.") % {"decision": label, "number": f"#{row.pk}"})
    request.session["decided"] = [project.pk, row.pk]
    following = listing.after(project, row, condition)
    if following is None:
        return redirect(f"{reverse('findings', args=[project.slug])}?{_query(request.GET)}")
    return redirect(f"{reverse('finding', args=[project.slug, following.pk])}?{_query(request.GET)}")


@require_POST
@project_view(Role.AUDITOR)
def undo(request: ProjectRequest, project: Project, pk: int) -> HttpResponseRedirect:
    """Take the newest decision about a finding back, and show it."""
    decisions.take_back(project, pk, actor=request.user)
    messages.success(request, gettext("The decision is taken back."))
    return redirect(f"{reverse('finding', args=[project.slug, pk])}?{_query(request.GET)}")


@require_safe
@project_view(Role.AUDITOR)
def download(request: ProjectRequest, project: Project, format: str) -> StreamingHttpResponse:
    """The findings that the query leaves, as a file."""
    exporter = find(export.FINDING_EXPORTERS, format)
    export.record(exporter, project)
    return stream(exporter, export.Chosen(project, _condition(request.GET)))


@require_POST
@project_view(Role.OWNER)
def start(request: ProjectRequest, project: Project) -> HttpResponseRedirect:
    """Audit all claims in the background."""
    runs.start(project, actor=request.user)
    return redirect("findings", project.slug)


def _decided(request: ProjectRequest, project: Project) -> int | None:
    """The finding that was decided just now, to be taken back from the page after it."""
    number, row = request.session.pop("decided", (None, None))
    return row if number == project.pk else None


def _condition(given: QueryDict) -> Filter:
    return listing.chosen(
        given.get("check", ""),
        given.get("state", FindingState.OPEN.value),
        given.get("employee", ""),
        given.get("month", ""),
        doubtful=given.get("doubtful") == "yes",
    )


def _query(given: QueryDict) -> str:
    kept = QueryDict(mutable=True)
    for name in PARAMETERS:
        if name in given:
            kept[name] = given.get(name, "")
    return kept.urlencode()


def _shown(rows: Sequence[Finding]) -> list[Shown]:
    return [Shown(row, sentences.title(row.check_name), sentences.sentence(row.as_domain())) for row in rows]


def _largest(rows: Sequence[Finding]) -> list[Finding]:
    """The worst finding of each of the first claims."""
    worst: dict[int, Finding] = {}
    for row in rows:
        worst.setdefault(row.claim_id, row)
    return list(worst.values())[:LARGEST]


def _others(project: Project, value: FoundValue) -> list[Any]:
    """The further claims that the finding names."""
    keys = [int(key) for key in value.claims[1:11]]
    return list(project.claims.filter(pk__in=keys).select_related("document")) if keys else []


def _pages(row: Finding, value: FoundValue) -> list[tuple[Page, list[Mark]]]:
    if row.document is None:
        return []
    marks: dict[int, list[Mark]] = {}
    for place in value.evidence:
        if place.document == str(row.document_id):
            for each in place.boxes:
                box = each.box
                mark = Mark(
                    place.role, 1000 * box.x0, 1000 * box.y0, 1000 * (box.x1 - box.x0), 1000 * (box.y1 - box.y0)
                )
                marks.setdefault(each.page, []).append(mark)
    return [(page, marks.get(page.number, [])) for page in row.document.pages.defer("words")]
