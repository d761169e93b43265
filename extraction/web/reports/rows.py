"""Rows in a report: their figures, and the documents whose rows are wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from extraction.domain.line_items.rows import Row
from extraction.domain.results.reports import ReportedSystem, ReportValue
from extraction.domain.results.wrong_tables import WrongRow, WrongTable
from extraction.models import Project
from extraction.web.row_figures import RowFigure, row_figures


@dataclass(frozen=True, slots=True)
class SystemFigures:
    """A system's line in the table of a group; `n` are the documents compared."""

    name: str
    kind: str
    n: int
    figures: list[RowFigure]


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """The table of a group."""

    name: str
    columns: list[RowFigure]
    systems: list[SystemFigures]


class RowState(StrEnum):
    MISSING = "missing"
    INVENTED = "invented"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class ShownCell:
    text: str | None
    wrong: bool


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row that is not right. `truth` and `answer` are the cells by the table's columns, `None` without such a row."""

    state: RowState
    truth: list[ShownCell] | None
    answer: list[ShownCell] | None


@dataclass(frozen=True, slots=True)
class ShownTable:
    """A group of a document, and whether that still exists."""

    table: WrongTable
    exists: bool
    columns: list[str]
    rows: list[ShownRow]


def group_figures(value: ReportValue) -> list[GroupFigures]:
    return [
        GroupFigures(name, row_figures(None), [_figures(system, name) for system in value.systems])
        for name in value.groups
    ]


def _figures(system: ReportedSystem, name: str) -> SystemFigures:
    score = system.scores.groups.get(name)
    return SystemFigures(system.name, system.kind, score.n if score else 0, row_figures(score))


def wrong_tables(project: Project, system: ReportedSystem) -> list[ShownTable]:
    """Those that the report keeps of the system, the most corrections first."""
    keys = {table.document for table in system.tables}
    existing = set(project.documents.filter(pk__in=keys).values_list("pk", flat=True))
    return [_table(table, table.document in existing) for table in system.tables]


def _table(table: WrongTable, exists: bool) -> ShownTable:
    cells = (name for row in table.rows for side in (row.truth, row.answer) for name in side or ())
    columns = list(dict.fromkeys(cells))
    return ShownTable(table, exists, columns, [_row(row, columns) for row in table.rows])


def _row(row: WrongRow, columns: Sequence[str]) -> ShownRow:
    state = RowState.MISSING if row.answer is None else RowState.INVENTED if row.truth is None else RowState.WRONG
    wrong = row.wrong if state is RowState.WRONG else ()
    return ShownRow(state, _cells(row.truth, columns, ()), _cells(row.answer, columns, wrong))


def _cells(row: Row | None, columns: Sequence[str], wrong: Sequence[str]) -> list[ShownCell] | None:
    return None if row is None else [ShownCell(row.get(name), name in wrong) for name in columns]
