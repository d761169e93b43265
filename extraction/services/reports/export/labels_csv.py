"""Labels as a table for spreadsheets."""

from __future__ import annotations

from collections.abc import Iterator

from extraction.domain.fields import Schema
from extraction.services.reports.export import spreadsheet
from extraction.services.reports.export.labelled_documents import LabelledDocument, Selected, labelled_documents


class LabelTable:
    """A row a document; a field has its value, the same in the field's format, and the source of the label.

    No field can be called `id` or `file`, nor hold a dot, so that no column has the name of another.
    """

    name = "csv"
    title = "CSV"
    media_type = spreadsheet.MEDIA_TYPE

    def filename(self, subject: Selected) -> str:
        return f"{subject.project.slug}-labels.csv"

    def write(self, subject: Selected) -> Iterator[str]:
        schema = subject.project.schema
        header = ["id", "file", "document.split", "document.review"]
        header += [column for name in schema.names for column in (name, f"{name}.normalized", f"{name}.source")]
        return spreadsheet.table(header, (_row(schema, row) for row in labelled_documents(subject)))


def _row(schema: Schema, row: LabelledDocument) -> list[object]:
    cells: list[object] = [row.document.pk, row.file, row.document.split, row.document.review]
    for name in schema.names:
        label = row.labels.get(name)
        cells += [label.value, label.normalized, label.source] if label else [None, None, None]
    return cells
