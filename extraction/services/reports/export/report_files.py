"""A report as tables and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Self

from extraction.domain.errors import gettext_noop
from extraction.domain.results.costs import Prices
from extraction.domain.results.reports import ReportedSystem, ReportValue
from extraction.models import Project, Report
from extraction.services.reports import reports
from extraction.services.reports.costs import PricedSystem, priced
from extraction.services.reports.export import paper_rows, spreadsheet

SCORES = ("system", "kind", "field", "labels", "anls", "anls_low", "anls_high", "exact", "normalized_exact")
SYSTEMS = ("all_fields", "documents_per_second", "usd_a_year")
# Of reports with groups, whose `anls` is ANLS*.
GROUPS = ("nted", "cell_f1", "row_f1", "row_count_right", "work_left", "corrections")
TABLES = ("table", "part", "documents", "system", "figure", "value", "low", "high")
ERRORS = ("system", "document", "name", "field", "truth", "answer", "nls")


@dataclass(frozen=True, slots=True)
class PricedReport:
    """A written report with the yearly costs of its systems at given prices."""

    slug: str
    number: int
    value: ReportValue
    systems: tuple[PricedSystem, ...]
    prices: Prices | None = None

    @classmethod
    def of(cls, project: Project, row: Report, prices: Prices | None) -> Self:
        """Raises `NotFound` for a report that is not written yet."""
        value = reports.written(row)
        return cls(project.slug, row.pk, value, tuple(priced(project, value, prices)), prices)


class ScoreTable:
    """A row a system and field or group, and one for the system's mean with its speed and yearly cost."""

    name = "csv"
    title = "CSV"
    media_type = spreadsheet.MEDIA_TYPE

    def filename(self, subject: PricedReport) -> str:
        return f"{subject.slug}-report-{subject.number}.csv"

    def write(self, subject: PricedReport) -> Iterator[str]:
        figures = GROUPS if subject.value.groups else ()
        rows = (row for system in subject.systems for row in _score_rows(system, figures))
        return spreadsheet.table([*SCORES, *SYSTEMS, *figures], rows)


def _score_rows(priced_system: PricedSystem, figures: Sequence[str]) -> Iterator[list[object]]:
    system, scores, cost = priced_system.system, priced_system.system.scores, priced_system.cost
    usd = round(cost.total, 2) if cost else None
    mean = [system.name, system.kind, "mean", scores.documents, scores.mean_anls, *scores.mean_anls_ci95, None, None]
    yield [*mean, scores.all_fields, system.documents_per_second, usd, *(None for _ in figures)]
    for name, score in scores.fields.items():
        cells = [score.n, score.anls, *score.anls_ci95, score.exact, score.normalized_exact]
        yield [system.name, system.kind, name, *cells, None, None, None, *(None for _ in figures)]
    for name, group in scores.groups.items():
        alike = [group.n, group.anls_star.value, *group.anls_star.ci95]
        empty = [None] * (len(SCORES) + len(SYSTEMS) - 3 - len(alike))
        yield [system.name, system.kind, name, *alike, *empty, *(group.figure(each).value for each in figures)]


class ErrorTable:
    """A row for each of the worst answers, and for each wrong row of the tables with the most left to do."""

    name = "errors"
    title = gettext_noop("Errors")
    media_type = spreadsheet.MEDIA_TYPE

    def filename(self, subject: PricedReport) -> str:
        return f"{subject.slug}-report-{subject.number}-errors.csv"

    def write(self, subject: PricedReport) -> Iterator[str]:
        rows = (row for system in subject.value.systems for row in _error_rows(system))
        return spreadsheet.table(ERRORS, rows)


def _error_rows(system: ReportedSystem) -> Iterator[list[object]]:
    for error in system.errors:
        yield [system.name, error.document, error.name, error.field, error.truth, error.answer, error.nls]
    for table in system.tables:
        for row in table.rows:
            truth, answer = (each and json.dumps(dict(each), ensure_ascii=False) for each in (row.truth, row.answer))
            yield [system.name, table.document, table.name, table.field, truth, answer, None]


class PaperTables:
    """All tables in one: a row a table, part, system and figure. `table` is `systems`, `differences`, the kind of a
    partition, or `agreement`; bounds are those of the 95 % interval."""

    name = "tables"
    title = gettext_noop("Tables")
    media_type = spreadsheet.MEDIA_TYPE

    def filename(self, subject: PricedReport) -> str:
        return f"{subject.slug}-report-{subject.number}-tables.csv"

    def write(self, subject: PricedReport) -> Iterator[str]:
        return spreadsheet.table(TABLES, paper_rows.rows(subject.value, subject.systems, subject.prices))


class ReportJson:
    """The report as it is stored."""

    name = "json"
    title = "JSON"
    media_type = "application/json"

    def filename(self, subject: PricedReport) -> str:
        return f"{subject.slug}-report-{subject.number}.json"

    def write(self, subject: PricedReport) -> Iterator[str]:
        yield json.dumps(subject.value.to_json(), indent=2, ensure_ascii=False)
