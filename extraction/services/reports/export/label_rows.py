"""Labels of a group with a line for each row, which repeats the columns of its document."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import repeat

from extraction.domain.errors import gettext_noop
from extraction.domain.fields import Field
from extraction.domain.line_items.rows import flat
from extraction.domain.prediction import RowValue
from extraction.models import Label
from extraction.services.labels.rows import rows_of_field
from extraction.services.reports.export import spreadsheet
from extraction.services.reports.export.labelled_documents import LabelledDocument, Selected, labelled_documents
from extraction.services.reports.export.labels_csv import document_cells, document_header, label_cells, label_header

Cells = list[object]


class RowTable:
    """A line a row as a table; a document without rows has one line, on which the row's columns are empty.

    Columns of cells are named `group/field`, those of the row `group.row`, its number from 1, `group.confidence` and
    `group.source`: no name of a field holds a dot or a slash.
    """

    name = "rows"
    title = gettext_noop("CSV of rows")
    media_type = spreadsheet.MEDIA_TYPE

    def filename(self, subject: Selected) -> str:
        return f"{_stem(subject)}.csv"

    def write(self, subject: Selected) -> Iterator[str]:
        return spreadsheet.table(header(subject), lines(subject))


class RowJson:
    """The same lines as a list of objects by the names of the columns; what is empty is null."""

    name = "rows-json"
    title = gettext_noop("JSON of rows")
    media_type = "application/json"

    def filename(self, subject: Selected) -> str:
        return f"{_stem(subject)}.json"

    def write(self, subject: Selected) -> Iterator[str]:
        columns, before = header(subject), "[\n"
        for line in lines(subject):
            yield before + json.dumps(dict(zip(columns, line, strict=True)), ensure_ascii=False)
            before = ",\n"
        yield "\n]\n" if before == ",\n" else "[]\n"


def _stem(subject: Selected) -> str:
    group = subject.rows_of
    return f"{subject.project.slug}-{group.name if group else 'documents'}"


def header(subject: Selected) -> list[str]:
    group = subject.rows_of
    columns = [*document_header(), *label_header(flat(subject.project.schema).names)]
    if group is None:
        return columns
    cells = [column for part in group.fields for column in (f"{group.name}/{part.name}", _normalized(group, part))]
    return [*columns, *(f"{group.name}.{column}" for column in ("row", "confidence", "source")), *cells]


def _normalized(group: Field, part: Field) -> str:
    return f"{group.name}/{part.name}.normalized"


def lines(subject: Selected) -> Iterator[Cells]:
    group, names = subject.rows_of, flat(subject.project.schema).names
    for row in labelled_documents(subject):
        repeated = [*document_cells(row), *label_cells(row, names)]
        yield from (repeated + cells for cells in (_rows(row, group) if group else ([],)))


def _rows(row: LabelledDocument, group: Field) -> Iterator[Cells]:
    label = row.labels.get(group.name)
    rows = rows_of_field(label, group) if label else ()
    for number, found in enumerate(rows, 1):
        yield _row(group, label, number, found)
    if not rows:
        yield [None, None, label.source if label else None, *repeat(None, 2 * len(group.fields))]


def _row(group: Field, label: Label | None, number: int, row: RowValue) -> Cells:
    cells: Cells = [number, row.confidence, label.source if label else None]
    for part in group.fields:
        cell = row.cells.get(part.name)
        cells += [cell.value, cell.normalized] if cell else [None, None]
    return cells
