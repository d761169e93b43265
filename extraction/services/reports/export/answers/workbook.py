"""Answers as an XLSX workbook: a sheet of files, and one of rows for each group."""

from __future__ import annotations

from collections.abc import Iterator

from extraction.domain.fields import Field
from extraction.domain.line_items.rows import groups
from extraction.domain.results.extraction import RowAnswer
from extraction.services.reports.export.answers.given import Given, lines
from extraction.services.reports.export.archives import archive
from extraction.services.reports.export.labels_xlsx import MEDIA_TYPE, Lines, workbook


class AnswerWorkbook:
    """The table of `csv`, and a line for each row of a group with its file."""

    name = "xlsx"
    title = "XLSX"
    media_type = MEDIA_TYPE

    def filename(self, subject: Given) -> str:
        return f"{subject.stem}.xlsx"

    def write(self, subject: Given) -> Iterator[bytes]:
        return archive(workbook(_tables(subject)))


def _tables(subject: Given) -> Iterator[tuple[str, Lines]]:
    yield "answers", lines(subject)
    for group in groups(subject.project.schema):
        yield group.name, _rows(subject, group)


def _rows(subject: Given, group: Field) -> Iterator[list[object]]:
    cells = [column for part in group.fields for column in (f"{group.name}/{part.name}", _normalized(group, part))]
    yield ["id", "file", f"{group.name}.row", f"{group.name}.confidence", f"{group.name}.source", *cells]
    for row, result in subject.rows():
        answer = (result.fields or {}).get(group.name)
        for number, found in enumerate(answer.rows or () if answer else (), 1):
            head = [str(row.public_id), row.name, number, found.confidence, answer.source if answer else None]
            yield [*head, *_cells(group, found)]


def _normalized(group: Field, part: Field) -> str:
    return f"{group.name}/{part.name}.normalized"


def _cells(group: Field, row: RowAnswer) -> Iterator[str | None]:
    for part in group.fields:
        cell = row.cells.get(part.name)
        yield from (cell.value, cell.normalized) if cell else (None, None)
