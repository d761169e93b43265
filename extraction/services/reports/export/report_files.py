"""A report as tables and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from extraction.domain.errors import gettext_noop
from extraction.domain.results.costs import Prices
from extraction.domain.results.reports import ReportValue
from extraction.models import Project, Report
from extraction.services.errors import NotFound
from extraction.services.reports.costs import PricedSystem, priced
from extraction.services.reports.export import spreadsheet

SCORES = ("system", "kind", "field", "labels", "anls", "anls_low", "anls_high", "exact", "normalized_exact")
SYSTEMS = ("all_fields", "documents_per_second", "usd_a_year")
ERRORS = ("system", "document", "name", "field", "truth", "answer", "nls")


@dataclass(frozen=True, slots=True)
class PricedReport:
    """A written report with the yearly costs of its systems at given prices."""

    slug: str
    number: int
    value: ReportValue
    systems: tuple[PricedSystem, ...]

    @classmethod
    def of(cls, project: Project, row: Report, prices: Prices | None) -> Self:
        """Raises `NotFound` for a report that is not written yet."""
        value = row.as_domain()
        if value is None:
            raise NotFound(gettext_noop("The report {number} is not written yet."), number=row.pk)
        return cls(project.slug, row.pk, value, tuple(priced(project, value, prices)))


class ScoreTable:
    """A row a system and field, and one for the system's mean with its speed and yearly cost."""

    name = "csv"
    title = "CSV"
    media_type = spreadsheet.MEDIA_TYPE

    def filename(self, subject: PricedReport) -> str:
        return f"{subject.slug}-report-{subject.number}.csv"

    def write(self, subject: PricedReport) -> Iterator[str]:
        rows = (row for system in subject.systems for row in _score_rows(system))
        return spreadsheet.table([*SCORES, *SYSTEMS], rows)


def _score_rows(priced_system: PricedSystem) -> Iterator[list[object]]:
    system, scores, cost = priced_system.system, priced_system.system.scores, priced_system.cost
    usd = round(cost.total, 2) if cost else None
    mean = [system.name, system.kind, "mean", scores.documents, scores.mean_anls, *scores.mean_anls_ci95, None, None]
    yield [*mean, scores.all_fields, system.documents_per_second, usd]
    for name, score in scores.fields.items():
        cells = [score.n, score.anls, *score.anls_ci95, score.exact, score.normalized_exact]
        yield [system.name, system.kind, name, *cells, None, None, None]


class ErrorTable:
    """A row for each of the worst answers."""

    name = "errors"
    title = gettext_noop("Errors")
    media_type = spreadsheet.MEDIA_TYPE

    def filename(self, subject: PricedReport) -> str:
        return f"{subject.slug}-report-{subject.number}-errors.csv"

    def write(self, subject: PricedReport) -> Iterator[str]:
        rows = (
            [system.name, error.document, error.name, error.field, error.truth, error.answer, error.nls]
            for system in subject.value.systems
            for error in system.errors
        )
        return spreadsheet.table(ERRORS, rows)


class ReportJson:
    """The report as it is stored."""

    name = "json"
    title = "JSON"
    media_type = "application/json"

    def filename(self, subject: PricedReport) -> str:
        return f"{subject.slug}-report-{subject.number}.json"

    def write(self, subject: PricedReport) -> Iterator[str]:
        yield json.dumps(subject.value.to_json(), indent=2, ensure_ascii=False)
