"""Yearly cost of the systems of a report at given prices, and the usage that a teacher was paid for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, Sum

from extraction.domain.results.costs import Effort, Prices, Usage, YearlyCost, yearly
from extraction.domain.results.reports import ReportedSystem, ReportValue
from extraction.domain.results.system_facts import SystemFacts
from extraction.models import Project, Response
from extraction.services.reports.systems import lineage_of


@dataclass(frozen=True, slots=True)
class PricedSystem:
    """A system of a report and its yearly cost; `None` where neither price nor speed is known."""

    system: ReportedSystem
    cost: YearlyCost | None


def priced(project: Project, report: ReportValue, prices: Prices | None) -> Iterator[PricedSystem]:
    """The systems of a report with their costs; without prices no cost is known."""
    for system in report.systems:
        cost = yearly_cost(project, system, report.teacher_usage, prices) if prices else None
        yield PricedSystem(system, cost)


def yearly_cost(project: Project, system: ReportedSystem, usage: Usage, prices: Prices) -> YearlyCost | None:
    """The cost of a year with `system`; what a student took to become counts once. Reports of earlier versions do not
    say what that was: it is looked up."""
    facts = system.facts or SystemFacts(lineage=lineage_of(project, system.kind, system.name))
    effort = Effort(system.documents_per_second, usage, facts.lineage, facts.escalated_usd)
    return yearly(system.kind, prices, effort)


def teacher_usage(project: Project) -> Usage:
    """Tokens and dollars of the teacher's label runs and trials so far, and for how many documents.

    A response that was reused from an earlier run cost nothing, and one that refused did cost.
    """
    runs = project.label_runs.filter(teacher=project.teacher)
    totals = runs.aggregate(
        documents=Sum(F("documents") + F("refusals") + F("malformed")),
        input_tokens=Sum("input_tokens"),
        output_tokens=Sum("output_tokens"),
        usd=Sum("usd"),
    )
    reused = Response.objects.filter(run__in=runs, attempts=0).count()
    return Usage(
        documents=max(0, (totals["documents"] or 0) - reused),
        input_tokens=totals["input_tokens"] or 0,
        output_tokens=totals["output_tokens"] or 0,
        usd=totals["usd"] or Decimal(0),
    )
